import { ConditionalCheckFailedException, DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { accountsStore } from '../../functions/accounts/store.js';
import { getAll, putAll } from '../../functions/database/batches.js';
import { allOf, pageOf } from '../../functions/database/queries.js';
import { placesStore } from '../../functions/places/store.js';
import { keysOf } from '../../functions/platform/keys.js';
import { sortingStore } from '../../functions/sorting/store.js';
import { memoryVault } from '../support/vault.js';

/** What the database does on a bad day. The mock stands in for those days only: on good ones the engine is asked. */
const db = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'local', credentials: { accessKeyId: 'x', secretAccessKey: 'x' } }));
const mock = mockClient(db);
beforeEach(() => mock.reset());
const items = Array.from({ length: 30 }, (_, i) => ({ pk: 'a', sk: String(i) }));

describe('a busy database', () => {
  test('is given what it left unwritten again, until it has taken all', async () => {
    mock
      .on(BatchWriteCommand)
      .resolvesOnce({ UnprocessedItems: { t: [{ PutRequest: { Item: items[3] as Record<string, unknown> } }] } })
      .resolves({});
    await putAll(db, 't', items);
    const sent = mock.commandCalls(BatchWriteCommand).map(({ args }) => args[0].input.RequestItems?.t?.length);
    expect(sent).toEqual([25, 1, 5]);
  });
  test('that leaves keys unread is asked for them again', async () => {
    mock
      .on(BatchGetCommand)
      .resolvesOnce({ Responses: { t: [{ pk: 'a', sk: '0' }] }, UnprocessedKeys: { t: { Keys: [{ pk: 'a', sk: '1' }] } } })
      .resolvesOnce({ Responses: { t: [{ pk: 'a', sk: '1' }] } });
    expect(await getAll(db, 't', items.slice(0, 2), { consistent: true })).toHaveLength(2);
  });
  test('that never takes the rest is not believed to have done so', async () => {
    mock.on(BatchWriteCommand).resolves({ UnprocessedItems: { t: [{ PutRequest: { Item: { pk: 'a', sk: '0' } } }] } });
    await expect(putAll(db, 't', items.slice(0, 1))).rejects.toThrow('left items unwritten');
  });
});

describe('a long answer', () => {
  test('is followed page by page, empty pages too', async () => {
    mock
      .on(QueryCommand)
      .resolvesOnce({ Items: [{ sk: '1' }], LastEvaluatedKey: { sk: '1' } })
      .resolvesOnce({ Items: [], LastEvaluatedKey: { sk: '5' } })
      .resolvesOnce({ Items: [{ sk: '6' }] });
    expect(await allOf(db, { TableName: 't' })).toEqual([{ sk: '1' }, { sk: '6' }]);
    expect(mock.commandCalls(QueryCommand).map(({ args }) => args[0].input.ExclusiveStartKey)).toEqual([
      undefined,
      { sk: '1' },
      { sk: '5' },
    ]);
  });
  test('is read no further than the page of a list needs', async () => {
    mock.on(QueryCommand).resolves({ Items: [{ sk: '1' }, { sk: '2' }, { sk: '3' }], LastEvaluatedKey: { sk: '3' } });
    expect(await pageOf(db, { TableName: 't' }, 2)).toEqual({ items: [{ sk: '1' }, { sk: '2' }], more: true });
    expect(mock.commandCalls(QueryCommand)).toHaveLength(1);
  });
});

describe('a write that meets another', () => {
  const conflict = new TransactionCanceledException({
    message: '',
    $metadata: {},
    CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }],
  });
  test('is tried again by the register until it goes through, and refused when it never does', async () => {
    mock.on(GetCommand).resolves({}).on(BatchGetCommand).resolves({}).on(TransactWriteCommand).rejectsOnce(conflict).resolves({});
    const places = placesStore(db, 't');
    expect(await places.enter('s', [{ householdNo: 1, label: 'a', occupied: true }])).toEqual({ households: 1, occupied: 1 });
    mock.on(TransactWriteCommand).rejects(conflict);
    await expect(places.enter('s', [{ householdNo: 1, label: 'a', occupied: true }])).rejects.toMatchObject({
      code: 'site_changed_meanwhile',
    });
  });
  test('is not tried again where trying cannot help', async () => {
    const CancellationReasons = [{ Code: 'ItemCollectionSizeLimitExceeded' }];
    const tooLarge = new TransactionCanceledException({ message: '', $metadata: {}, CancellationReasons });
    mock.on(GetCommand).resolves({}).on(BatchGetCommand).resolves({}).on(TransactWriteCommand).rejects(tooLarge);
    await expect(placesStore(db, 't').enter('s', [{ householdNo: 1, label: 'a', occupied: true }])).rejects.toBe(tooLarge);
    expect(mock.commandCalls(TransactWriteCommand)).toHaveLength(1);
  });
  test('is tried again for a person, and no fault of the database is taken for a taken phone', async () => {
    mock.on(GetCommand).resolves({}).on(TransactWriteCommand).rejectsOnce(conflict).resolves({});
    const accounts = accountsStore(db, 't', keysOf(memoryVault()));
    const person = {
      personId: '5f0c9a54-6d1f-4a86-9e0c-0f6f6b2f3a10',
      role: 'clinic',
      phone: '+8619900000001',
      createdAt: '2026-11-24T00:00:00Z',
    } as const;
    await accounts.keep(person);
    mock.on(TransactWriteCommand).rejects(new Error('away'));
    await expect(accounts.keep(person)).rejects.toThrow('away');
  });
  test('never ends a rebuild of a day half way: it gives up loudly', async () => {
    const batch = {
      batchId: 'b',
      day: '2026-11-24',
      source: 'list',
      admitted: new Set([1]),
      rejected: [],
      loggedBy: 'p',
      loggedAt: '2026-11-24T01:00:00Z',
    };
    mock
      .on(GetCommand)
      .resolves({})
      .on(QueryCommand)
      .resolves({ Items: [batch] });
    mock.on(UpdateCommand).rejects(new ConditionalCheckFailedException({ message: '', $metadata: {} }));
    await expect(sortingStore(db, 't').rebuildDay('s', '2026-11-24')).rejects.toBeInstanceOf(ConditionalCheckFailedException);
  });
});
