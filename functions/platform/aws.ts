import { randomUUID } from 'node:crypto';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type TableName, tables } from '../../shared/catalog.js';
import { connect } from '../database/client.js';
import { keysFrom } from './keys.js';
import { DeliveryFailed } from './messages.js';
import type { DataPorts, Ports } from './ports.js';

/** The data of a Lambda function, from the environment its stack gave it: TABLE_<NAME>. */
export const awsData = (env: NodeJS.ProcessEnv = process.env): DataPorts => ({
  db: connect({}),
  tableNames: tableNamesFrom(env),
  now: () => new Date(),
  newId: randomUUID,
});

/** The ports of a Lambda function that answers people: its data, and the keys derived of MASTER_SECRET_ARN. */
export async function awsPorts(env: NodeJS.ProcessEnv = process.env): Promise<Ports> {
  const secret = await new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId: env.MASTER_SECRET_ARN }));
  return {
    ...awsData(env),
    keys: keysFrom(secret.SecretString ?? ''),
    messages: {
      sms: {
        deliver: async () => {
          throw new DeliveryFailed('not_configured', true);
        },
      },
    },
    secureCookies: true,
  };
}

/** A function knows the names of its own tables alone; asking for another is a fault of the catalogue. */
export function tableNamesFrom(env: NodeJS.ProcessEnv): Record<TableName, string> {
  const names = Object.keys(tables).map((table) => [table, env[`TABLE_${table.toUpperCase()}`] ?? '']);
  return Object.fromEntries(names) as Record<TableName, string>;
}
