import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { TableName } from '../../shared/tables.js';
import { conditionFailed } from '../database/conditions.js';
import type { Item } from '../database/queries.js';
import { type Keys, Sealed } from '../platform/keys.js';
import type { Job } from './run-job.js';
import type { WalkStore } from './walk.js';

export interface RewrapDeps {
  readonly db: DynamoDBDocumentClient;
  readonly tableNames: Readonly<Record<TableName, string>>;
  readonly walks: WalkStore;
  readonly keys: Keys;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly most?: number;
}

/** The tables with sealed fields, and the attributes that hold them: a waiting message may name the phone it goes to. */
const sealedTables = ['accounts', 'sessions', 'privacy', 'messages'] as const satisfies readonly TableName[];
const sealedAttributes = ['sealed', 'sealedTo'] as const;
const mostItems = 100_000;

/** The first of a month, 04:30: wraps data keys by the newest master key, so that an older one can be let go. */
export const rewrap = ({ db, tableNames, walks, keys, now, newId, most = mostItems }: RewrapDeps): Job => ({
  about: ({ dryRun }) => (dryRun ? 'dry-run' : undefined),

  async work({ dryRun = false }, progress) {
    const one = async (table: TableName, { pk, sk, ...item }: Item, attribute: string): Promise<'wrapped' | 'current' | 'changed'> => {
      const before = Sealed.parse(item[attribute]);
      const next = await keys.rewrap(table, before);
      if (!next) return 'current';
      if (dryRun) return 'wrapped';
      try {
        await db.send(
          new UpdateCommand({
            TableName: tableNames[table],
            Key: { pk, sk },
            UpdateExpression: 'SET #sealed = :next',
            // Whoever changed the record meanwhile has sealed it anew.
            ConditionExpression: '#sealed.#key = :before',
            ExpressionAttributeNames: { '#sealed': attribute, '#key': 'key' },
            ExpressionAttributeValues: { ':next': next, ':before': before.key },
          }),
        );
        return 'wrapped';
      } catch (error) {
        if (conditionFailed(error)) return 'changed';
        throw error;
      }
    };
    const page = async (table: (typeof sealedTables)[number], items: readonly Item[]) => {
      const counted: Record<string, number> = {};
      for (const attribute of sealedAttributes) {
        for (const item of items.filter((each) => each[attribute] !== undefined)) {
          const outcome = await one(table, item, attribute);
          counted[outcome] = (counted[outcome] ?? 0) + 1;
        }
      }
      return { counted };
    };
    const walk = { tables: sealedTables, most, page, progress };
    const { finished, state, looked } = await walks.walk('re-wrap', walk, { now, owner: newId(), forget: dryRun });
    return { ...state.tally, looked, left: finished ? 0 : 1 };
  },
});
