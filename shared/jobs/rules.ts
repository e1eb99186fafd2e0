/** The scheduled jobs, by what they do. */
export const jobNames = ['roll-up-week', 'roll-up-day', 'send-messages', 'purge', 're-wrap'] as const;
export type JobName = (typeof jobNames)[number];

export const runStatuses = ['running', 'done', 'failed'] as const;
export type RunStatus = (typeof runStatuses)[number];

/** A run that has said nothing for so long has died; another may take its place. */
export const runLeaseSeconds = 60;
