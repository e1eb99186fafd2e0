import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What goes wrong in services like this one, and a cursor of every shape that leads somewhere unreasonable. */
export const ownNaughty = [
  '',
  '   ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udc36\ud83d',
  '\ufeff欧阳小鹿\ufeff',
  '👩‍👩‍👧‍👦 第３栋',
  '𠮷野家\u200d',
  "Robert'); DROP TABLE accounts;--",
  '<script>alert("共治")</script>',
  '$& $1 $$ {1} {{7*7}} <%= 7*7 %> %s %n',
  '../../../../etc/passwd%00',
  'a\r\nSet-Cookie: gongzhi_session=x',
  '__proto__',
  '{"$ne":null}',
  '\u202e\u2066كلب\u2069',
  '٠١٢٣٤٥٦٧٨٩',
  'x'.repeat(10_000),
  ...[
    '~',
    '#',
    'zzzz#ffffffff-ffff-ffff-ffff-ffffffffffff',
    '999999999999#ffffffff-ffff-ffff-ffff-ffffffffffff',
    '0000-00-00#00000000',
    '9999-99-99#99999999',
    ':Z',
    'TZ',
    '0000-01-01T00:00:00.000Z',
    '9999-12-31T23:59:59.999Z',
    '0000-01-01T00:00:00.000Z 00000000-0000-0000-0000-000000000000',
    '9999-12-31T23:59:59.999Z ffffffff-ffff-ffff-ffff-ffffffffffff',
    '99999.999999',
    '0.0',
    '2',
    '99999',
  ].map((place) => Buffer.from(place).toString('base64url')),
];

/** The Big List of Naughty Strings lies beside the repository, where it lies at all. */
const list = fileURLToPath(new URL('../../../shared/data/vectors/naughty/blns.json', import.meta.url));
export const bigListIsHere = existsSync(list);
const bigList = bigListIsHere ? (JSON.parse(readFileSync(list, 'utf8')) as string[]) : [];
export const naughty: readonly string[] = [...new Set([...ownNaughty, ...bigList])];
