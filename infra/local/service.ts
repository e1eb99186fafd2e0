import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { problemResult } from '../../functions/http/results.js';
import { toLambda } from '../../functions/http/to-lambda.js';
import type { JobsService } from '../../functions/jobs/wiring.js';
import { pagesService } from '../../functions/pages/serve.js';
import { placesStore } from '../../functions/places/store.js';
import { phoneOf } from '../../functions/platform/phone.js';
import type { Ports } from '../../functions/platform/ports.js';
import { rollupsStore } from '../../functions/rollups/store.js';
import { type DomainName, domains, pagesRoute } from '../../shared/catalog.js';
import { cityDistrict } from '../../shared/city/areas.js';
import { Failure } from '../../shared/http/failures.js';
import { languageOf } from '../../shared/http/problem.js';
import { bundlePages } from '../bundle/pages.js';
import { databaseFile, type Engine, startEngine } from './engine.js';
import { createHost, type Lambda } from './host.js';
import { localJobs } from './jobs.js';
import { keyFileName } from './key-file.js';
import { hold } from './lock.js';
import { type Outbox, outbox } from './outbox.js';
import { outboxPage } from './outbox-page.js';
import { localPorts } from './ports.js';
import { catchUp, schedule } from './schedule.js';
import { type DemoAccount, type Progress, seed } from './seed/seed.js';
import { services } from './services.js';
import { createTables } from './tables.js';
import { weChatAccount, weChatAt } from './wechat/account.js';
import { type StandIn, startWeChat } from './wechat/stand-in.js';

export interface ServiceOptions {
  readonly dataDir: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Fill empty tables with the demo city. */
  readonly seed?: boolean;
  /** Forget what the folder holds, first. */
  readonly fresh?: boolean;
  /** Run the jobs at their times. */
  readonly schedule?: boolean;
  /** A DynamoDB that runs already, instead of the embedded one. */
  readonly endpoint?: string | undefined;
  /** Build the pages and serve them; a test of the interface alone does without. */
  readonly pages?: boolean;
  readonly now?: () => Date;
  readonly progress?: Progress;
}

export interface Running {
  readonly url: string;
  /** The stand-in for WeChat's servers. */
  readonly wechat: StandIn;
  readonly ports: Ports;
  readonly jobs: JobsService;
  readonly outbox: Outbox;
  readonly accounts: readonly DemoAccount[];
  /** Settles if the database ends by itself: nothing can be answered from then on. */
  readonly databaseLost: Promise<void>;
  stop(): Promise<void>;
}

/** The whole service in this process: database, functions, jobs and pages. Throws `FolderHeld` where the folder is in use. */
export async function startService(options: ServiceOptions): Promise<Running> {
  const { dataDir, now = () => new Date() } = options;
  mkdirSync(dataDir, { recursive: true });
  const lock = await hold(dataDir);
  const undo: (() => unknown)[] = [() => lock.release()];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    // Sooner said than after the demo city has been made.
    await mustBeFree(options.port);
    if (options.fresh) forget(dataDir);
    if (existsSync(join(dataDir, earlierKey)))
      throw new Error(`What is in ${dataDir} was made by an earlier version. Begin again with: npm start -- --fresh`);
    const engine = options.endpoint ? undefined : await embedded(dataDir, lock, undo);
    const endpoint = options.endpoint ?? (engine as Engine).endpoint;
    lock.update({ endpoint });
    const box = outbox(dataDir, now);
    const wechat = await startWeChat({ port: 0, ...weChatAccount, now, onTemplate: box.keepTemplate });
    undo.push(wechat.stop);
    lock.update({ wechat: wechat.url });
    const ports = localPorts(endpoint, dataDir, { messages: box.messages, wechat: weChatAt(wechat.url) }, now);
    undo.push(() => ports.db.destroy());
    await createTables(ports.db);
    const accounts = options.seed ? await seedOnce(ports, dataDir, !options.endpoint, options.progress ?? (() => {})) : [];

    const jobs = localJobs(ports);
    if (options.schedule) {
      await catchUp(jobs, rollupsStore(ports.db, ports.tableNames.rollups), now());
      undo.push(schedule(jobs));
    }
    const lambdas = lambdasOf(ports);
    lambdas.set(pagesRoute, options.pages ? await pagesLambda(join(dataDir, 'pages')) : nothingThere);
    const server = createHost(lambdas, localPagesOf(box, accounts));
    const url = await listen(server, options.port);
    undo.push(
      () =>
        new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeIdleConnections();
          setTimeout(() => server.closeAllConnections(), 1_000).unref();
        }),
    );
    lock.update({ url });
    return { url, wechat, ports, jobs, outbox: box, accounts, stop, databaseLost: engine?.lost ?? new Promise(() => {}) };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function embedded(dataDir: string, lock: { update(facts: { enginePid: number }): void }, undo: (() => unknown)[]): Promise<Engine> {
  const engine = await startEngine(join(dataDir, databaseFile));
  undo.push(engine.stop);
  lock.update({ enginePid: engine.pid });
  return engine;
}

