import { Failure } from '../../shared/http/failures.js';

/**
 * A cursor carries the last row's place in its list, never a whole key: the store rebuilds the key around it, so that
 * a made-up cursor leads nowhere but to another place in the same list.
 */
export const cursorOf = (place: string): string => Buffer.from(place, 'utf8').toString('base64url');

/** The place a cursor names, checked against the shape its list gives out. */
export function placeOf(cursor: string | undefined, shape: RegExp): string | undefined {
  if (cursor === undefined) return undefined;
  const place = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!shape.test(place)) throw new Failure('invalid_cursor');
  return place;
}
