import { toLambda } from '../http/to-lambda.js';
import { awsAnswering } from '../platform/aws.js';
import { rollupsService } from './wiring.js';

export const handler = toLambda(rollupsService(await awsAnswering()));
