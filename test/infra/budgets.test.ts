import { mkdtemp, rm } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleFunctions, domainNames, type FunctionBundles, functionNames } from '../../infra/bundle/functions.js';

let folder: string;
let bundles: FunctionBundles;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'gongzhi-functions-'));
  bundles = await bundleFunctions(folder);
  console.table(
    bundles.budgets.map(({ name, bytes, budget }) => ({ function: name, bytes, budget, share: `${Math.round((100 * bytes) / budget)} %` })),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(functionNames)('the %s function is light enough to start while somebody waits', (name) => {
  const { bytes = Number.NaN, budget = 0 } = bundles.budgets.find((row) => row.name === name) ?? {};
  expect(bytes).toBeLessThanOrEqual(budget);
});

test('only what signs people in, what knows everything about a person and what keeps order may weigh more than others', () => {
  const more = bundles.budgets.filter(({ budget }) => budget > 400 * 1024);
  expect(more.map(({ name, budget }) => [name, budget / 1024])).toEqual([
    ['sessions', 500],
    ['privacy', 500],
    ['caretaker', 500],
  ]);
});

test('what a function needs is in its bundle, but for what the SDK never comes to need on Lambda', () => {
  const left = Object.values(bundles.metafile.outputs).flatMap(({ imports }) => imports.filter(({ external }) => external));
  const foreign = left.filter(({ path: module }) => !builtinModules.includes(module.replace('node:', '')));
  expect(foreign.map(({ path: module }) => module)).not.toEqual([]);
  for (const { path: module, kind } of foreign) {
    expect(module).toMatch(
      /^(@aws-sdk\/credential-provider-(http|ini|login|process|sso|web-identity)|@smithy\/(credential-provider-imds|core\/event-streams))$/,
    );
    expect(kind).toBe('dynamic-import');
  }
});

test('no function carries another domain’s handlers', () => {
  for (const [file, { inputs }] of Object.entries(bundles.metafile.outputs)) {
    const name = path.basename(path.dirname(file));
    const handlers = Object.keys(inputs).filter((input) => /^functions\/\w+\/handlers\.ts$/.test(input));
    const own = domainNames.some((domain) => domain === name) && !file.endsWith('.map') ? [`functions/${name}/handlers.ts`] : [];
    expect(handlers).toEqual(own);
  }
});
