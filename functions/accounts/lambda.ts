import { toLambda } from '../http/to-lambda.js';
import { awsPersonal } from '../platform/aws.js';
import { accountsService } from './wiring.js';

export const handler = toLambda(accountsService(await awsPersonal()));
