import { randomUUID } from 'node:crypto';
import { DeleteCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, test } from 'vitest';
import { asStored, dayKey, sha256 } from '../../functions/audit/chain.js';
import { verifyRecord } from '../../infra/local/verify.js';
import { type AuditLink, hashedText } from '../../shared/audit/rules.js';
import { useCity } from '../support/city.js';
import { useLog } from '../support/logged.js';

/*
 * Whoever can write the tables and has no key. The record: fifteen links on the 24th, of which a certificate has seen the
 * first twelve; the thirteenth tells of that certificate; five more links on the 25th.
 */
const city = useCity('2026-11-24T04:00:00Z');
const log = useLog();
const [day, next] = ['2026-11-24', '2026-11-25'];
type Item = Record<string, unknown>;
const names = () => city.service.ports.tableNames;
const put = (Item: Item, table = names().audit) => city.service.ports.db.send(new PutCommand({ TableName: table, Item }));
const remove = ({ pk, sk }: Item, table = names().audit) =>
  city.service.ports.db.send(new DeleteCommand({ TableName: table, Key: { pk, sk } }));
const read = async (TableName: string): Promise<Item[]> => {
  const { Items = [] } = await city.service.ports.db.send(new ScanCommand({ TableName, ConsistentRead: true }));
  return Items.sort((a, b) => (`${a.pk}${a.sk}` < `${b.pk}${b.sk}` ? -1 : 1));
};
const brokenAt = async (only?: string) => (await verifyRecord(city.service.ports, only)).broken;

let whole: Item[];
let links: AuditLink[];
let certificate: Item;
const end = () => whole.find(({ pk }) => pk === 'CHAIN') as Item;
const linksBehind = (after: string, seq: number) => links.filter((link) => link.day > after || (link.day === after && link.seq > seq));

beforeAll(async () => {
  const record = () => city.stores.audit.recording({ action: 'data_exported', actorId: randomUUID() })([]);
  for (let i = 0; i < 12; i++) await record();
  await city.service.jobs({ job: 'purge', scheduledAt: city.clock });
  for (let i = 0; i < 2; i++) await record();
  city.clock = new Date(city.clock.getTime() + 86_400_000);
  for (let i = 0; i < 5; i++) await record();
  whole = await read(names().audit);
  links = whole
    .filter(({ pk }) => pk !== 'CHAIN')
    .map(({ pk: _, sk: __, place: ___, ...link }) => link as unknown as AuditLink)
    .sort((a, b) => a.day.localeCompare(b.day) || a.seq - b.seq);
  certificate = (await read(names().privacy)).find(({ pk }) => pk === 'CERTIFICATES') as Item;
});

/** Does it, and puts everything back after looking. */
async function touched(attack: () => Promise<unknown>, only?: string) {
  await attack();
  const broken = await brokenAt(only);
  for (const item of await read(names().audit)) await remove(item);
  for (const item of whole) await put(item);
  await put(certificate, names().privacy);
  expect(await brokenAt()).toBeUndefined();
  return broken;
}
const without = async (gone: readonly AuditLink[]) => {
  for (const link of gone) await remove(dayKey(link.day, link.seq));
};
const changed = (seq: number, change: (item: Item) => Item) =>
  put(change(whole.find((item) => item.sk === dayKey(day, seq).sk && item.pk === dayKey(day, seq).pk) as Item));
const at = (seq: number, fault: string, on = day) => ({ day: on, seq, fault });

test('a record that nobody has touched is sound, as a whole and day by day; the log has its end', async () => {
  expect(await verifyRecord(city.service.ports)).toMatchObject({ links: 20, days: 2, broken: undefined });
  expect(await verifyRecord(city.service.ports, day)).toMatchObject({ links: 15, days: 1, broken: undefined });
  expect(await verifyRecord(city.service.ports, next)).toMatchObject({ links: 5, broken: undefined });
  expect(await verifyRecord(city.service.ports, '2026-11-20')).toMatchObject({ links: 0, broken: undefined });
  const logged = log.lines.map((line) => JSON.parse(line)).find(({ event }) => event === 'audit_end');
  expect(logged).toMatchObject({ day, seq: 12, hash: links[11]?.hash });
  expect(certificate.chainEnd).toEqual({ day, seq: 12, hash: links[11]?.hash });
});

