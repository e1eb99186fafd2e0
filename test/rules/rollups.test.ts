import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { areas } from '../../shared/city/areas.js';
import { ranked, type SiteWeek, shareOf, sumOf, sumUp } from '../../shared/rollups/rules.js';

const communities = areas.filter(({ level }) => level === 'community').map(({ areaCode }) => areaCode);
const anySite: fc.Arbitrary<SiteWeek> = fc
  .record({
    siteId: fc.uuid(),
    name: fc.constant('花园'),
    siteType: fc.constantFrom('estate' as const, 'urban_village' as const),
    areaCode: fc.constantFrom(...communities),
    due: fc.integer({ min: 0, max: 500 }),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
    reported: fc.boolean(),
  })
  .map(({ part, due, ...site }) => ({ ...site, due, done: Math.floor(part * due) }));

describe('an area', () => {
  test('has the sum of numerators over the sum of denominators, never a mean of rates', () => {
    const site = { siteId: 'a', name: 'a', siteType: 'estate', areaCode: communities[0] as string, reported: true } as const;
    const sums = sumUp([
      { ...site, done: 1, due: 10 },
      { ...site, siteId: 'b', done: 90, due: 90 },
    ]);
    expect(shareOf(sumOf(sums.district[0]?.byType ?? {}))).toBe(0.91);
  });
  test('leaves a site that reported nothing out of the rate, and counts it as missing', () => {
    const site = { siteId: 'a', name: 'a', siteType: 'estate', areaCode: communities[0] as string } as const;
    const sums = sumUp([
      { ...site, done: 5, due: 10, reported: true },
      { ...site, siteId: 'b', done: 0, due: 90, reported: false },
    ]);
    expect(sumOf(sums.street[0]?.byType ?? {})).toEqual({ done: 5, due: 10, sitesDue: 2, sitesReporting: 1 });
  });
  test('adds up level by level, and over its site types', () => {
    fc.assert(
      fc.property(fc.array(anySite, { maxLength: 40 }), (sites) => {
        const sums = sumUp(sites);
        for (const level of ['district', 'street', 'community'] as const) {
          for (const type of [undefined, 'estate', 'urban_village'] as const) {
            const own = sites.filter(({ siteType, reported }) => reported && (!type || siteType === type));
            const rows = sums[level].map(({ byType }) => sumOf(byType, type));
            expect(rows.reduce((sum, { done }) => sum + done, 0)).toBe(own.reduce((sum, { done }) => sum + done, 0));
            expect(rows.reduce((sum, { due }) => sum + due, 0)).toBe(own.reduce((sum, { due }) => sum + due, 0));
            expect(rows.reduce((sum, { sitesReporting }) => sum + sitesReporting, 0)).toBe(own.length);
          }
        }
      }),
    );
  });
});

describe('a ranking', () => {
  const row = (areaCode: string, done: number, due: number) => ({
    areaCode,
    name: areaCode,
    participation: { done, due },
    rate: shareOf({ done, due }),
    previousRate: null,
    sitesDue: 1,
    sitesReporting: due ? 1 : 0,
  });
  test('puts the best first, lets equals share a rank, and leaves those without a rate unranked', () => {
    const rows = ranked([row('1', 1, 2), row('2', 0, 0), row('3', 9, 10), row('4', 50, 100), row('5', 0, 10)]);
    expect(rows.map(({ areaCode, rank }) => [areaCode, rank])).toEqual([
      ['3', 1],
      ['1', 2],
      ['4', 2],
      ['5', 4],
      ['2', null],
    ]);
  });
  test('compares fractions, not what is left of them after rounding', () => {
    const rows = ranked([row('1', 66_666, 100_000), row('2', 66_667, 100_000)]);
    expect(rows.map(({ areaCode, rank }) => [areaCode, rank])).toEqual([
      ['2', 1],
      ['1', 2],
    ]);
  });
});

test('a share is rounded to four places, and there is none of nobody', () => {
  expect([shareOf({ done: 2, due: 3 }), shareOf({ done: 0, due: 5 }), shareOf({ done: 0, due: 0 })]).toEqual([0.6667, 0, null]);
});
