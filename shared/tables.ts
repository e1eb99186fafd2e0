/** A table, its keys always `pk` and `sk`. A local index shares `pk` and reads consistently; a global one has keys of its own. */
export interface Table {
  readonly global?: Readonly<Record<string, { readonly hash: string; readonly range: string }>>;
  readonly local?: Readonly<Record<string, { readonly range: string }>>;
}

/** What each holds of a person, and what becomes of it, stands in shared/privacy/holdings.ts: a table without that does not compile. */
export const tables = {
  accounts: { global: { staff: { hash: 'listed', range: 'roleAndId' } } },
  sessions: {},
  privacy: {},
  messages: { global: { due: { hash: 'due', range: 'dueAt' } } },
  audit: { global: { subject: { hash: 'subjectId', range: 'place' }, actor: { hash: 'actorId', range: 'place' } } },
  places: {
    global: {
      sites: { hash: 'listed', range: 'areaAndId' },
      manager: { hash: 'managerId', range: 'siteId' },
      tenures: { hash: 'tenureOf', range: 'sinceAt' },
    },
  },
  sorting: { local: { touched: { range: 'touchedAt' } } },
  rollups: {},
  jobs: {},
  limits: {},
} as const satisfies Record<string, Table>;
export type TableName = keyof typeof tables;
