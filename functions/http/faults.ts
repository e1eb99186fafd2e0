import type * as z from 'zod/mini';
import type { FieldFault } from '../../shared/http/failures.js';

type Issue = z.core.$ZodIssue;

/** A request may be wrong in a thousand places; twenty are enough to mend it by. */
const mostFaults = 20;

/** The caller may have made up a key of megabytes: so much of it is enough to know it by. */
const mostOfPath = 200;
const named = (path: string) => (path.length > mostOfPath ? `${path.slice(0, mostOfPath).toWellFormed()}…` : path);

/** What the schema found, as fields and the rules they broke. */
export function faultsOf(issues: readonly Issue[], input: unknown): FieldFault[] {
  const faults = issues.flatMap((issue) => faultOf(issue, input)).slice(0, mostFaults);
  return faults.map((fault) => ({ ...fault, path: named(fault.path) }));
}

function faultOf(issue: Issue, input: unknown): FieldFault | FieldFault[] {
  const path = issue.path.map(String).join('.');
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: [...issue.path.map(String), key].join('.'), code: issue.code }));
    case 'invalid_type':
      return valueAt(input, issue.path) === undefined ? { path, code: 'required' } : { path, code: issue.code, limit: issue.expected };
    case 'too_small':
      // What must be more than nought is at least one.
      return { path, code: issue.code, limit: Number(issue.minimum) + (issue.inclusive === false ? 1 : 0), ...unitOf(issue.origin) };
    case 'too_big':
      return { path, code: issue.code, limit: Number(issue.maximum), ...unitOf(issue.origin) };
    case 'invalid_format':
      // A pattern says nothing to a reader: where a schema has one, it names its rule instead.
      return issue.format === 'regex' ? { path, code: issue.message } : { path, code: issue.code, limit: issue.format };
    case 'invalid_value':
      return valueAt(input, issue.path) === undefined
        ? { path, code: 'required' }
        : { path, code: issue.code, limit: issue.values.map(String).join(' | ') };
    case 'custom':
      return { path, code: issue.message };
    default:
      return { path, code: issue.code };
  }
}

const unitOf = (origin: string): Pick<FieldFault, 'unit'> =>
  origin === 'array' ? { unit: 'items' } : origin === 'string' ? { unit: 'characters' } : {};

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], input);
}

/**
 * Where a body has half of a surrogate pair, which JSON can escape and neither UTF-8 nor the database can keep. Valid
 * UTF-8 has none of itself, so only a body with such an escape is walked, and by hand: nesting has no bound.
 */
export function brokenText(json: string, value: unknown): string | undefined {
  if (!/\\u[dD][89a-fA-F]/.test(json)) return undefined;
  const left: { at: string; value: unknown }[] = [{ at: '', value }];
  for (let next = left.pop(); next; next = left.pop()) {
    const { at, value: found } = next;
    if (typeof found === 'string' && !found.isWellFormed()) return named(at);
    if (typeof found !== 'object' || found === null) continue;
    for (const [key, inner] of Object.entries(found)) {
      if (!key.isWellFormed()) return named(at);
      left.push({ at: at.length > mostOfPath ? at : at ? `${at}.${key}` : key, value: inner });
    }
  }
  return undefined;
}
