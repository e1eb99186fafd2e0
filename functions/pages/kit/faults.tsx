import { useEffect, useRef } from 'preact/hooks';
import { Refused } from '../../../shared/http/client.js';
import { IconWarning } from './icons.js';
import { useWords } from './preferences.js';
import { type KitWords, kitWords } from './words.js';

/** What stands wrong in a form: by the id of the field, or under '' where it is about none. */
export type Faults = Readonly<Record<string, string>>;

/** Why something was refused or could not be asked, in words and with how long to wait. */
export function reasonOf(error: unknown, words: KitWords): string {
  if (!(error instanceof Refused)) return words.unreachable;
  const { detail, code } = error.problem;
  const reason = detail || words.failures[code] || (words.failures.internal_error ?? code);
  return error.retryAfterSeconds ? `${reason}。${waitOf(error.retryAfterSeconds, words)}`.replace('。。', '。') : reason;
}

const waitOf = (seconds: number, words: KitWords) =>
  seconds < 60 ? words.waitSeconds(seconds) : words.waitMinutes(Math.ceil(seconds / 60));

/** A refusal put to the fields of a form, by the first part of each path; what belongs to none of them stands alone. */
export function faultsOf(error: unknown, fields: readonly string[], words: KitWords): Faults {
  const named = error instanceof Refused ? (error.problem.fields ?? []) : [];
  const found = named.flatMap(({ path, code, message }) => {
    const field = fields.find((name) => name === path.split('.')[0]);
    return field ? [[field, words.fieldFaults[code] ?? message] as const] : [];
  });
  return found.length ? Object.fromEntries(found) : { '': reasonOf(error, words) };
}

/** Takes the focus when something is wrong, and leads to each field. The fragment is the page's own, so links only focus. */
export function FaultSummary({ faults }: { faults: Faults }) {
  const words = useWords(kitWords);
  const box = useRef<HTMLDivElement>(null);
  const entries = Object.entries(faults);
  useEffect(() => {
    if (entries.length) box.current?.focus();
  }, [faults]);
  if (!entries.length) return null;
  const fields = entries.filter(([field]) => field !== '');
  return (
    <div class="fault-summary" ref={box} tabIndex={-1} role="alert">
      <p class="fault-summary__title">
        <IconWarning />
        {fields.length ? words.faults(fields.length) : words.notDone}
      </p>
      <ul>
        {entries.map(([field, fault]) => (
          <li key={field}>
            {field ? (
              <a
                href={`#${field}`}
                onClick={(event) => {
                  event.preventDefault();
                  document.getElementById(field)?.focus();
                }}
              >
                {fault}
              </a>
            ) : (
              fault
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
