import { accountsStore } from '../../../functions/accounts/store.js';
import { countingJobs } from '../../../functions/jobs/wiring.js';
import { placesStore } from '../../../functions/places/store.js';
import type { Ports } from '../../../functions/platform/ports.js';
import { privacyStore } from '../../../functions/privacy/store.js';
import { sortingStore } from '../../../functions/sorting/store.js';
import { noticeInForce, type Purpose, purposes } from '../../../shared/privacy/notices.js';
import { weekClosesAt } from '../../../shared/sorting/rules.js';
import { addDays, cityDay, startOfDay } from '../../../shared/time/day.js';
import { addWeeks, mondayOf, weekOf } from '../../../shared/time/week.js';
import { chance } from './chance.js';
import { type DemoPerson, type DemoSite, demoPeople, demoSites } from './city.js';
import { historyOf, moodsOf } from './history.js';

/** A demo account as `/local/accounts.json` shows it. */
export interface DemoAccount {
  readonly role: string;
  readonly phone: string;
  readonly name: string;
  readonly scope: { readonly areaCode?: string; readonly siteIds?: readonly string[] };
}
export type Progress = (what: string, done: number, due: number) => void;

export const seededWeeks = 6;
/** Requests under way at once: the engine takes writes one after another anyway. */
const atOnce = 8;

/** Fills empty tables with the demo city: six closed weeks and the week in hand up to yesterday. Made again, it is the same. */
export async function seed(ports: Ports, progress: Progress): Promise<DemoAccount[]> {
  const dice = chance(440311);
  const people = demoPeople(dice);
  const sites = demoSites(dice, people.managers);
  const everyone = [people.bureau, people.officers, people.managers, people.clinic, people.residents].flat();
  const today = cityDay(ports.now());
  const weeks = Array.from({ length: seededWeeks + 1 }, (_, i) => addWeeks(weekOf(today), i - seededWeeks));
  const began = startOfDay(mondayOf(weeks[0] as string)).toISOString();

  const accounts = accountsStore(ports.db, ports.tableNames.accounts, ports.keys);
  await each(everyone, (person) => accounts.keep({ ...person, createdAt: began }), 'people', progress);
  const privacy = privacyStore(ports.db, ports.tableNames.privacy, ports.keys);
  const read = (purpose: Purpose) => ({ purpose, version: noticeInForce(purpose, today)?.version ?? 1, at: began });
  const decided = people.residents.flatMap(({ personId }) => purposes.map((purpose) => ({ personId, purpose, agreed: dice.happens(0.7) })));
  await each(
    decided,
    ({ personId, purpose, agreed }) =>
      privacy.decide(personId, { ...read(purpose), agreed: agreed || !noticeInForce(purpose, today)?.optional }),
    'consents',
    progress,
  );

  const places = placesStore(ports.db, ports.tableNames.places);
  await each(
    sites,
    async ({ siteId, name, siteType, areaCode, organisation, manager, households }) => {
      const site = await places.keepSite(siteId, { name, siteType, areaCode });
      const { personId } = manager;
      if (!site.manager) await places.handOver(site, { personId, organisation, sinceAt: began }, people.bureau.personId);
      if (households.length) await places.enter(siteId, households);
    },
    'sites',
    progress,
  );

  const sorting = sortingStore(ports.db, ports.tableNames.sorting);
  const moods = moodsOf(dice, weeks.length);
  const histories = sites
    .filter(({ households }) => households.length > 0)
    .map((site) => ({ site, rounds: historyOf(dice, site, moods, weeks, addDays(today, -1)) }));
  await each(histories, ({ site, rounds }) => sorting.load(site.siteId, rounds), 'check-ins', progress);

  await rollUpAll(ports, weeks, progress);
  return accountsShown(everyone, sites);
}

/** Closes each week as if its Monday had come, and counts the week in hand as last night would have. */
async function rollUpAll(ports: Ports, weeks: readonly string[], progress: Progress): Promise<void> {
  for (const [i, week] of weeks.entries()) {
    const closes = i < seededWeeks;
    const at = closes ? weekClosesAt(week) : ports.now();
    const run = countingJobs({ ...ports, now: () => at });
    await run({ job: closes ? 'roll-up-week' : 'roll-up-day', scheduledAt: at, week });
    progress('weeks', i + 1, weeks.length);
  }
}

async function each<T>(items: readonly T[], work: (item: T) => Promise<unknown>, what: string, progress: Progress): Promise<void> {
  let done = 0;
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      await work(item);
      progress(what, ++done, items.length);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** One of each role first, then the rest. */
function accountsShown(everyone: readonly DemoPerson[], sites: readonly DemoSite[]): DemoAccount[] {
  const shown = everyone.map(
    ({ personId, role, phone, name = '', areaCode }): DemoAccount => ({
      role,
      phone,
      name,
      scope: {
        ...(areaCode ? { areaCode } : {}),
        ...(role === 'manager'
          ? { siteIds: sites.filter(({ manager }) => manager.personId === personId).map(({ siteId }) => siteId) }
          : {}),
      },
    }),
  );
  const ofEach = [...new Set(shown.map(({ role }) => role))].map((role) => shown.find((account) => account.role === role) as DemoAccount);
  return [...ofEach, ...shown.filter((account) => !ofEach.includes(account))];
}
