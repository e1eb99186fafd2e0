import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { type Domain, domains } from '../../shared/catalog.js';

/** The order of the house, read off what esbuild resolves rather than off how imports are written. */
const root = fileURLToPath(new URL('../../', import.meta.url));
const files = (folder: string, ending = /\.tsx?$/) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ending.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));

interface Import {
  readonly from: string;
  readonly to: string;
}
async function importsOf(folder: string): Promise<Import[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: files(folder).filter((file) => !file.endsWith('.d.ts')),
    bundle: true,
    write: false,
    outdir: '.build/unused',
    metafile: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.css': 'empty', '.html': 'empty', '.svg': 'empty' },
    // Types vanish when compiled, and would hide an import that only names a type.
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
    logLevel: 'silent',
  });
  const seen = Object.entries(metafile.inputs).flatMap(([from, { imports }]) => imports.map(({ path }) => ({ from, to: path })));
  return [...seen, ...files(folder).flatMap(typeImportsOf)];
}

/** `import type` leaves no trace in a bundle. */
function typeImportsOf(from: string): Import[] {
  const text = readFileSync(join(root, from), 'utf8');
  return [...text.matchAll(/import type [^;]*? from '(\.[^']+)'/g)].map(([, path]) => ({
    from,
    to: normalize(join(dirname(from), path as string)).replace(/\.js$/, '.ts'),
  }));
}
const first = (path: string) => path.split('/')[0] as string;
const second = (path: string) => path.split('/')[1] as string;

describe('imports', () => {
  test('run from infra to functions to shared, and never back', async () => {
    const order = ['shared', 'functions', 'infra'];
    const imports = [...(await importsOf('shared')), ...(await importsOf('functions'))];
    const back = imports.filter(({ from, to }) => order.includes(first(to)) && order.indexOf(first(to)) > order.indexOf(first(from)));
    expect(imports.length).toBeGreaterThan(100);
    expect(back).toEqual([]);
  });

  test('of shared reach for zod and nothing else outside it, so that it runs in a browser', async () => {
    const outside = (await importsOf('shared')).map(({ to }) => to).filter((to) => first(to) !== 'shared');
    expect([...new Set(outside)]).toEqual(['zod/mini']);
  });

  test('of a domain reach for another domain in its wiring alone', async () => {
    const names = Object.keys(domains);
    const across = (await importsOf('functions')).filter(
      ({ from, to }) =>
        first(from) === 'functions' &&
        first(to) === 'functions' &&
        names.includes(second(from)) &&
        names.includes(second(to)) &&
        second(from) !== second(to) &&
        !from.endsWith('/wiring.ts'),
    );
    expect(across).toEqual([]);
  });

  test('of pages leave the other functions alone', async () => {
    const reached = (await importsOf('functions/pages'))
      .filter(({ from, to }) => from.startsWith('functions/pages/') && first(to) === 'functions' && second(to) !== 'pages')
      .map(({ from, to }) => `${from} → ${to}`)
      .filter((line) => !line.startsWith('functions/pages/lambda.ts'));
    expect(reached).toEqual([]);
  });
});

describe('the house', () => {
  test('every domain has the same files', () => {
    for (const domain of Object.keys(domains)) {
      const own = readdirSync(join(root, 'functions', domain));
      expect(own, domain).toEqual(expect.arrayContaining(['handlers.ts', 'lambda.ts', 'personal.ts', 'store.ts', 'wiring.ts']));
      expect(readdirSync(join(root, 'shared', domain)), domain).toEqual(expect.arrayContaining(['contract.ts', 'rules.ts']));
    }
  });

  test('an address is counted only where there is a secret to hash it by', () => {
    for (const [name, domain] of Object.entries(domains) as [string, Domain][]) {
      const byAddress = Object.values(domain.contract).some(({ limits = [] }) => limits.some(({ per }) => per === 'address'));
      if (byAddress) expect(domain.keys, name).toContain('personal');
    }
  });

  test('a key’s separator is written in stores and in the seed’s tests of them alone', () => {
    const keyed = files('functions').filter((file) => /[`'][A-Z]+#/.test(readFileSync(join(root, file), 'utf8')));
    const stores = [
      'accounts/people',
      'accounts/roles',
      'audit/chain',
      'http/limits',
      'http/standing',
      'jobs/runs',
      'jobs/walk',
      'messages/message',
      'places/sites',
      'places/tenures',
      'places/register',
      'privacy/consents',
      'privacy/reveals',
      'rollups/weeks',
      'rollups/figures',
      'sessions/codes',
      'sessions/wechat-visits',
      'sorting/batches',
      'sorting/days',
    ];
    expect(keyed.sort()).toEqual(stores.map((store) => `functions/${store}.ts`).sort());
  });

  test('no file has outgrown two screens, and none is a drawer for odds and ends', () => {
    const code = ['shared', 'functions', 'infra'].flatMap((folder) => files(folder));
    const long = code
      .map((file) => [file, readFileSync(join(root, file), 'utf8').split('\n').length] as const)
      .filter(([, lines]) => lines > 230);
    expect(long).toEqual([]);
    expect(code.filter((file) => /(^|\/)(utils?|helpers?|common|misc)(\/|\.)/.test(file))).toEqual([]);
  });

  test('zod is imported whole and small', () => {
    const all = ['shared', 'functions', 'infra', 'test'].flatMap((folder) => files(folder));
    const other = all.filter((file) => {
      const lines = readFileSync(join(root, file), 'utf8').match(/^import .*from 'zod.*$/gm) ?? [];
      return lines.some((line) => !/^import (type )?\* as z from 'zod\/mini';$/.test(line));
    });
    expect(other).toEqual([]);
  });

  test('tables are read through by the jobs that keep them in order, in one place, and by nothing else', () => {
    const scans = files('functions').filter((file) => /ScanCommand/.test(readFileSync(join(root, file), 'utf8')));
    expect(scans).toEqual(['functions/jobs/walk.ts']);
  });

  test('no absolute path and no registry host is written down', () => {
    const all = [
      ...['shared', 'functions', 'infra', 'test'].flatMap((folder) => files(folder, /\.(tsx?|mjs|json|html|css)$/)),
      'README.md',
      'package.json',
      'package-lock.json',
      'cdk.json',
      '.ci/run',
    ];
    const places = all.filter((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      return new RegExp(['/ho', 'me/[a-z]|/wo', 'rk/|/ro', 'ot/'].join('')).test(text) || /registry\.[a-z]+\.(org|com)/.test(text);
    });
    expect(places).toEqual([]);
  });
});
