import { toLambda } from '../http/to-lambda.js';
import { awsAnswering } from '../platform/aws.js';
import { sortingService } from './wiring.js';

export const handler = toLambda(sortingService(await awsAnswering()));
