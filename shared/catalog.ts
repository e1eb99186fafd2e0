import { accountsContract } from './accounts/contract.js';
import type { Contract } from './http/contract.js';
import { placesContract } from './places/contract.js';
import { rollupsContract } from './rollups/contract.js';
import type { JobName } from './rollups/rules.js';
import { sortingContract } from './sorting/contract.js';

/** A table, its keys always `pk` and `sk`. A local index shares `pk` and reads consistently; a global one has keys of its own. */
export interface Table {
  readonly global?: Readonly<Record<string, { readonly hash: string; readonly range: string }>>;
  readonly local?: Readonly<Record<string, { readonly range: string }>>;
}

export const tables = {
  accounts: { global: { staff: { hash: 'listed', range: 'roleAndId' } } },
  places: {
    global: { sites: { hash: 'listed', range: 'areaAndId' }, manager: { hash: 'managerId', range: 'siteId' } },
  },
  sorting: { local: { touched: { range: 'touchedAt' } } },
  rollups: {},
} as const satisfies Record<string, Table>;
export type TableName = keyof typeof tables;

export type Use = 'read' | 'write';
export type Uses = Readonly<Partial<Record<TableName, Use>>>;

/** A domain is a contract, a function that answers it, and the tables that function may touch. `write` includes reading. */
export const domains = {
  accounts: {
    contract: accountsContract,
    summary: 'Signing in, who I am, and who has which role',
    uses: { accounts: 'write', places: 'read' },
  },
  places: {
    contract: placesContract,
    summary: 'Areas, drop-off sites with their managers, and the households of a site',
    uses: { places: 'write', accounts: 'read' },
  },
  sorting: {
    contract: sortingContract,
    summary: 'Which households sorted, on which day',
    uses: { sorting: 'write', places: 'read', rollups: 'read' },
  },
  rollups: {
    contract: rollupsContract,
    summary: 'Participation week by week, from the site up to the district',
    uses: { rollups: 'write', places: 'read', sorting: 'read' },
  },
} as const satisfies Record<string, { contract: Contract; summary: string; uses: Uses }>;
export type DomainName = keyof typeof domains;

/** One function runs all jobs. `cron` has minute, hour, day, month, weekday and is read in the city's zone. */
export const jobZone = 'Asia/Shanghai';
export const jobs = {
  'roll-up-week': { cron: '0 2 * * 1', summary: 'Close last week: revision 1 of its rollup' },
  'roll-up-day': { cron: '30 23 * * *', summary: 'Count the week in hand, and mend what a broken request left' },
} as const satisfies Record<JobName, { cron: string; summary: string }>;
export const jobUses = { rollups: 'write', sorting: 'write', places: 'read' } as const satisfies Uses;

/** Every route of the service, by its key. */
export const contract = { ...accountsContract, ...placesContract, ...sortingContract, ...rollupsContract };
export type ServiceContract = typeof contract;

/** The function that serves the pages answers whatever no route does, with a page or a 404. */
export const pagesRoute = '$default';
