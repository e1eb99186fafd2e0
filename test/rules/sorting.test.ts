import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { heldOn } from '../../shared/city/held.js';
import { admit, checkedInBy, dayIsOpen, notYet, participationOf, sameRound } from '../../shared/sorting/rules.js';

const nos = fc.uniqueArray(fc.integer({ min: 1, max: 60 }));

describe('participation', () => {
  test('counts a household that sorts every day once in its week', () => {
    expect(
      participationOf(
        Array.from({ length: 7 }, () => new Set([1])),
        new Set([1, 2, 3]),
      ),
    ).toEqual({ done: 1, due: 3 });
  });
  test('leaves a household that moved out before the close out of both halves', () => {
    expect(participationOf([new Set([1, 9])], new Set([1, 2]))).toEqual({ done: 1, due: 2 });
  });
  test('of an empty site is nothing of nothing', () => expect(participationOf([], new Set())).toEqual({ done: 0, due: 0 }));
  test('never exceeds its denominator, and those who have not yet are exactly the rest', () => {
    fc.assert(
      fc.property(fc.array(nos, { maxLength: 7 }), nos, (days, occupied) => {
        const sets = days.map((day) => new Set(day));
        const { done, due } = participationOf(sets, new Set(occupied));
        expect(done).toBeLessThanOrEqual(due);
        expect(done + notYet(sets, new Set(occupied)).length).toBe(due);
      }),
    );
  });
});

describe('a batch', () => {
  test('says by number who is refused and why, and the rest of it stands', () => {
    expect(admit([3, 1, 3, 8, 70], { occupied: new Set([1, 3]), vacant: new Set([8]) })).toEqual({
      admitted: [1, 3],
      rejected: [
        { householdNo: 8, code: 'not_occupied' },
        { householdNo: 70, code: 'unknown_household' },
      ],
    });
  });
  test('is split without loss: every number once, admitted or rejected', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 })), nos, (sent, occupied) => {
        const { admitted, rejected } = admit(sent, { occupied: new Set(occupied), vacant: new Set() });
        const all = [...admitted, ...rejected.map(({ householdNo }) => householdNo)].sort((a, b) => a - b);
        expect(all).toEqual([...new Set(sent)].sort((a, b) => a - b));
      }),
    );
  });
  test('is the same round in any order, and another with any other fact', () => {
    const logged = { day: '2026-11-24', source: 'list', admitted: new Set([1, 2]), rejected: [{ householdNo: 9 }] };
    const sent = { day: '2026-11-24', source: 'list', householdNos: [9, 2, 1, 1] };
    expect(sameRound(logged, sent)).toBe(true);
    expect(sameRound(logged, { ...sent, day: '2026-11-23' })).toBe(false);
    expect(sameRound(logged, { ...sent, source: 'scan' })).toBe(false);
    expect(sameRound(logged, { ...sent, householdNos: [1, 2] })).toBe(false);
    expect(sameRound(logged, { ...sent, householdNos: [1, 2, 9, 10] })).toBe(false);
    expect(sameRound(logged, { ...sent, householdNos: [1, 2, 10] })).toBe(false);
  });
  test('that was undone leaves to the day what others hold', () => {
    expect(checkedInBy([{ admitted: new Set([1, 2]), undoneAt: '2026-11-24T10:00:00Z' }, { admitted: new Set([2, 3]) }])).toEqual(
      new Set([2, 3]),
    );
  });
});

describe('a day', () => {
  test.each([
    ['2026-11-24', false, true, 'today'],
    ['2026-11-25', false, false, 'ahead of time'],
    ['2026-11-22', true, false, 'in a closed week'],
    ['2026-11-22', false, true, 'in a week that is over and not closed'],
    ['2020-09-01', false, true, 'the first day of compulsory sorting'],
    ['2020-08-31', false, false, 'before compulsory sorting'],
  ])('%s (closed: %s) is open: %s, %s', (day, closed, open) => expect(dayIsOpen(day, '2026-11-24', closed)).toBe(open));
});

test('a rule of the city holds from its first day to its last', () => {
  const rule = [
    { value: 'old', from: '2020-01-10', to: '2024-07-04', source: 'x', confidence: 'high' },
    { value: 'new', from: '2024-07-05', source: 'x', confidence: 'high' },
  ] as const;
  expect(['2020-01-09', '2020-01-10', '2024-07-04', '2024-07-05', '2099-01-01'].map((day) => heldOn(rule, day))).toEqual([
    undefined,
    'old',
    'old',
    'new',
    'new',
  ]);
});
