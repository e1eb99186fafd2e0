import type { Role } from '../http/contract.js';

/** Roles with a duty: the accounts the bureau lists. */
export const staffRoles = ['manager', 'clinic', 'officer', 'bureau'] as const satisfies readonly Role[];
