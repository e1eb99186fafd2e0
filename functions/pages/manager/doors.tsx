import { useMemo } from 'preact/hooks';
import { useWords } from '../kit/preferences.js';
import type { Placed } from './buildings.js';
import type { Ticking } from './households.js';
import { managerWords } from './words.js';

/** A tile a door. A vacant one is shown, so that nobody looks for it, and cannot be ticked. */
export function Doors({ doors, name, notYet, ticked, frozen, tick }: Ticking & { doors: readonly Placed[]; name: string }) {
  const words = useWords(managerWords);
  const waiting = useMemo(() => notYet && new Set(notYet), [notYet]);
  const chosen = useMemo(() => new Set(ticked), [ticked]);
  return (
    <fieldset class="doors" aria-label={name}>
      {doors.map(({ householdNo, label, door, occupied }) => {
        const participated = occupied && waiting !== undefined && !waiting.has(householdNo);
        return (
          <label class={occupied ? 'door' : 'door door_vacant'} key={householdNo}>
            <input
              type="checkbox"
              checked={chosen.has(householdNo)}
              disabled={!occupied || frozen}
              onChange={(event) => tick(householdNo, event.currentTarget.checked)}
            />
            <span class="door__words">
              {door !== label && <span class="unseen">{label.slice(0, label.length - door.length)}</span>}
              {door}
              {participated && <small class="door__note">{words.thisWeek}</small>}
              {!occupied && <small>{words.vacant}</small>}
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}
