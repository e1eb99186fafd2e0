import { toLambda } from '../http/to-lambda.js';
import { awsAnswering } from '../platform/aws.js';
import { messagesService } from './wiring.js';

export const handler = toLambda(messagesService(await awsAnswering()));
