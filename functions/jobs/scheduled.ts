import * as z from 'zod/mini';
import { jobNames } from '../../shared/jobs/rules.js';
import type { JobsService } from './wiring.js';

/** What the schedule sends: `scheduledAt` is the scheduler's `<aws.scheduler.scheduled-time>`, equal in every attempt. */
const Scheduled = z.object({ job: z.enum(jobNames), scheduledAt: z.string().check(z.refine((at) => !Number.isNaN(Date.parse(at)))) });

export const scheduled = (run: JobsService) => async (event: unknown) => {
  const { job, scheduledAt } = Scheduled.parse(event);
  return run({ job, scheduledAt: new Date(scheduledAt) });
};
