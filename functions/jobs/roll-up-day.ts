import type { Job } from './run-job.js';

/** 23:30: counts the week in hand as provisional figures and mends what requests that broke off have left. */
export const rollUpDay: Job = (week, run) => ({ week, run, kind: 'count' });
