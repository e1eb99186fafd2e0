import { awsData } from '../platform/aws-data.js';
import { scheduled } from './scheduled.js';
import { countingJobs } from './wiring.js';

export const handler = scheduled(countingJobs(awsData()));
