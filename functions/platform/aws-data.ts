import { randomUUID } from 'node:crypto';
import { type TableName, tables } from '../../shared/tables.js';
import { connect } from '../database/client.js';
import type { DataPorts } from './ports.js';

/** The data of a Lambda function. */
export const awsData = (env: NodeJS.ProcessEnv = process.env): DataPorts => ({
  db: connect({}),
  tableNames: tableNamesFrom(env),
  now: () => new Date(),
  newId: randomUUID,
});

/** A function knows the names of its own tables alone; asking for another is a fault of the catalogue. */
export function tableNamesFrom(env: NodeJS.ProcessEnv): Record<TableName, string> {
  const names = Object.keys(tables).map((table) => [table, env[`TABLE_${table.toUpperCase()}`] ?? '']);
  return Object.fromEntries(names) as Record<TableName, string>;
}
