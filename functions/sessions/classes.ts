import { sessionLifeSeconds } from '../../shared/sessions/rules.js';
import { signedInKey } from '../http/standing.js';
import type { Classify } from '../platform/holder.js';

/** Where a person is signed in: it expires as long after its last use as it may be kept. */
export const classOfSignedIn: Classify = ({ sk, ttl }) =>
  sk === signedInKey('').sk && typeof ttl === 'number'
    ? { of: 'sessions', since: new Date((ttl - sessionLifeSeconds) * 1000).toISOString() }
    : undefined;
