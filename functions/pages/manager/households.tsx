import { useMemo, useState } from 'preact/hooks';
import type { Household } from '../../../shared/places/contract.js';
import { IconSearch } from '../kit/icons.js';
import { useWords } from '../kit/preferences.js';
import { type Building, buildingsOf, matches, type Placed } from './buildings.js';
import { Doors } from './doors.js';
import { managerWords } from './words.js';

export interface Ticking {
  /** Who has not checked in this week; unknown until the week is read. */
  readonly notYet: readonly number[] | undefined;
  readonly ticked: readonly number[];
  readonly frozen: boolean;
  readonly tick: (householdNo: number, on: boolean) => void;
}
type Props = Ticking & { readonly households: readonly Household[] };

/** More answers than this help nobody, and slow a phone. */
const mostFound = 120;

/** The register by building, or what a search finds in it. */
export function Households({ households, ...ticking }: Props) {
  const words = useWords(managerWords);
  const [search, setSearch] = useState('');
  const buildings = useMemo(() => buildingsOf(households), [households]);
  return (
    <section aria-labelledby="households-title">
      <h2 id="households-title">{words.households}</h2>
      <search class="search">
        <IconSearch />
        <input
          class="control"
          type="search"
          aria-label={words.search}
          placeholder={words.searchHint}
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
      </search>
      {search.trim() ? (
        <Found buildings={buildings} search={search.trim()} {...ticking} />
      ) : (
        buildings.map((building, i) => (
          <BuildingDoors key={building.name} building={building} first={i === 0} only={buildings.length === 1} {...ticking} />
        ))
      )}
    </section>
  );
}

function Found({ buildings, search, ...ticking }: Ticking & { buildings: readonly Building[]; search: string }) {
  const words = useWords(managerWords);
  const found = buildings.flatMap(({ households }) => households.filter(({ label }) => matches(label, search)));
  const shown: Placed[] = found.slice(0, mostFound).map((household) => ({ ...household, door: household.label }));
  return (
    <>
      <p class="weak" role="status">
        {found.length > shown.length ? words.foundMany(found.length, shown.length) : words.found(found.length)}
      </p>
      <Doors doors={shown} name={words.search} {...ticking} />
    </>
  );
}

/** A building's doors are drawn once it is opened: a large estate has thousands. */
function BuildingDoors({ building, first, only, ...ticking }: Ticking & { building: Building; first: boolean; only: boolean }) {
  const words = useWords(managerWords);
  const [open, setOpen] = useState(first);
  const { households } = building;
  const name = building.name || (only ? words.households : words.otherHouseholds);
  const occupied = households.filter((household) => household.occupied);
  const waiting = useMemo(() => new Set(ticking.notYet), [ticking.notYet]);
  const participating = occupied.filter(({ householdNo }) => !waiting.has(householdNo)).length;
  const ticked = households.filter(({ householdNo }) => ticking.ticked.includes(householdNo)).length;
  return (
    <details class="building" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span class="building__name">{name}</span>
        <small class="weak">{ticking.notYet && words.buildingCount(participating, occupied.length)}</small>
        {ticked > 0 && <span class="tag">{words.ticked(ticked)}</span>}
      </summary>
      {open && <Doors doors={households} name={name} {...ticking} />}
    </details>
  );
}
