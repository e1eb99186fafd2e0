import { type SendDeps, sendDue } from '../messages/send.js';
import type { Job } from './run-job.js';

/** A run ends before the next one begins, a minute later. */
const mostMessages = 200;

/** Every minute: sends the messages that are due. */
export const sendMessages = (deps: SendDeps): Job => ({
  about: () => undefined,
  work: async (_, progress) => sendDue(deps, { mostMessages, progress }),
});
