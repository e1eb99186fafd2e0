import { auditContract } from '../../shared/audit/contract.js';
import { dispatch } from '../http/dispatch.js';
import { runStore } from '../jobs/runs.js';
import type { AnsweringPorts } from '../platform/ports.js';
import { auditHandlers } from './handlers.js';
import { auditStore } from './store.js';

export const auditService = (ports: AnsweringPorts) => {
  const { db, tableNames, now } = ports;
  const deps = { audit: auditStore(db, tableNames.audit, now), runs: runStore(db, tableNames.jobs), now };
  return dispatch(auditContract, auditHandlers, deps, ports);
};
