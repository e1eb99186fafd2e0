import { messagesContract } from '../../shared/messages/contract.js';
import { roleReader } from '../accounts/roles.js';
import { dispatch } from '../http/dispatch.js';
import type { AnsweringPorts } from '../platform/ports.js';
import { messagesHandlers } from './handlers.js';
import { messagesStore } from './store.js';

export function messagesService(ports: AnsweringPorts) {
  const { db, tableNames, now } = ports;
  const roleOf = roleReader(db, tableNames.accounts);
  const hasWeChat = async (personId: string) => Boolean((await roleOf(personId))?.claims.openid);
  const deps = { messages: messagesStore(db, tableNames.messages), hasWeChat, now };
  return dispatch(messagesContract, messagesHandlers, deps, ports);
}
