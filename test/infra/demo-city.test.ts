import { describe, expect, test } from 'vitest';
import { chance } from '../../infra/local/seed/chance.js';
import { demoPeople, demoSites } from '../../infra/local/seed/city.js';
import { historyOf, moodsOf } from '../../infra/local/seed/history.js';
import { areas, streetOf } from '../../shared/city/areas.js';
import { siteTypes } from '../../shared/places/rules.js';

const weeks = ['2026-W46', '2026-W47'];
function made() {
  const dice = chance(440311);
  const people = demoPeople(dice);
  const sites = demoSites(dice, people.managers);
  const moods = moodsOf(dice, weeks.length);
  const estates = sites.filter(({ households }) => households.length > 0);
  return { people, sites, histories: estates.map((site) => ({ site, rounds: historyOf(dice, site, moods, weeks, '2026-11-22') })) };
}

describe('the demo city', () => {
  const { people, sites, histories } = made();
  test('is the same every time', () => expect(made()).toEqual({ people, sites, histories }));
  test('has 120 sites of all nine types in every street, under names of their own', () => {
    expect(sites).toHaveLength(120);
    expect(new Set(sites.map(({ siteType }) => siteType))).toEqual(new Set(siteTypes));
    expect(new Set(sites.map(({ name }) => name)).size).toBe(120);
    const streets = areas.filter(({ level }) => level === 'street').map(({ areaCode }) => areaCode);
    expect(new Set(histories.map(({ site }) => streetOf(site.areaCode)))).toEqual(new Set(streets));
  });
  test('has 20,000 households, each known by one label at its site', () => {
    expect(sites.reduce((sum, { households }) => sum + households.length, 0)).toBe(20_000);
    for (const { households } of sites) expect(new Set(households.map(({ label }) => label)).size).toBe(households.length);
  });
  test('logs households that are lived in, on days that are over, in batches the service would take', () => {
    for (const { site, rounds } of histories) {
      const livedIn = new Set(site.households.filter(({ occupied }) => occupied).map(({ householdNo }) => householdNo));
      for (const { admitted, day } of rounds) {
        expect([...admitted].every((no) => livedIn.has(no))).toBe(true);
        expect(admitted.size).toBeLessThanOrEqual(500);
        expect(day <= '2026-11-22').toBe(true);
      }
    }
  });
  test('gives every person a phone of their own, plainly made up', () => {
    const everyone = [people.bureau, people.officers, people.managers, people.clinic, people.residents].flat();
    expect(new Set(everyone.map(({ phone }) => phone)).size).toBe(everyone.length);
    expect(everyone.every(({ phone }) => /^\+8619900\d{6}$/.test(phone))).toBe(true);
  });
});
