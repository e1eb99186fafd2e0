import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { areaOf, areas, cityDistrict, levelOf, streetOf } from '../../shared/city/areas.js';
import { columnsOf, labelOf, planImport, readRow } from '../../shared/places/register.js';
import { actsAt, areaToList, handOverAt } from '../../shared/places/rules.js';

describe('areas', () => {
  test('every area lies in its parent, and its code says its level', () => {
    expect(cityDistrict).toMatchObject({ areaCode: '440311', name: '光明区', level: 'district', parentCode: null });
    for (const { areaCode, level, parentCode } of areas) {
      expect(levelOf(areaCode)).toBe(level);
      if (parentCode) expect(areaOf(parentCode)?.level).toBe(level === 'street' ? 'district' : 'street');
    }
    expect(streetOf('440311002003')).toBe('440311002');
  });
});

describe('a site', () => {
  const site = { areaCode: '440311001005', manager: { personId: 'm', sessionId: 's' } };
  test.each([
    [{ role: 'bureau', personId: 'b', sessionId: 's' }, true],
    [{ role: 'officer', personId: 'o', sessionId: 's', areaCode: '440311001' }, true],
    [{ role: 'officer', personId: 'o', sessionId: 's', areaCode: '440311002' }, false],
    [{ role: 'officer', personId: 'o', sessionId: 's' }, false],
    [{ role: 'manager', personId: 'm', sessionId: 's' }, true],
    [{ role: 'manager', personId: 'n', sessionId: 's' }, false],
    // Whoever managed it and no longer has the role.
    [{ role: 'resident', personId: 'm', sessionId: 's' }, false],
    [{ role: 'clinic', personId: 'm', sessionId: 's' }, false],
  ] as const)('is acted at by %o: %s', (caller, may) => expect(actsAt(caller, site)).toBe(may));

  test('is listed for an officer within the own street alone', () => {
    const officer = { role: 'officer', personId: 'o', sessionId: 's', areaCode: '440311001' } as const;
    expect(['440311001', '440311001005', '440311002', '440311', undefined].map((area) => areaToList(officer, area, '440311'))).toEqual([
      '440311001',
      '440311001005',
      undefined,
      undefined,
      '440311001',
    ]);
  });
  test('is handed over after the time before, even by a clock that went back', () => {
    const now = new Date('2026-11-24T04:00:00.000Z');
    expect(handOverAt(now, undefined)).toBe('2026-11-24T04:00:00.000Z');
    expect(handOverAt(now, '2026-11-24T04:00:00.000Z')).toBe('2026-11-24T04:00:00.001Z');
    expect(handOverAt(now, '2026-11-24T05:00:00.000Z')).toBe('2026-11-24T05:00:00.001Z');
  });
});

describe('a register file', () => {
  const columns = { 楼栋: 0, 单元: 1, 房号: 2, 是否入住: 3 };
  test.each([
    [['楼栋', '单元', '房号', '是否入住'], columns],
    [[' 是否入住 ', '房间号', '楼 号'], { 楼栋: 2, 单元: -1, 房号: 1, 是否入住: 0 }],
    [['楼栋', '房号'], undefined],
  ])('with the headings %o has its columns', (heading, expected) => expect(columnsOf(heading)).toEqual(expected));

  test.each([
    ['3', '2', '501', '3栋2单元501'],
    ['3栋', '2单元', '501室', '3栋2单元501'],
    ['A座', '', '1203', 'A座1203'],
    ['翠湖楼', '', '8', '翠湖楼8'],
  ])('names %s / %s / %s as %s', (building, unit, room, label) => expect(labelOf(building, unit, room)).toBe(label));

  test.each([
    [['３', '２', '５０１', ' 是 '], { label: '3栋2单元501', occupied: true }],
    [['3', '2', '501', '空置'], { label: '3栋2单元501', occupied: false }],
    [['3', '2', '501', 'true'], { label: '3栋2单元501', occupied: true }],
    [['3', '2', '501', ''], { column: '是否入住', code: 'required' }],
    [['3', '2', '501', '大概'], { column: '是否入住', code: 'yes_or_no' }],
    [['', '2', '501', '是'], { column: '楼栋', code: 'required' }],
    [['="3"', '2', '="501"', '是'], { label: '3栋2单元501', occupied: true }],
    [['3', '2', '1.01E+02', '是'], { column: '房号', code: 'spoilt_by_spreadsheet' }],
    [['2023/1/1', '2', '501', '是'], { column: '楼栋', code: 'spoilt_by_spreadsheet' }],
    [['1月1日', '2', '501', '是'], { column: '楼栋', code: 'spoilt_by_spreadsheet' }],
    [['1-1', '2', 'E12', '是'], { label: '1-1栋2单元E12', occupied: true }],
    [['3', '2', '5'.repeat(17), '是'], { column: '房号', code: 'too_long' }],
    [[], { column: '楼栋', code: 'required' }],
    [['3', '2', '101\u0007', '是'], { column: '房号', code: 'unreadable' }],
    [['3', '2', '\u200d\u2060', '是'], { column: '房号', code: 'required' }],
    [['\u3164', '2', '101', '是'], { column: '楼栋', code: 'required' }],
    [['3', '2', '室', '是'], { column: '房号', code: 'required' }],
    [['3', '2', '\u202e1', '是'], { label: '3栋2单元1', occupied: true }],
  ])('reads the row %o', (cells, expected) => expect(readRow(2, cells, columns)).toEqual({ row: 2, ...expected }));

  test('gives a new household the next number, and never one that is taken', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 300 })), fc.integer({ min: 0, max: 30 }), (taken, more) => {
        const register = taken.map((householdNo) => ({ householdNo, label: `旧${householdNo}`, occupied: true }));
        const rows = Array.from({ length: more }, (_, i) => ({ row: i + 2, label: `新${i}`, occupied: true }));
        const { entries } = planImport(rows, register);
        expect(new Set([...entries.map(({ householdNo }) => householdNo), ...taken]).size).toBe(entries.length + taken.length);
      }),
    );
  });
});
