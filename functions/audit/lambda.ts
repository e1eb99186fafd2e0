import { toLambda } from '../http/to-lambda.js';
import { awsAnswering } from '../platform/aws.js';
import { auditService } from './wiring.js';

export const handler = toLambda(auditService(await awsAnswering()));
