import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cityDay } from '../../shared/time/day.js';
import { addWeeks, weekOf } from '../../shared/time/week.js';

/** The service as a newcomer starts it: processes of their own, on a folder of their own. */
const root = fileURLToPath(new URL('../../', import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), 'gongzhi-local-'));
const env = { ...process.env, DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'warn' };
const node = (script: string, ...args: string[]) => ['--import', 'tsx', `infra/local/${script}.ts`, ...args];
/** Waits for a command without holding up this process, whose connections to the service would be closed meanwhile. */
function run(
  extra: NodeJS.ProcessEnv,
  script: string,
  ...args: string[]
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, node(script, ...args), { cwd: root, env: { ...env, ...extra } });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text) => (stdout += text));
    child.stderr.on('data', (text) => (stderr += text));
    child.once('exit', (status) => resolve({ status, stdout, stderr }));
  });
}
const command = (script: string, ...args: string[]) => run({}, script, ...args);

interface Started {
  readonly child: ChildProcess;
  readonly url: string;
  readonly output: string;
}
function start(...args: string[]): Promise<Started> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, node('start', ...args), { cwd: root, env });
    let output = '';
    const hear = (text: Buffer) => {
      output += text;
      const url = /Residents +(http:\S+?)\/\s/.exec(output)?.[1];
      if (url && output.includes('accounts.json')) resolve({ child, url, output });
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${output}`)));
  });
}
const exited = (child: ChildProcess) =>
  new Promise<void>((resolve) => (child.exitCode === null && !child.signalCode ? child.once('exit', () => resolve()) : resolve()));
const json = async (address: string, init?: RequestInit) => (await fetch(address, init)).json();

interface Account {
  readonly role: string;
  readonly phone: string;
  readonly name: string;
  readonly scope: { readonly siteIds?: string[]; readonly areaCode?: string };
}
async function signIn(url: string, phone: string): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  await fetch(`${url}/v1/sign-in/codes`, { method: 'POST', headers, body: JSON.stringify({ phone }) });
  const [newest] = (await json(`${url}/local/outbox.json?to=${encodeURIComponent(phone)}`)) as { code: string }[];
  const { accessToken } = (await json(`${url}/v1/sign-in`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ phone, code: newest?.code }),
  })) as { accessToken: string };
  return accessToken;
}

const lastWeek = addWeeks(weekOf(cityDay(new Date())), -1);

describe('the local service', () => {
  let first: Started;
  let accounts: Account[];
  beforeAll(async () => {
    first = await start('--fresh');
    accounts = (await json(`${first.url}/local/accounts.json`)) as Account[];
  });
  afterAll(async () => {
    first?.child.kill();
    await exited(first.child);
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('says where to click and prints one account of every role', () => {
    for (const place of ['/', '/manager', '/bureau', '/openapi.json', '/local/outbox'])
      expect(first.output).toContain(`${first.url}${place}`);
    for (const role of ['resident', 'manager', 'clinic', 'officer', 'bureau']) {
      const own = accounts.filter((account) => account.role === role);
      expect(own.length, role).toBeGreaterThan(0);
      expect(first.output).toContain(own[0]?.phone);
    }
    expect(first.output).toMatch(/check-ins/);
  });

  test('has a demo city of 120 sites, 20,000 households and six closed weeks', async () => {
    const bureau = await signIn(first.url, accounts.find(({ role }) => role === 'bureau')?.phone as string);
    const headers = { authorization: `Bearer ${bureau}` };
    const get = (path: string) => json(`${first.url}${path}`, { headers });
    const { sites } = (await get('/v1/sites?limit=200')) as { sites: { siteId: string; siteType: string }[] };
    expect(sites).toHaveLength(120);
    expect(new Set(sites.map(({ siteType }) => siteType)).size).toBe(9);
    const sizes = await Promise.all(
      sites.map(async ({ siteId }) => ((await get(`/v1/sites/${siteId}`)) as { households: number }).households),
    );
    expect(sizes.reduce((a, b) => a + b, 0)).toBe(20_000);
    const { weeks } = (await get(`/v1/areas/440311/trend?from=${addWeeks(lastWeek, -10)}&to=${lastWeek}`)) as {
      weeks: { status: string; rate: number; sitesDue: number; sitesReporting: number }[];
    };
    expect(weeks.map(({ status }) => status)).toEqual(Array(6).fill('closed'));
    for (const { rate, sitesDue, sitesReporting } of weeks) {
      expect(rate).toBeGreaterThan(0.5);
      expect(rate).toBeLessThan(0.9);
      expect(sitesReporting).toBeLessThanOrEqual(sitesDue);
    }
  });

  test('serves its pages with nothing from another host', async () => {
    for (const page of ['/', '/manager', '/bureau']) {
      const response = await fetch(first.url + page);
      const html = await response.text();
      expect([response.status, response.headers.get('content-security-policy')]).toEqual([
        200,
        expect.stringContaining("default-src 'none'"),
      ]);
      expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
    }
    expect(await json(`${first.url}/openapi.json`)).toMatchObject({ openapi: '3.1.0' });
  });

  test('a second start on the same data says who runs there, and harms nothing', async () => {
    const { status, stderr } = await command('start');
    expect(status).toBe(1);
    expect(stderr).toContain(`process ${first.child.pid} serves it at ${first.url}`);
    expect((await fetch(`${first.url}/v1/areas`)).status).toBe(200);
  });

  test('a job runs on demand beside it, shows its progress, and tells the figures', async () => {
    const closed = await command('job', 'roll-up-week', lastWeek);
    expect([closed.status, closed.stdout]).toEqual([
      0,
      expect.stringMatching(new RegExp(`${lastWeek}: closed already, revision 1\\. Participation \\d+/\\d+ = `)),
    ]);
    const counted = await command('job', 'roll-up-day', addWeeks(lastWeek, 1));
    expect(counted.stderr).toContain(`${addWeeks(lastWeek, 1)}: 72`);
    expect(counted.stdout).toMatch(/provisional, revision 0/);
    expect((await command('job', 'roll-up-week', addWeeks(lastWeek, 1))).stderr).toContain('is not over');
    expect((await command('job', 'sweep')).stderr).toContain('Usage');
    expect((await command('job', 'roll-up-week', '2025-W53')).stderr).toContain('not an ISO week');
  });

  test('keys rotate, records are wrapped anew, a purge says what it would take and the record is checked, beside it', async () => {
    expect((await command('keys', 'rotate', 'signing')).stdout).toContain('Nobody is signed out');
    const { keys } = (await (await fetch(`${first.url}/.well-known/jwks.json`)).json()) as { keys: unknown[] };
    expect(keys).toHaveLength(2);
    expect((await command('keys', 'rotate', 'master')).stdout).toContain('re-wrap');
    expect((await command('job', 're-wrap')).stdout).toMatch(/re-wrap: wrapped \d+/);
    expect((await command('job', 'purge', '--dry-run')).stdout).toMatch(/purge \(dry run: nothing was done\): .*looked \d+/);
    expect((await command('job', 'roll-up-day', '--dry-run')).stderr).toContain('has no dry run');
    expect((await command('audit', 'verify')).stdout).toMatch(/links of \d+ days? are as they were written/);
    expect((await command('keys')).stderr).toContain('Usage');
  });

  test('there is one first bureau account, and it makes the others', async () => {
    expect((await command('first-bureau', '19900990001', '王局')).stderr).toContain('a bureau account already');
    expect((await command('first-bureau')).stderr).toContain('Usage');
  });

  test('keeps its key to its owner, and no phone or name where its engine writes', () => {
    for (const file of ['keys.json', 'gongzhi.db', 'accounts.json', 'outbox.jsonl'])
      expect(statSync(join(dataDir, file)).mode & 0o777, file).toBe(0o600);
    const raw = readFileSync(join(dataDir, 'gongzhi.db')).toString('latin1');
    for (const { phone, name } of accounts) {
      expect(raw).not.toContain(phone.slice(3));
      expect(raw).not.toContain(Buffer.from(name).toString('latin1'));
    }
  });

  test('killed outright, it leaves no engine behind and starts again with everything acknowledged', async () => {
    const manager = accounts.find(({ role }) => role === 'manager') as Account;
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${await signIn(first.url, manager.phone)}` };
    const { sites } = (await json(`${first.url}/v1/sites`, { headers })) as { sites: { siteId: string; siteType: string }[] };
    const siteId = sites.find(({ siteType }) => siteType === 'estate')?.siteId as string;
    const put = (url: string, n: number) =>
      fetch(`${url}/v1/sites/${siteId}/check-ins/00000000-0000-4000-8000-${String(n).padStart(12, '0')}`, {
        method: 'PUT',
        headers,
        body: JSON.stringify({ checkInDay: cityDay(new Date()), householdNos: [n], source: 'scan' }),
      });
    const acknowledged: number[] = [];
    const logging = (async () => {
      for (let n = 1; n <= 100; n++) {
        const response = await put(first.url, n).catch(() => undefined);
        if (!response) return;
        if (response.status === 200) acknowledged.push(n);
      }
    })();
    while (acknowledged.length < 20) await new Promise((resolve) => setTimeout(resolve, 5));
    const { enginePid } = JSON.parse(readFileSync(join(dataDir, 'lock.json'), 'utf8')) as { enginePid: number };
    first.child.kill('SIGKILL');
    await Promise.all([exited(first.child), logging]);
    await expect.poll(() => existsSync(`/proc/${enginePid}`), { timeout: 5_000 }).toBe(false);

    first = await start();
    expect(first.output).not.toMatch(/check-ins: /);
    const again = await Promise.all(
      acknowledged.map(
        async (n) => (await put(first.url, n)).json() as Promise<{ accepted: number; alreadyCheckedIn: number; rejected: unknown[] }>,
      ),
    );
    for (const reply of again) expect(reply.alreadyCheckedIn).toBe(reply.accepted);
    expect(again.some(({ accepted }) => accepted === 1)).toBe(true);
  });

  test('that loses its database says so and ends, rather than answer nothing but faults', async () => {
    const { enginePid } = JSON.parse(readFileSync(join(dataDir, 'lock.json'), 'utf8')) as { enginePid: number };
    expect(readFileSync(`/proc/${enginePid}/cmdline`, 'utf8')).toContain('--db-path');
    let said = '';
    first.child.stderr?.on('data', (text) => (said += text));
    process.kill(enginePid, 'SIGKILL');
    await exited(first.child);
    expect([first.child.exitCode, said]).toEqual([1, expect.stringContaining('database has ended')]);
    first = await start();
  });

  test('stopped, it gives the folder back', async () => {
    first.child.kill('SIGTERM');
    await exited(first.child);
    expect(existsSync(join(dataDir, 'lock.json'))).toBe(false);
    const counted = await command('job', 'roll-up-day', addWeeks(lastWeek, 1));
    expect([counted.status, existsSync(join(dataDir, 'lock.json'))]).toEqual([0, false]);
    first = await start();
  });
});

