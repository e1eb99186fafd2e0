import { placesStore } from '../places/store.js';
import type { DataPorts } from '../platform/ports.js';
import { rollupsStore } from '../rollups/store.js';
import { sortingStore } from '../sorting/store.js';
import { rollUpDay, rollUpWeek } from './roll-up.js';
import { type JobRequest, runJob } from './run-job.js';
import { runStore } from './runs.js';

/** Runs the jobs that count. They have no key, and can open nothing. */
export function countingJobs({ db, tableNames, now, newId }: DataPorts): JobsService {
  const deps = {
    rollups: rollupsStore(db, tableNames.rollups),
    sites: placesStore(db, tableNames.places),
    checkIns: sortingStore(db, tableNames.sorting),
    now,
    newId,
  };
  const jobs = { 'roll-up-week': rollUpWeek(deps), 'roll-up-day': rollUpDay(deps) };
  const runs = runStore(db, tableNames.jobs);
  return (request, shown) => runJob(jobs, request, { runs, now, newId }, shown);
}
export type JobsService = (request: JobRequest, shown?: (done: number, due: number) => void) => ReturnType<typeof runJob>;
