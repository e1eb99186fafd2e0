import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { weekIsOver, weekOfRun } from '../../shared/rollups/rules.js';
import { addDays, cityDay, startOfDay } from '../../shared/time/day.js';
import { addWeeks, daysOf, mondayOf, Week, weekOf } from '../../shared/time/week.js';

const anyDay = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

describe('weeks are those of ISO 8601', () => {
  test.each([
    ['2026-12-27', '2026-W52'],
    ['2026-12-28', '2026-W53'],
    ['2026-12-31', '2026-W53'],
    ['2027-01-01', '2026-W53'],
    ['2027-01-03', '2026-W53'],
    ['2027-01-04', '2027-W01'],
    ['2024-12-30', '2025-W01'],
    ['2021-01-03', '2020-W53'],
  ])('%s lies in %s', (day, week) => expect(weekOf(day)).toBe(week));

  test.each(['2026-W53', '2020-W53', '2027-W01', '2025-W52'])('%s exists', (week) => expect(Week.safeParse(week).success).toBe(true));
  test.each(['2025-W53', '2027-W53', '2026-W00', '2026-W54', '2026-W1', 'W01-2026', '2026-48', ''])('%s does not', (week) =>
    expect(Week.safeParse(week).success).toBe(false),
  );

  test('every day lies in its week, which has seven days in a row from Monday', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        const days = daysOf(weekOf(day));
        expect(days).toContain(day);
        expect(new Date(`${days[0]}T00:00:00Z`).getUTCDay()).toBe(1);
        expect(days).toEqual(Array.from({ length: 7 }, (_, i) => addDays(days[0] as string, i)));
        expect(new Set(days.map(weekOf)).size).toBe(1);
      }),
    );
  });
  test('weeks follow each other without gap, and sort as text', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        const week = weekOf(day);
        expect(mondayOf(addWeeks(week, 1))).toBe(addDays(mondayOf(week), 7));
        expect(addWeeks(addWeeks(week, 60), -60)).toBe(week);
        expect(week < addWeeks(week, 1)).toBe(true);
      }),
    );
  });
});

describe("the city's day", () => {
  test.each([
    ['2026-11-24T15:59:59.999Z', '2026-11-24'],
    ['2026-11-24T16:00:00.000Z', '2026-11-25'],
    ['2026-12-31T16:00:00.000Z', '2027-01-01'],
  ])('at %s is %s', (at, day) => expect(cityDay(new Date(at))).toBe(day));
  test('begins at its own midnight', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        expect(cityDay(startOfDay(day))).toBe(day);
        expect(cityDay(new Date(startOfDay(day).getTime() - 1))).toBe(addDays(day, -1));
      }),
    );
  });
});

describe('a job', () => {
  test.each([
    ['roll-up-week', '2026-11-22T18:00:00Z', '2026-W47'],
    ['roll-up-week', '2027-01-03T18:00:00Z', '2026-W53'],
    ['roll-up-day', '2027-01-03T15:30:00Z', '2026-W53'],
    ['roll-up-day', '2027-01-04T15:30:00Z', '2027-W01'],
  ] as const)('%s scheduled at %s works on %s', (job, at, week) => expect(weekOfRun(job, new Date(at))).toBe(week));
  test('closes a week only once its Sunday is over in the city', () => {
    expect([weekIsOver('2026-W47', new Date('2026-11-22T15:59:59Z')), weekIsOver('2026-W47', new Date('2026-11-22T16:00:00Z'))]).toEqual([
      false,
      true,
    ]);
  });
});
