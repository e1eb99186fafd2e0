import { progressLine } from './progress.js';
import { startService } from './service.js';
import { giveUp, settings } from './settings.js';

/** `npm start`: the service with its demo city. `npm start -- --fresh` forgets what was there. */
const args = process.argv.slice(2);
const unknown = args.find((arg) => arg !== '--fresh');
if (unknown) giveUp(`Unknown option ${unknown}. The only one is --fresh.`);

try {
  const { port, dataDir, endpoint } = settings();
  const fresh = args.includes('--fresh');
  if (fresh && endpoint) throw new Error('--fresh clears the embedded database only; the one at DYNAMODB_ENDPOINT is yours to clear.');
  const service = await startService({ port, dataDir, endpoint, fresh, seed: true, pages: true, schedule: true, progress: progressLine() });
  const { url, accounts, stop, databaseLost } = service;

  const oneOfEach = accounts.filter(({ role }, i) => accounts.findIndex((account) => account.role === role) === i);
  console.log(`
共治 Gongzhi is running. Stop it with Ctrl-C.

  居民 Residents           ${url}/
  物业 Property managers   ${url}/manager
  城管局 The bureau        ${url}/bureau
  Interface (OpenAPI)      ${url}/openapi.json

Sign in with a phone number; the code arrives at ${url}/local/outbox
微信登录 goes to a stand-in for WeChat, where you choose who you are.

${oneOfEach.map(({ role, phone, name }) => `  ${role.padEnd(10)} ${phone}   ${name}`).join('\n')}

All demo accounts: ${url}/local/accounts.json
`);
  databaseLost.then(() => giveUp('The embedded database has ended by itself. What was acknowledged is kept: start again.'));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, async () => {
      await stop();
      process.exit(0);
    });
  }
} catch (error) {
  giveUp(error);
}
