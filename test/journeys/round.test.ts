import { describe, expect, test } from 'vitest';
import { hashOf, placeOf } from '../../functions/pages/kit/route.js';
import { buildingsOf, matches } from '../../functions/pages/manager/buildings.js';
import { openDays } from '../../functions/pages/manager/open-days.js';
import { answered, isPending, mostInBatch, outcomeOf, roundOf, withoutRefused } from '../../functions/pages/manager/round.js';
import { CheckInBatch } from '../../shared/sorting/contract.js';

const at = new Date('2026-11-24T10:00:00Z');
const ids = () => {
  let n = 0;
  return () => `id-${++n}`;
};
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);
const household = (householdNo: number, label: string) => ({ householdNo, label, occupied: true });

test('a round of 1200 households goes in three batches, each as the contract takes it and none twice', () => {
  const round = roundOf('2026-11-24', upTo(1200).reverse(), at, ids());
  expect(round.batches.map(({ householdNos }) => householdNos.length)).toEqual([500, 500, 200]);
  expect(new Set(round.batches.map(({ batchId }) => batchId)).size).toBe(3);
  expect(round.batches.flatMap(({ householdNos }) => householdNos)).toEqual(upTo(1200));
  const sized = (n: number) => CheckInBatch.safeParse({ checkInDay: '2026-11-24', householdNos: upTo(n), source: 'list' }).success;
  expect([sized(mostInBatch), sized(mostInBatch + 1)]).toEqual([true, false]);
});

test('a round is pending until its last batch has an answer, and then says the sum of them', () => {
  const round = roundOf('2026-11-24', upTo(501), at, ids());
  const [first, second] = round.batches.map(({ batchId }) => batchId) as [string, string];
  const half = answered(round, first, { accepted: 499, alreadyCheckedIn: 9, rejected: [{ householdNo: 7, code: 'not_occupied' }] });
  expect(isPending(half)).toBe(true);
  const whole = answered(half, second, { accepted: 1, alreadyCheckedIn: 0, rejected: [] });
  expect(isPending(whole)).toBe(false);
  expect(outcomeOf(whole)).toEqual({ accepted: 500, alreadyCheckedIn: 9, rejected: [{ householdNo: 7, code: 'not_occupied' }] });
});

test('after a refusal what was accepted stands, and the rest is ticked again', () => {
  const round = roundOf('2026-11-24', upTo(501), at, ids());
  expect(withoutRefused(round)).toEqual({ round: undefined, householdNos: upTo(501) });
  const half = answered(round, round.batches[0]?.batchId ?? '', { accepted: 500, alreadyCheckedIn: 0, rejected: [] });
  const { round: standing, householdNos } = withoutRefused(half);
  expect(standing?.batches).toHaveLength(1);
  expect(householdNos).toEqual([501]);
});

test('households stand by building in the order people count, and those without one come last', () => {
  const buildings = buildingsOf([
    household(1, '10栋1单元101'),
    household(2, '2栋2单元1001'),
    household(3, '门卫室'),
    household(4, '2栋2单元901'),
    household(5, 'A座 1203'),
    household(6, '合水口三巷5号'),
  ]);
  expect(buildings.map(({ name }) => name).slice(-1)).toEqual(['']);
  expect(buildings.find(({ name }) => name === '2栋')?.households.map(({ door }) => door)).toEqual(['2单元901', '2单元1001']);
  expect(buildings.findIndex(({ name }) => name === '2栋')).toBeLessThan(buildings.findIndex(({ name }) => name === '10栋'));
  expect(buildings.find(({ name }) => name === 'A座')?.households[0]?.door).toBe('1203');
  expect(buildings.find(({ name }) => name === '合水口三巷')?.households[0]?.door).toBe('5号');
  expect(buildings.flatMap(({ households }) => households)).toHaveLength(6);
});

test.each([
  ['3栋2单元501', '3栋 501', true],
  ['3栋2单元501', '501', true],
  ['13栋2单元501', '3栋 502', false],
  ['A座 1203', 'a座1203', true],
])('%s is found by "%s": %s', (label, search, found) => expect(matches(label, search)).toBe(found));

test('a place survives its fragment, and a mistyped one does not fail', () => {
  const hash = hashOf(['weeks', '2026-W47'], { area: '440311001', type: undefined });
  expect(hash).toBe('#/weeks/2026-W47?area=440311001');
  expect(placeOf(hash)).toEqual({ path: ['weeks', '2026-W47'], query: { area: '440311001' } });
  expect(placeOf('#/sites/%')).toEqual({ path: ['sites', '%'], query: {} });
  expect(placeOf('')).toEqual({ path: [], query: {} });
});

describe('the days a manager can log', () => {
  test.each([
    ['on Monday after two', '2026-11-22T18:00:00Z', ['2026-11-23']],
    ['on Monday before two, with Sunday’s late round', '2026-11-22T17:59:00Z', '2026-11-16 … 2026-11-23'],
    ['on Wednesday', '2026-11-25T04:00:00Z', ['2026-11-23', '2026-11-24', '2026-11-25']],
  ])('%s', (_, at, days) => {
    const open = openDays(new Date(at));
    if (Array.isArray(days)) expect(open).toEqual(days);
    else expect(`${open[0]} … ${open.at(-1)}`).toBe(days);
  });
});
