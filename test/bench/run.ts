import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { build } from 'esbuild';
import { claimsOf } from '../../functions/http/caller.js';
import { placesStore } from '../../functions/places/store.js';
import '../../infra/local/settings.js';
import { sessionsStore } from '../../functions/sessions/store.js';
import { bundleFunctions, functionNames } from '../../infra/bundle/functions.js';
import { startService } from '../../infra/local/service.js';
import type { Caller } from '../../shared/http/contract.js';

/**
 * `npm run bench`: times, each as a ratio to a baseline of the same run, so that the machine cancels out.
 * - A cold start against one of the document client alone: a fresh process that imports the bundle, median of nine.
 * - A request through the local host against a bare read of one item by the client, one after another.
 */
const root = mkdtempSync(join(tmpdir(), 'gongzhi-bench-'));
const median = (times: number[]) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)] as number;

async function coldStarts(): Promise<void> {
  const folder = join(root, 'functions');
  await bundleFunctions(folder);
  const bare = join(folder, 'bare.mjs');
  const source = `import { DynamoDBClient } from '@aws-sdk/client-dynamodb'; import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
    export const db = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'local' }));`;
  await build({
    stdin: { contents: source, resolveDir: process.cwd() },
    outfile: bare,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    external: ['@aws-sdk/credential-provider-*'],
  });
  const time = (file: string) => {
    const timer = join(root, 'time.mjs');
    // The secret's call fails at once, after everything has been loaded and every client made.
    writeFileSync(
      timer,
      `const t = performance.now(); await import(process.argv[2]).catch(() => {}); console.log(performance.now() - t); process.exit();`,
    );
    const env = {
      PATH: process.env.PATH,
      AWS_REGION: 'local',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
      AWS_ENDPOINT_URL_SECRETS_MANAGER: 'http://127.0.0.1:9',
      AWS_MAX_ATTEMPTS: '1',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    };
    return median(Array.from({ length: 9 }, () => Number(spawnSync(process.execPath, [timer, file], { env, encoding: 'utf8' }).stdout)));
  };
  const baseline = time(bare);
  for (const name of functionNames) report(`cold start of ${name}`, time(join(folder, name, 'index.mjs')) / baseline);
}

async function requests(): Promise<void> {
  const service = await startService({ dataDir: join(root, 'data'), port: 0 });
  const { db, tableNames, keys, tokens } = service.ports;
  const places = placesStore(db, tableNames.places);
  const [siteId, personId] = [randomUUID(), randomUUID()];
  const site = await places.keepSite(siteId, { name: '花园', siteType: 'estate', areaCode: '440311001005' });
  await places.handOver(site, { personId, organisation: '物业', sinceAt: new Date().toISOString() }, personId);
  await places.enter(
    siteId,
    Array.from({ length: 300 }, (_, i) => ({ householdNo: i + 1, label: `${i}`, occupied: true })),
  );
  const caller: Caller = { personId, role: 'manager', sessionId: randomUUID() };
  const session = { ...caller, way: 'sms', device: 'bench' } as const;
  await sessionsStore(db, tableNames.sessions, keys).openSession(session, async () => ({ role: 'manager' }), new Date());
  const authorization = `Bearer ${await tokens.sign(claimsOf(caller), personId, new Date())}`;
  const checkInDay = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  const body = JSON.stringify({ checkInDay, householdNos: Array.from({ length: 100 }, (_, i) => i + 1), source: 'list' });
  const log = () =>
    fetch(`${service.url}/v1/sites/${siteId}/check-ins/${randomUUID()}`, {
      method: 'PUT',
      headers: { authorization, 'content-type': 'application/json' },
      body,
    });
  const week = () => fetch(`${service.url}/v1/sites/${siteId}/weeks/2026-W40`, { headers: { authorization } });
  const read = () => db.send(new GetCommand({ TableName: tableNames.places, Key: { pk: 'none', sk: 'none' } }));

  const time = async (work: () => Promise<unknown>) => {
    const times: number[] = [];
    for (let i = 0; i < 200; i++) {
      const startedAt = performance.now();
      await work();
      times.push(performance.now() - startedAt);
    }
    return median(times);
  };
  await time(read);
  const baseline = await time(read);
  report('a batch of 100 check-ins (4 requests to the database)', (await time(log)) / baseline);
  report('a site’s week (3 requests to the database)', (await time(week)) / baseline);
  await service.stop();
}

const report = (what: string, ratio: number) => console.log(`${ratio.toFixed(2).padStart(6)} ×  ${what}`);

try {
  console.log('Against a cold start of the document client alone:');
  await coldStarts();
  console.log('Against a bare read of one item:');
  await requests();
} finally {
  rmSync(root, { recursive: true, force: true });
}
