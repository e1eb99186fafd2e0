import { toLambda } from '../http/to-lambda.js';
import { awsPorts } from '../platform/aws-outside.js';
import { sessionsService } from './wiring.js';

export const handler = toLambda(sessionsService(await awsPorts()));
