import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile, type Plugin } from 'esbuild';
import { type DomainName, domains, type RunnerName, runners } from '../../shared/catalog.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The functions of the service: one a domain, those that run jobs, one for the pages. */
export type FunctionName = DomainName | RunnerName | 'pages';
export const domainNames = Object.keys(domains) as DomainName[];
export const runnerNames = Object.keys(runners) as RunnerName[];
export const functionNames: readonly FunctionName[] = [...domainNames, ...runnerNames, 'pages'];

/**
 * What the SDK imports only when it needs it, and never does here. Left out, it spares each bundle some 135 KB.
 * - Ways to come by credentials that a Lambda function does not have: a profile file, single sign-on, a command, a token
 *   file, the metadata of a machine or a container. The SDK looks at the environment first, where Lambda puts them, and
 *   at these only after it found nothing there.
 * - Event streams: no call made here answers with one.
 */
const neverReached = [
  ...['http', 'ini', 'login', 'process', 'sso', 'web-identity'].map((way) => `@aws-sdk/credential-provider-${way}`),
  '@smithy/credential-provider-imds',
  '@smithy/core/event-streams',
];

/** The SDK's clients import their whole package.json to say which version they are. */
const versionAlone: Plugin = {
  name: 'version-alone',
  setup({ onLoad }) {
    onLoad({ filter: /@aws-sdk[\\/]client-[\w-]+[\\/]package\.json$/ }, async ({ path: file }) => {
      const { version } = JSON.parse(await readFile(file, 'utf8')) as { version: string };
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

/** A function's code may weigh so much: it is read and compiled before the first resident is answered. */
const budget = 400 * 1024;
/**
 * Functions of their own: two speak to SNS, WeChat and a message gateway besides, and the third holds every domain's
 * store, being asked for everything about a person.
 */
const ownBudgets: Partial<Record<FunctionName, number>> = { sessions: 500 * 1024, caretaker: 500 * 1024, privacy: 500 * 1024 };

export interface FunctionBudget {
  readonly name: FunctionName;
  readonly bytes: number;
  readonly budget: number;
}

export interface FunctionBundles {
  readonly metafile: Metafile;
  readonly budgets: readonly FunctionBudget[];
}

/**
 * Builds every function into a folder of its own, `<outDir>/<name>/index.mjs`, with its source map beside it. Lambda
 * does not read the map (reading costs a quarter more CPU): a fault's stack is read by hand, or by setting
 * NODE_OPTIONS=--enable-source-maps on the function while it is being looked into.
 */
export async function bundleFunctions(outDir: string, { progress }: { progress?: (text: string) => void } = {}): Promise<FunctionBundles> {
  await rm(outDir, { recursive: true, force: true });
  progress?.(`Bundling ${functionNames.length} functions`);
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(functionNames.map((name) => [`${name}/index`, `functions/${name}/lambda.ts`])),
    outdir: outDir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // The SDK's ES modules shake; its CommonJS ones do not, and would need a `require` made for them.
    mainFields: ['module', 'main'],
    external: neverReached,
    plugins: [versionAlone],
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    metafile: true,
  });
  return { metafile, budgets: functionBudgets(metafile) };
}

/** The functions as they are deployed: that of the pages with the pages beside it, in `pages/assets`. */
export async function bundleService(outDir: string, options: { progress?: (text: string) => void } = {}): Promise<FunctionBundles> {
  const bundles = await bundleFunctions(outDir, options);
  options.progress?.('Bundling the pages');
  const { bundlePages } = await import('./pages.js');
  await bundlePages(path.join(outDir, 'pages/assets'));
  return bundles;
}

/** What each function's code weighs beside what it may; the source map is not code. */
export function functionBudgets({ outputs }: Metafile): FunctionBudget[] {
  return functionNames.map((name) => {
    const built = Object.values(outputs).find(({ entryPoint }) => entryPoint === `functions/${name}/lambda.ts`);
    if (!built) throw new Error(`No function was built of functions/${name}/lambda.ts`);
    return { name, bytes: built.bytes, budget: ownBudgets[name] ?? budget };
  });
}
