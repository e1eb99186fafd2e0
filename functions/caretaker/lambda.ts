import { scheduled } from '../jobs/scheduled.js';
import { awsPorts } from '../platform/aws-outside.js';
import { caretakerJobs } from './wiring.js';

export const handler = scheduled(caretakerJobs(await awsPorts()));
