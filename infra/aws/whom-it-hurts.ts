import type { TableName } from '../../shared/catalog.js';
import type { FunctionName } from '../bundle/functions.js';

/** What people notice while a function fails. An alarm opens with it, so that who is woken knows what is at stake. */
export const whenFunctionFails = {
  accounts: 'Residents, managers and officers cannot sign in, and their sessions end within minutes.',
  places: 'Managers cannot open their sites, and officers cannot keep the register of households.',
  sorting: 'Managers at the bins cannot log check-ins; their phones keep them until it works again.',
  rollups: 'The bureau and the street officers see no figures.',
  jobs: 'The bureau’s weekly figures are late, and today’s stand still.',
  pages: 'Residents, managers and the bureau see no page at all; managers who have theirs open go on logging.',
} as const satisfies Record<FunctionName, string>;

/** What people notice while a table refuses or fails requests. */
export const whenTableFails = {
  accounts: 'Residents, managers and officers cannot sign in or stay signed in.',
  places: 'Managers cannot open their sites or log check-ins, which are held against the register of households.',
  sorting: 'Managers at the bins wait for check-ins to be taken, and their phones send them again and again.',
  rollups: 'The bureau sees no figures, and the weekly rollup stops half-way.',
} as const satisfies Record<TableName, string>;

export const whenSlow = 'Managers wait at the bins, and residents give up on pages that do not come.';
export const whenRefused = 'Residents and managers are turned away though nothing is broken: more of them call than the service lets in.';
export const whenBroken = 'Residents, managers or officers are told that something went wrong on our side.';
export const whenUndelivered = 'The bureau’s figures are not counted: a job was due and could not even be started.';
export const whenRunFailed = 'The bureau’s figures are wrong or missing: a job was started, repeated, and did not finish.';
export const whenNoRollup = 'The bureau reads old figures as if they were today’s: no rollup finished for more than a day.';
