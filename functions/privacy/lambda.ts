import { toLambda } from '../http/to-lambda.js';
import { awsPersonal } from '../platform/aws.js';
import { privacyService } from './wiring.js';

export const handler = toLambda(privacyService(await awsPersonal()));