describe('on a fresh folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gongzhi-first-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const make = (...args: string[]) => run({ DATA_DIR: folder }, 'first-bureau', ...args);
  test('no job runs where there is nothing yet', async () => {
    const { status, stderr } = await run({ DATA_DIR: folder }, 'job', 'roll-up-week', lastWeek);
    expect([status, stderr]).toEqual([1, expect.stringContaining('Start the service first')]);
    expect(existsSync(join(folder, 'gongzhi.db'))).toBe(false);
  });
  test('a port that is taken is said before anything is made', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    const { status, stderr } = await run({ DATA_DIR: folder, PORT: String(port) }, 'start');
    expect([status, stderr]).toEqual([1, expect.stringContaining(`Port ${port} is taken`)]);
    expect(existsSync(join(folder, 'gongzhi.db'))).toBe(false);
    taken.close();
  });
  test('the first bureau account is made by a command, from a valid phone alone, and once', async () => {
    expect((await make('12', '王局')).stderr).toContain('not valid');
    expect((await make('199 0099 0001', '王局')).stdout).toMatch(/has the role bureau/);
    expect((await make('19900990002', '李局')).stderr).toContain('already');
  });
});

test.each([
  ['a port that is none', { PORT: 'eighty' }, [], /PORT must be a number/],
  ['an unknown option', {}, ['--quick'], /Unknown option --quick/],
  ['--fresh on a database that is not its own', { DYNAMODB_ENDPOINT: 'http://127.0.0.1:1' }, ['--fresh'], /yours to clear/],
] as const)('%s is answered with a sentence', async (_, extra, args, sentence) => {
  const { status, stderr } = await run(extra, 'start', ...args);
  expect(status).toBe(1);
  expect(stderr).toMatch(sentence);
  expect(stderr).not.toMatch(/\n {4}at /);
});
