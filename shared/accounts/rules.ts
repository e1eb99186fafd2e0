import type { Role } from '../http/contract.js';

/** Roles with a duty: the accounts the bureau lists. */
export const staffRoles = ['manager', 'clinic', 'officer', 'bureau'] as const satisfies readonly Role[];

/** 138****8000, of an E.164 number. */
export function maskPhone(phone: string): string {
  const local = phone.replace(/^\+86/, '');
  return `${local.slice(0, 3)}****${local.slice(-4)}`;
}
