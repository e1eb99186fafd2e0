import { placesStore } from '../places/store.js';
import type { DataPorts } from '../platform/ports.js';
import { rollupsStore } from '../rollups/store.js';
import { sortingStore } from '../sorting/store.js';
import { rollUpDay } from './roll-up-day.js';
import { rollUpWeek } from './roll-up-week.js';
import { type JobRequest, runJob } from './run-job.js';

export const jobsService = ({ db, tableNames, now, newId }: DataPorts) => {
  const deps = {
    rollups: rollupsStore(db, tableNames.rollups),
    sites: placesStore(db, tableNames.places),
    checkIns: sortingStore(db, tableNames.sorting),
    now,
    newId,
  };
  const jobs = { 'roll-up-week': rollUpWeek, 'roll-up-day': rollUpDay };
  return (request: JobRequest, progress?: (done: number, due: number) => void) =>
    runJob(jobs, request, progress ? { ...deps, progress } : deps);
};
export type JobsService = ReturnType<typeof jobsService>;