test('links that are written while it is looked at break nothing', async () => {
  let looking = true;
  const writing = (async () => {
    while (looking) await city.stores.audit.recording({ action: 'data_exported', actorId: randomUUID() })([]);
  })();
  const broken = [await brokenAt(), await brokenAt(next), await brokenAt(day)];
  looking = false;
  await writing;
  expect(broken).toEqual([undefined, undefined, undefined]);
  for (const item of await read(names().audit)) await remove(item);
  for (const item of whole) await put(item);
});

describe('a record shows', () => {
  test.each<[string, () => Promise<unknown>, object, string?]>([
    ['that its end was taken away', () => remove(end()), at(5, 'end_missing', next)],
    ['the same where one day is asked for', () => remove(end()), at(1, 'end_missing', next), day],
    ['that its end and all behind a link were', () => remove(end()).then(() => without(linksBehind(day, 13))), at(13, 'end_missing')],
    ['that there is nothing left of it', () => remove(end()).then(() => without(links)), at(12, 'link_missing')],
    ['the same for a day that is gone', () => remove(end()).then(() => without(links)), at(12, 'link_missing'), day],
    [
      'a changed link of a day, though the end is missing',
      () => remove(end()).then(() => changed(10, (item) => ({ ...item, actorId: 'x' }))),
      at(10, 'link_changed'),
      day,
    ],
    ['that the last links of a day are missing', () => without(links.slice(10, 15)), at(1, 'link_out_of_chain', next), day],
    ['that the first days are missing', () => without(links.slice(0, 15)), at(1, 'link_out_of_chain', next)],
    ['an action there is no word for', () => changed(4, (item) => ({ ...item, action: 'forgotten' })), at(4, 'link_unreadable')],
    ['a link without its hash', () => changed(4, ({ hash: _, ...item }) => item), at(4, 'link_unreadable')],
    ['a link that people no longer find', () => changed(4, (item) => ({ ...item, place: `${day}#00000099` })), at(4, 'link_changed')],
    ['something added to a link', () => changed(4, (item) => ({ ...item, seen: true })), at(4, 'link_changed')],
    ['an item that is no link', () => put({ pk: 'NOTE', sk: '1' }), at(0, 'link_out_of_chain', 'NOTE / 1')],
  ])('%s', async (_, attack, broken, only) => expect(await touched(attack, only)).toEqual(broken));

  /** The links from one on, made anew so that each follows the other. */
  const rehashed = (from: number, change: (link: AuditLink) => AuditLink): AuditLink[] => {
    let previous = links[from - 1]?.hash ?? '';
    return links.slice(from).map((link, i) => {
      const made = { ...(i === 0 ? change(link) : link), previous };
      previous = sha256(hashedText(made));
      return { ...made, hash: previous };
    });
  };
  const putLinks = async (made: readonly AuditLink[]) => {
    for (const link of made) await put(asStored(link));
    const { day: lastDay, seq, hash } = made.at(-1) as AuditLink;
    await put({ ...end(), day: lastDay, seq, hash });
  };

  test('by its certificate that it was rewritten from a link on, though every hash is right', async () => {
    expect(await touched(() => putLinks(rehashed(9, (link) => ({ ...link, actorId: 'x' }))))).toEqual(at(12, 'link_rewritten'));
  });
  test('by its certificate that its tail was taken and its end set back', async () => {
    const cut = async () => {
      await without(linksBehind(day, 8));
      await putLinks(links.slice(7, 8));
    };
    expect(await touched(cut)).toEqual(at(12, 'link_missing'));
  });
  test('a link behind its end, on a later day too', async () => {
    const { hash: previous, ...last } = links.at(-1) as AuditLink;
    const made = { ...last, day: '2027-03-01', seq: 1, previous };
    const planted = () => put(asStored({ ...made, hash: sha256(hashedText(made)) }));
    expect(await touched(planted)).toEqual(at(1, 'link_out_of_chain', '2027-03-01'));
  });
  test.each<[string, () => Promise<unknown>, string]>([
    ['changed', () => put({ ...certificate, records: { audit: 9 } }, names().privacy), 'certificate_forged'],
    ['made by someone without the key', () => put({ ...certificate, mac: 'x' }, names().privacy), 'certificate_forged'],
    ['missing', () => remove(certificate, names().privacy), 'certificate_missing'],
  ])('a certificate that is %s', async (_, attack, fault) => {
    expect(await touched(attack)).toEqual({ certificate: certificate.finishedAt, fault });
  });
});
