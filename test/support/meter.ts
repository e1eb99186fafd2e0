import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** What an operation costs: requests to the database, and the capacity units it reports. */
export interface Cost {
  requests: number;
  writeUnits: number;
  readUnits: number;
}
const writes = /^(Put|Update|Delete|BatchWrite|TransactWrite)/;

interface Output {
  readonly ConsumedCapacity?: { readonly CapacityUnits?: number } | readonly { readonly CapacityUnits?: number }[];
}

/** Counts what a database client spends. `spent` measures one piece of work. */
export function meter(db: DynamoDBDocumentClient) {
  let cost: Cost = { requests: 0, writeUnits: 0, readUnits: 0 };
  db.middlewareStack.add(
    (next, context) => async (args) => {
      (args.input as { ReturnConsumedCapacity?: string }).ReturnConsumedCapacity = 'TOTAL';
      cost.requests++;
      const result = await next(args);
      const reported = [(result.output as Output).ConsumedCapacity ?? []].flat();
      const units = reported.reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
      if (writes.test(String(context.commandName))) cost.writeUnits += units;
      else cost.readUnits += units;
      return result;
    },
    { step: 'initialize', name: 'meter' },
  );
  return {
    async spent(work: () => Promise<unknown>): Promise<Cost> {
      cost = { requests: 0, writeUnits: 0, readUnits: 0 };
      await work();
      return { ...cost };
    },
  };
}
