import { Failure } from '../http/failures.js';
import { isVisible } from '../http/fields.js';
import { mostHouseholds } from './rules.js';

/** The columns of a property firm's register, each with the headings such files use for it. */
export const registerColumns = ['楼栋', '单元', '房号', '是否入住'] as const;
export type RegisterColumn = (typeof registerColumns)[number];
const headings: Record<RegisterColumn, readonly string[]> = {
  楼栋: ['楼栋', '楼栋号', '楼号', '栋号', '栋', '幢'],
  单元: ['单元', '单元号'],
  房号: ['房号', '房间号', '房间', '室号'],
  是否入住: ['是否入住', '入住', '入住状态', '入住情况'],
};

/** Why a row cannot enter the register. */
export const rowFaults = ['required', 'too_long', 'spoilt_by_spreadsheet', 'unreadable', 'yes_or_no', 'repeated'] as const;
export type RowFault = (typeof rowFaults)[number];

/** Where each column stands in a heading row: 单元 may be missing, the others may not, and none may stand there twice. */
export function columnsOf(headingRow: readonly string[]): Record<RegisterColumn, number> | undefined {
  const cells = headingRow.map(plain);
  if (registerColumns.some((column) => cells.filter((cell) => headings[column].includes(cell)).length > 1)) return undefined;
  const places = registerColumns.map((column) => [column, cells.findIndex((cell) => headings[column].includes(cell))] as const);
  if (places.some(([column, at]) => at < 0 && column !== '单元')) return undefined;
  return Object.fromEntries(places) as Record<RegisterColumn, number>;
}

/** Full-width letters and digits made plain, spaces and format characters dropped, `="101"` unwrapped: what a spreadsheet shows alike is read alike. */
const plain = (cell: string) =>
  cell
    .normalize('NFKC')
    .replace(/[\s\p{Cf}]+/gu, '')
    .replace(/^="(.*)"$/, '$1');

/** What may end a room's number and is no part of its name. */
const roomSign = /[室房号]$/;

/** What a spreadsheet makes of `1-1` or of a long number: a date, or a power of ten. No room is called so. */
const spoilt = /^(\d+(\.\d+)?E[+-]?\d+|\d{2,4}[/-]\d{1,2}[/-]\d{1,2}|\d{1,2}月\d{1,2}日|#.*)$/i;

const yes = ['是', '有', '入住', '已入住', '1', 'Y', 'YES', 'TRUE', '√'];
const no = ['否', '无', '未入住', '空置', '空', '0', 'N', 'NO', 'FALSE', '×'];

export interface RegisterRow {
  readonly row: number;
  readonly label: string;
  readonly occupied: boolean;
}
export interface RefusedRow {
  readonly row: number;
  readonly column: RegisterColumn;
  readonly code: RowFault;
}

/** One row read: a household as `3栋2单元501`, or the first rule it breaks. */
export function readRow(row: number, cells: readonly string[], columns: Record<RegisterColumn, number>): RegisterRow | RefusedRow {
  const cell = (column: RegisterColumn) => plain(cells[columns[column]] ?? '');
  for (const column of registerColumns) {
    if (column !== '单元' && !isVisible(cell(column))) return { row, column, code: 'required' };
    if (/[\p{Cc}\p{Co}\p{Cn}]/u.test(cell(column))) return { row, column, code: 'unreadable' };
    if (cell(column).length > 16) return { row, column, code: 'too_long' };
    if (spoilt.test(cell(column))) return { row, column, code: 'spoilt_by_spreadsheet' };
  }
  if (!cell('房号').replace(roomSign, '')) return { row, column: '房号', code: 'required' };
  const word = cell('是否入住').toUpperCase();
  if (!yes.includes(word) && !no.includes(word)) return { row, column: '是否入住', code: 'yes_or_no' };
  return { row, label: labelOf(cell('楼栋'), cell('单元'), cell('房号')), occupied: yes.includes(word) };
}

/** `3`, `2`, `501室` and `3栋`, `2单元`, `501` name the same household. */
export function labelOf(building: string, unit: string, room: string): string {
  const named = /[栋幢座楼]$/.test(building) ? building : `${building}栋`;
  const inUnit = unit === '' || unit.endsWith('单元') ? unit : `${unit}单元`;
  return `${named}${inUnit}${room.replace(roomSign, '')}`;
}

/** Numbers to give to new households: on from the highest, and once those are used up the gaps, lowest first. */
function* freeNumbers(register: readonly RegisterEntry[]): Generator<number> {
  const taken = new Set(register.map(({ householdNo }) => householdNo));
  const highest = register.reduce((most, { householdNo }) => Math.max(most, householdNo), 0);
  for (let no = highest + 1; no <= mostHouseholds; no++) yield no;
  for (let no = 1; no < highest; no++) if (!taken.has(no)) yield no;
}

/** What a label names, however it was typed: `3栋 2单元 501室` is `3栋2单元501`. */
const nameOf = (label: string) => plain(label).replace(roomSign, '');

export interface RegisterEntry {
  readonly householdNo: number;
  readonly label: string;
  readonly occupied: boolean;
}
export interface ImportPlan {
  readonly results: readonly {
    readonly row: number;
    readonly outcome: 'added' | 'changed' | 'unchanged' | 'rejected';
    readonly householdNo?: number;
    readonly label?: string;
    readonly column?: RegisterColumn;
    readonly code?: RowFault;
  }[];
  /** What the register gains or corrects. */
  readonly entries: readonly RegisterEntry[];
  readonly notInFile: number;
}

/**
 * What a file would do to a register. A household is known by its label; one that is new gets the next free number.
 * Households that the file does not name stay as they are: a file of one building must not empty the others. Throws
 * `site_too_large` where the numbers run out.
 */
export function planImport(rows: readonly (RegisterRow | RefusedRow)[], register: readonly RegisterEntry[]): ImportPlan {
  const known = new Map(register.map((entry) => [nameOf(entry.label), entry]));
  const free = freeNumbers(register);
  const named = new Set<string>();
  const entries: RegisterEntry[] = [];
  const results = rows.map((read): ImportPlan['results'][number] => {
    if ('code' in read) return { ...read, outcome: 'rejected' };
    const { row, label, occupied } = read;
    if (named.has(label)) return { row, label, outcome: 'rejected', column: '房号', code: 'repeated' };
    named.add(label);
    const before = known.get(nameOf(label));
    const householdNo = before?.householdNo ?? (free.next().value as number | undefined);
    if (householdNo === undefined) throw new Failure('site_too_large');
    if (before?.occupied === occupied) return { row, label: before.label, householdNo, outcome: 'unchanged' };
    entries.push({ householdNo, label: before?.label ?? label, occupied });
    return { row, label, householdNo, outcome: before ? 'changed' : 'added' };
  });
  return { results, entries, notInFile: register.filter(({ label }) => !named.has(nameOf(label))).length };
}
