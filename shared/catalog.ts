import { accountsContract } from './accounts/contract.js';
import { auditContract } from './audit/contract.js';
import type { Contract } from './http/contract.js';
import type { JobName } from './jobs/rules.js';
import { messagesContract } from './messages/contract.js';
import { placesContract } from './places/contract.js';
import { privacyContract } from './privacy/contract.js';
import { rollupsContract } from './rollups/contract.js';
import { sessionsContract } from './sessions/contract.js';
import { sortingContract } from './sorting/contract.js';
import type { TableName } from './tables.js';

/** `write` includes reading; `scan` reads a table through, and is for the jobs that keep it in order. */
export type Use = 'read' | 'write' | 'scan';
export type Uses = Readonly<Partial<Record<TableName, Use>>>;

/** What a function may do with keys: verify tokens (each does), sign them, open and seal personal fields. */
export type KeyUse = 'sign' | 'personal';

/** A domain is a contract, a function that answers it, the tables that function may touch, and the keys it may use. */
export interface Domain {
  readonly contract: Contract;
  readonly summary: string;
  readonly uses: Uses;
  readonly keys?: readonly KeyUse[];
  /** It calls WeChat, or sends messages. */
  readonly reachesOut?: boolean;
}

/** Every function that answers knows who calls, and counts what is limited. */
const answering = { sessions: 'read', limits: 'write' } as const satisfies Uses;

export const domains = {
  sessions: {
    contract: sessionsContract,
    summary: 'Signing in by SMS or WeChat, and where I am signed in',
    uses: { ...answering, sessions: 'write', accounts: 'write', messages: 'write', places: 'read' },
    keys: ['sign', 'personal'],
    reachesOut: true,
  },
  accounts: {
    contract: accountsContract,
    summary: 'Who I am, who has which role, and people as staff sees them',
    uses: { ...answering, sessions: 'write', accounts: 'write', messages: 'write', audit: 'write', places: 'write' },
    keys: ['personal'],
  },
  privacy: {
    contract: privacyContract,
    summary: 'Notices and consents, reveals, and everything held about me: to read, to take along, to erase',
    uses: {
      ...answering,
      sessions: 'write',
      accounts: 'write',
      privacy: 'write',
      messages: 'write',
      audit: 'write',
      places: 'write',
      sorting: 'read',
      rollups: 'read',
    },
    keys: ['personal'],
  },
  messages: {
    contract: messagesContract,
    summary: 'What I was sent, and by which way I want to be told',
    uses: { ...answering, messages: 'write', accounts: 'read' },
  },
  audit: {
    contract: auditContract,
    summary: 'What was decided, revealed, exported and erased; what the jobs did',
    uses: { ...answering, audit: 'read', jobs: 'read' },
  },
  places: {
    contract: placesContract,
    summary: 'Areas, drop-off sites with their managers, and the households of a site',
    uses: { ...answering, places: 'write', accounts: 'read', messages: 'write', audit: 'write' },
  },
  sorting: {
    contract: sortingContract,
    summary: 'Which households sorted, on which day',
    uses: { ...answering, sorting: 'write', places: 'read', rollups: 'read', audit: 'write' },
  },
  rollups: {
    contract: rollupsContract,
    summary: 'Participation week by week, from the site up to the district',
    uses: { ...answering, rollups: 'write', places: 'read', sorting: 'read', audit: 'write' },
  },
} as const satisfies Record<string, Domain>;
export type DomainName = keyof typeof domains;

/** The functions that run jobs. One counts, and has no key at all; the other keeps order among personal data. */
export const runners = {
  jobs: { uses: { rollups: 'write', sorting: 'write', places: 'read', jobs: 'write' } },
  caretaker: {
    uses: {
      accounts: 'scan',
      sessions: 'scan',
      privacy: 'scan',
      messages: 'scan',
      audit: 'scan',
      sorting: 'scan',
      jobs: 'scan',
      limits: 'scan',
      places: 'write',
      rollups: 'read',
    },
    keys: ['personal'],
    reachesOut: true,
  },
} as const satisfies Record<string, Omit<Domain, 'contract' | 'summary'>>;
export type RunnerName = keyof typeof runners;

/** `cron` has minute, hour, day, month, weekday and is read in the city's zone. */
export const jobZone = 'Asia/Shanghai';
export const jobs = {
  'roll-up-week': { runner: 'jobs', cron: '0 2 * * 1', summary: 'Close last week: revision 1 of its rollup' },
  'roll-up-day': { runner: 'jobs', cron: '30 23 * * *', summary: 'Count the week in hand, and mend what a broken request left' },
  'send-messages': { runner: 'caretaker', cron: '* * * * *', summary: 'Send the messages that are due' },
  purge: { runner: 'caretaker', cron: '30 3 * * *', summary: 'Erase what has been kept for as long as it may be' },
  're-wrap': { runner: 'caretaker', cron: '30 4 1 * *', summary: 'Wrap data keys by the newest master key' },
} as const satisfies Record<JobName, { runner: RunnerName; cron: string; summary: string }>;

/** Every route of the service, by its key. */
export const contract = {
  ...sessionsContract,
  ...accountsContract,
  ...privacyContract,
  ...messagesContract,
  ...auditContract,
  ...placesContract,
  ...sortingContract,
  ...rollupsContract,
};
export type ServiceContract = typeof contract;

/** The function that serves the pages answers whatever no route does, with a page or a 404. */
export const pagesRoute = '$default';
