import type { Job } from './run-job.js';

/** Monday 02:00: closes last week as revision 1. From its start the week takes no more check-ins. */
export const rollUpWeek: Job = (week, run) => ({ week, run, kind: 'close' });