/** The one key of a version before; what it sealed is read by none of today's. */
const earlierKey = 'master.key';

/** Only what this service has written there: the folder may hold other things. */
function forget(dataDir: string): void {
  for (const file of [
    databaseFile,
    `${databaseFile}-wal`,
    `${databaseFile}-shm`,
    keyFileName,
    earlierKey,
    'outbox.jsonl',
    'accounts.json',
  ]) {
    rmSync(join(dataDir, file), { force: true });
  }
}

/** The list of accounts is written last: a seeding that was cut short is done again, and makes the same city. */
async function seedOnce(ports: Ports, dataDir: string, ours: boolean, progress: Progress): Promise<readonly DemoAccount[]> {
  const file = join(dataDir, 'accounts.json');
  if (!existsSync(file) && !ours && (await holdsSites(ports))) {
    throw new Error('The database at DYNAMODB_ENDPOINT holds sites already, and they are not from this data folder: it is not seeded.');
  }
  if (!existsSync(file)) writeFileSync(file, JSON.stringify(await seed(ports, progress), null, 1));
  return JSON.parse(readFileSync(file, 'utf8')) as DemoAccount[];
}

async function holdsSites({ db, tableNames }: Ports): Promise<boolean> {
  for await (const _ of placesStore(db, tableNames.places).everySite(cityDistrict.areaCode)) return true;
  return false;
}

function lambdasOf(ports: Ports): Map<string, Lambda> {
  return new Map(
    (Object.keys(domains) as DomainName[]).flatMap((domain) => {
      const lambda = toLambda(services[domain](ports)) as unknown as Lambda;
      return Object.keys(domains[domain].contract).map((routeKey): [string, Lambda] => [routeKey, lambda]);
    }),
  );
}

async function pagesLambda(dir: string): Promise<Lambda> {
  await bundlePages(dir);
  return toLambda(pagesService((file) => readFile(join(dir, file)))) as unknown as Lambda;
}

const nothingThere: Lambda = async ({ headers }) => problemResult(new Failure('route_not_found'), languageOf(headers['accept-language']));

function localPagesOf(box: Outbox, accounts: readonly DemoAccount[]) {
  const json = (value: unknown) => ({ type: 'application/json', body: JSON.stringify(value) });
  return new Map([
    ['/local/outbox', () => ({ type: 'text/html; charset=utf-8', body: outboxPage(box.sent()) })],
    ['/local/outbox.json', (query: URLSearchParams) => json(box.sent(phoneIn(query)))],
    ['/local/accounts.json', () => json(accounts)],
  ]);
}

/** `?to=` in any way a phone is written; a plus sign that the caller did not encode arrives as a space. */
function phoneIn(query: URLSearchParams): string | undefined {
  const written = query.get('to')?.replace(/^ /, '+');
  if (written === undefined) return undefined;
  try {
    return phoneOf(written);
  } catch {
    return written;
  }
}

async function mustBeFree(port: number): Promise<void> {
  const probe = createServer();
  await listen(probe, port);
  await new Promise((resolve) => probe.close(resolve));
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new Error(`Port ${port} is taken. Name another with PORT.`) : error),
    );
    server.listen(port, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}
