import { toLambda } from '../http/to-lambda.js';
import { awsAnswering } from '../platform/aws.js';
import { placesService } from './wiring.js';

export const handler = toLambda(placesService(await awsAnswering()));
