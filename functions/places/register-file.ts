import { CsvError, parse } from 'csv-parse/sync';
import { Failure } from '../../shared/http/failures.js';
import { columnsOf, type RefusedRow, type RegisterRow, readRow } from '../../shared/places/register.js';

export interface RegisterFile {
  readonly encoding: 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be';
  readonly rows: readonly (RegisterRow | RefusedRow)[];
}

/** Reads a register as a property firm keeps it: whatever a Chinese spreadsheet saves as CSV. */
export function readRegisterFile(bytes: Uint8Array): RegisterFile {
  const { encoding, text } = decode(bytes);
  const [heading, ...records] = recordsOf(text);
  const columns = heading && columnsOf(heading.record);
  if (!columns) throw new Failure('columns_missing');
  return { encoding, rows: records.map(({ record, info }) => readRow(info.lines, record, columns)) };
}

/** UTF-8 where the bytes are valid UTF-8, else GB18030, which contains GBK and GB2312; UTF-16 only where a mark says so. */
function decode(bytes: Uint8Array): { encoding: RegisterFile['encoding']; text: string } {
  const mark = `${bytes[0]},${bytes[1]}`;
  const marked = ({ '255,254': 'utf-16le', '254,255': 'utf-16be' } as const)[mark];
  for (const encoding of marked ? [marked] : (['utf-8', 'gb18030'] as const)) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      // A replacement character is what a relay made of bytes that it took for UTF-8: the file is lost.
      if (!/[\0\ufffd]/.test(text)) return { encoding, text };
    } catch {
      // not this one
    }
  }
  throw new Failure('encoding_unknown');
}

/** Whichever the heading row has most of. */
function delimiterOf(heading: string): string {
  const count = (sign: string) => heading.split(sign).length;
  return [',', '\t', ';'].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}

interface Record {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

function recordsOf(text: string): Record[] {
  try {
    return parse(text, {
      delimiter: delimiterOf(text.slice(0, text.search(/\r|\n|$/))),
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      trim: true,
    }) as unknown as Record[];
  } catch (error) {
    if (error instanceof CsvError) throw new Failure('csv_malformed');
    throw error;
  }
}
