import { caretakerJobs } from '../../functions/caretaker/wiring.js';
import { countingJobs, type JobsService } from '../../functions/jobs/wiring.js';
import type { Ports } from '../../functions/platform/ports.js';
import { jobs, type RunnerName } from '../../shared/catalog.js';

/** Every job of the catalogue, each by its own runner, as the schedule on AWS would call it. */
export function localJobs(ports: Ports): JobsService {
  const runners: Record<RunnerName, JobsService> = { jobs: countingJobs(ports), caretaker: caretakerJobs(ports) };
  return (request, shown) => runners[jobs[request.job].runner](request, shown);
}
