import type * as z from 'zod/mini';
import type { FieldFault } from '../../shared/http/failures.js';

type Issue = z.core.$ZodIssue;

/** A request may be wrong in a thousand places; twenty are enough to mend it by. */
const mostFaults = 20;

/** What the schema found, as fields and the rules they broke. */
export function faultsOf(issues: readonly Issue[], input: unknown): FieldFault[] {
  return issues.flatMap((issue) => faultOf(issue, input)).slice(0, mostFaults);
}

function faultOf(issue: Issue, input: unknown): FieldFault | FieldFault[] {
  const path = issue.path.map(String).join('.');
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: [...issue.path.map(String), key].join('.'), code: issue.code }));
    case 'invalid_type':
      return valueAt(input, issue.path) === undefined ? { path, code: 'required' } : { path, code: issue.code, limit: issue.expected };
    case 'too_small':
      return { path, code: issue.code, limit: Number(issue.minimum) };
    case 'too_big':
      return { path, code: issue.code, limit: Number(issue.maximum) };
    case 'invalid_format':
      return { path, code: issue.code, limit: issue.format === 'regex' ? (issue.pattern ?? 'regex') : issue.format };
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

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], input);
}
