import type { RunnerName } from '../../shared/catalog.js';
import type { TableName } from '../../shared/tables.js';
import type { FunctionName } from '../bundle/functions.js';

/** What people notice while a function fails. An alarm opens with it, so that who is woken knows what is at stake. */
export const whenFunctionFails = {
  sessions: 'Residents, managers and officers cannot sign in, and their sessions end within minutes.',
  accounts: 'Residents cannot see or change their account, and the bureau cannot give anybody a role.',
  privacy: 'Residents can neither consent, nor read, take along or erase what is held about them; officers can reveal no name or phone.',
  messages: 'Residents and managers cannot read what they were sent, nor choose by which way they are told.',
  audit: 'The bureau cannot read who decided, revealed or exported what.',
  places: 'Managers cannot open their sites, and officers cannot keep the register of households.',
  sorting: 'Managers at the bins cannot log check-ins; their phones keep them until it works again.',
  rollups: 'The bureau and the street officers see no figures.',
  jobs: 'The bureau’s weekly figures are late, and today’s stand still.',
  caretaker: 'Residents and managers are not sent what concerns them, and what was to be erased stays.',
  pages: 'Residents, managers and the bureau see no page at all; managers who have theirs open go on logging.',
} as const satisfies Record<FunctionName, string>;

/** What people notice while a table refuses or fails requests. */
export const whenTableFails = {
  accounts: 'Residents, managers and officers cannot sign in, and the bureau cannot give anybody a role.',
  sessions: 'Residents, managers and officers are refused whatever they ask for: nobody can tell whether they are signed in.',
  privacy: 'Residents cannot consent or have their data erased; officers can reveal no name or phone.',
  messages: 'Residents and managers are not told of what concerns them, and changes that send a message do not go through.',
  audit: 'Officers and the bureau cannot decide, reveal or export anything: nothing is done without its record.',
  places: 'Managers cannot open their sites or log check-ins, which are held against the register of households.',
  sorting: 'Managers at the bins wait for check-ins to be taken, and their phones send them again and again.',
  rollups: 'The bureau sees no figures, and the weekly rollup stops half-way.',
  jobs: 'The bureau’s figures stand still, residents and managers are sent nothing, and nothing is erased: no job can begin.',
  limits: 'Residents, managers and officers are refused what is counted, signing in first of all.',
} as const satisfies Record<TableName, string>;

export const whenRunFailed = {
  jobs: 'The bureau’s figures are wrong or missing: a job was started, repeated, and did not finish.',
  caretaker: 'Residents’ data is kept longer than they were told: erasing, or wrapping keys anew, was repeated and did not finish.',
} as const satisfies Record<RunnerName, string>;

export const whenSlow = 'Managers wait at the bins, and residents give up on pages that do not come.';
export const whenRefused = 'Residents and managers are turned away though nothing is broken: more of them call than the service lets in.';
export const whenBroken = 'Residents, managers or officers are told that something went wrong on our side.';
export const whenUndelivered =
  'The bureau’s figures are not counted, or residents’ data is not erased: a job was due and could not even be started.';
export const whenNoRollup = 'The bureau reads old figures as if they were today’s: no rollup finished for more than a day.';
export const whenNoPurge = 'Residents’ data is kept longer than they were told: nothing was erased for more than a day.';
export const whenNothingSent =
  'Residents and managers are told of nothing that concerns them: no message went out for a quarter of an hour.';
export const whenCodesNotSent = 'Residents, managers and officers ask for a sign-in code and get none.';
export const whenGivenUp = 'Residents and managers were not told of something that concerns them, and will not be: messages were given up.';
