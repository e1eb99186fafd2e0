import { toLambda } from '../http/to-lambda.js';
import { awsPorts } from '../platform/aws.js';
import { sortingService } from './wiring.js';

export const handler = toLambda(sortingService(await awsPorts()));
