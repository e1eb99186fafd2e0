import type { Role } from '../../../shared/http/contract.js';

/** Everyone has a home page. Written out, since the contract's own list brings its schemas along. */
const everyone = { resident: true, manager: true, clinic: true, officer: true, bureau: true } satisfies Record<Role, true>;
export const roles = Object.keys(everyone) as Role[];
