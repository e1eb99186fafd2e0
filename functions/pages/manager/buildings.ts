import type { Household } from '../../../shared/places/contract.js';

export interface Building {
  /** `3栋`; empty for households whose label names none. */
  readonly name: string;
  readonly households: readonly Placed[];
}
export interface Placed extends Household {
  /** The label without its building: `2单元501`. */
  readonly door: string;
}

/** A label says its building first, as people here write it: `3栋2单元501`, `12号楼1203`, `合水口三巷5号`. */
const buildingFirst = /^(.{1,20}?(?:栋|幢|座|号楼|巷))[\s\-－—]*(.+)$/;

/** The register by building, each in the order of its numbers; what names no building comes last. */
export function buildingsOf(households: readonly Household[]): Building[] {
  const byName = new Map<string, Placed[]>();
  for (const household of households) {
    const [, name = '', door = household.label] = buildingFirst.exec(household.label) ?? [];
    byName.set(name, [...(byName.get(name) ?? []), { ...household, door }]);
  }
  const natural = new Intl.Collator('zh-CN', { numeric: true });
  return [...byName]
    .map(([name, placed]) => ({ name, households: placed.sort((a, b) => natural.compare(a.door, b.door)) }))
    .sort((a, b) => Number(a.name === '') - Number(b.name === '') || natural.compare(a.name, b.name));
}

/** Every word of the search must stand in the label: `3栋 501` finds `3栋2单元501`. */
export function matches(label: string, search: string): boolean {
  const plain = label.replace(/\s/g, '').toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => plain.includes(word));
}
