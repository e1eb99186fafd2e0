import type { Role } from '../http/contract.js';

export { maskPhone } from './masks.js';

/** How many codes may be asked for, and in how long. Counted from the first request of a window. */
export const codeLimits = {
  phone: { most: 5, windowSeconds: 600 },
  /** Each code may be guessed at five times: a day's codes bound a day's guesses, and what a victim's phone is sent. */
  phoneDaily: { most: 30, windowSeconds: 86_400 },
  /** Wide, since a whole estate may stand behind one address of a mobile carrier. */
  address: { most: 200, windowSeconds: 3600 },
} as const;

/** A code lives five minutes and takes five tries. */
export const codeLifeSeconds = 300;
export const codeTries = 5;

/** An access token is short, since nothing asks the database about it. A session is long, and every use renews it. */
export const accessLifeSeconds = 900;
export const sessionLifeSeconds = 30 * 86_400;

/** Two pages may present one refresh token at the same time, or lose the reply: its successor's parent is welcome this long. */
export const refreshGraceSeconds = 120;

/** Roles with a duty: the accounts the bureau lists. */
export const staffRoles = ['manager', 'clinic', 'officer', 'bureau'] as const satisfies readonly Role[];
