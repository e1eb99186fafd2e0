import { CsvError, parse } from 'csv-parse/sync';
import { Failure } from '../../shared/http/failures.js';
import { columnsOf, type RefusedRow, type RegisterRow, readRow } from '../../shared/places/register.js';

export interface RegisterFile {
  readonly encoding: 'utf-8' | 'gb18030' | 'utf-16le';
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
  const marked = bytes[0] === 0xff && bytes[1] === 0xfe;
  for (const encoding of marked ? (['utf-16le'] as const) : (['utf-8', 'gb18030'] as const)) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      if (!text.includes('\0')) return { encoding, text };
    } catch {
      // not this one
    }
  }
  throw new Failure('encoding_unknown');
}

interface Record {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

function recordsOf(text: string): Record[] {
  try {
    return parse(text, {
      delimiter: text.slice(0, text.search(/\r|\n|$/)).includes('\t') ? '\t' : ',',
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
