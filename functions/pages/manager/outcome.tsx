import type { RefObject } from 'preact';
import type { Household } from '../../../shared/places/contract.js';
import { dayWords } from '../kit/figures.js';
import { useHeld } from '../kit/held.js';
import { IconCheck } from '../kit/icons.js';
import { language, useWords } from '../kit/preferences.js';
import { outcomeOf, type Round } from './round.js';
import { managerWords } from './words.js';

interface Props {
  readonly round: Round;
  readonly households: readonly Household[];
  readonly heading: RefObject<HTMLHeadingElement | null>;
}

/** What the service made of a round: how many are new, how many stood there, and who was turned away and why. */
export function Outcome({ round, households, heading }: Props) {
  const words = useWords(managerWords);
  const day = dayWords(round.checkInDay, useHeld(language));
  const { accepted, alreadyCheckedIn, rejected } = outcomeOf(round);
  const labelOf = (householdNo: number) => households.find((household) => household.householdNo === householdNo)?.label ?? `${householdNo}`;
  return (
    <div class={rejected.length ? 'outcome outcome_warn' : 'outcome'}>
      <h2 ref={heading} tabIndex={-1}>
        <IconCheck /> {round.undone ? words.outcomeUndone(day) : words.outcomeTitle(day)}
      </h2>
      {!round.undone && (
        <ul class="outcome__counts">
          <li>{words.newly(accepted - alreadyCheckedIn)}</li>
          {alreadyCheckedIn > 0 && <li>{words.already(alreadyCheckedIn)}</li>}
          {rejected.length > 0 && (
            <li>
              {words.rejected(rejected.length)}
              <ul>
                {rejected.map(({ householdNo, code }) => (
                  <li key={householdNo}>
                    {labelOf(householdNo)} <span class="weak">{words.rejectedCodes[code]}</span>
                  </li>
                ))}
              </ul>
            </li>
          )}
        </ul>
      )}
    </div>
  );
}
