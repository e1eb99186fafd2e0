import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build, type Metafile } from 'esbuild';
import { type Manifest, manifestFile, type PageFile, variantOf } from '../../functions/pages/manifest.js';
import { domains } from '../../shared/catalog.js';
import { openApiOf } from '../../shared/http/openapi.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const source = 'functions/pages';
const pages = { resident: '/', manager: '/manager', bureau: '/bureau' } as const;
type PageName = keyof typeof pages;
const pageNames = Object.keys(pages) as PageName[];

/** Phones of six years ago: the oldest that has `<dialog>`. */
const target = ['es2020', 'safari15.4', 'chrome87'];

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * Builds the pages into `outDir`, which is emptied first: the pages, their hashed files with brotli and gzip beside
 * each, the OpenAPI document, and the manifest that the serving function reads.
 */
export async function bundlePages(outDir: string): Promise<PageFile[]> {
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: {
      ...Object.fromEntries(pageNames.map((name) => [name, `${source}/${name}/main.tsx`])),
      kit: `${source}/kit/css/kit.css`,
      'manager-style': `${source}/manager/manager.css`,
      'bureau-style': `${source}/bureau/bureau.css`,
    },
    outdir: 'out',
    entryNames: 'assets/[name]-[hash]',
    chunkNames: 'assets/[name]-[hash]',
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    metafile: true,
    write: false,
  });

  const built = outputFiles.map((file) => ({
    name: path.relative(path.join(root, 'out'), file.path),
    content: Buffer.from(file.contents),
  }));
  const html = await Promise.all(
    pageNames.map(async (name) => {
      const content = await htmlOf(name, metafile);
      return { name: `${name}.html`, at: pages[name], content: Buffer.from(content), needs: content.match(/\/assets\/[^"]+/g) ?? [] };
    }),
  );
  const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { version: string };
  const others = [
    { name: 'openapi.json', content: Buffer.from(`${JSON.stringify(openApiOf(domains, version), null, 2)}\n`) },
    { name: 'favicon.svg', content: await readFile(path.join(root, source, 'favicon.svg')) },
  ];

  await rm(outDir, { recursive: true, force: true });
  await mkdir(path.join(outDir, 'assets'), { recursive: true });
  const files = await Promise.all(
    [...built.map((file) => ({ ...file, immutable: true })), ...html, ...others].map((file) =>
      written(outDir, { immutable: false, ...file }),
    ),
  );
  const manifest: Manifest = Object.fromEntries(files.map((file) => [file.path, file]));
  await writeFile(path.join(outDir, manifestFile), JSON.stringify(manifest));
  return files;
}

interface Content {
  readonly name: string;
  readonly at?: string;
  readonly needs?: readonly string[];
  readonly content: Buffer;
  readonly immutable: boolean;
}

async function written(outDir: string, { name, at, needs, content, immutable }: Content): Promise<PageFile> {
  const br = brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } });
  const gzip = gzipSync(content, { level: 9 });
  const file = path.join(outDir, name);
  await Promise.all([writeFile(file, content), writeFile(variant(outDir, name, 'br'), br), writeFile(variant(outDir, name, 'gzip'), gzip)]);
  return {
    path: at ?? `/${name}`,
    file: name,
    type: types[path.extname(name)] ?? 'application/octet-stream',
    hash: createHash('sha256').update(content).digest('base64url').slice(0, 16),
    immutable,
    ...(needs ? { needs } : {}),
    bytes: { identity: content.length, br: br.length, gzip: gzip.length },
  };
}
const variant = (outDir: string, name: string, encoding: 'br' | 'gzip') => path.join(outDir, variantOf(name, encoding));

/** A page names its sources as they stand in its folder; here they become what was built of them. */
async function htmlOf(name: PageName, metafile: Metafile): Promise<string> {
  const html = await readFile(path.join(root, source, name, 'index.html'), 'utf8');
  const preloads = importsOf(outputOf(`${source}/${name}/main.tsx`, metafile), metafile).map(
    (output) => `<link rel="modulepreload" href="${addressOf(output)}">`,
  );
  return html
    .replace(/(?<=(?:src|href)=")(?!\/)[^"]+/g, (named) => addressOf(outputOf(path.join(source, name, named), metafile)))
    .replace('</head>', `  ${preloads.join('\n    ')}\n  </head>`);
}

function outputOf(entryPoint: string, { outputs }: Metafile): string {
  const found = Object.entries(outputs).find(([, output]) => output.entryPoint === entryPoint);
  if (!found) throw new Error(`No page is built of ${entryPoint}`);
  return found[0];
}
const addressOf = (output: string) => output.replace(/^out/, '');

/** The chunks that a script needs before it can run. */
function importsOf(output: string, { outputs }: Metafile): string[] {
  const direct = (outputs[output]?.imports ?? []).filter(({ kind }) => kind === 'import-statement').map((imported) => imported.path);
  return [...new Set(direct.flatMap((imported) => [imported, ...importsOf(imported, { outputs } as Metafile)]))];
}

/** In bytes, gzipped, of all that a page loads before it runs. */
const budgets: Readonly<Record<PageName, { readonly js: number; readonly css: number }>> = {
  resident: { js: 40_000, css: 25_000 },
  manager: { js: 40_000, css: 25_000 },
  bureau: { js: 260_000, css: 25_000 },
};

export interface PageBudget {
  readonly page: PageName;
  readonly kind: 'js' | 'css';
  readonly gzipBytes: number;
  readonly budget: number;
}

/** What each page weighs beside what it may. */
export function pageBudgets(files: readonly PageFile[]): PageBudget[] {
  const weightOf = (page: PageName, kind: 'js' | 'css') => {
    const needs = files.find((file) => file.path === pages[page])?.needs ?? [];
    const needed = files.filter((file) => needs.includes(file.path) && file.path.endsWith(`.${kind}`));
    return needed.reduce((sum, { bytes }) => sum + bytes.gzip, 0);
  };
  return pageNames.flatMap((page) =>
    (['js', 'css'] as const).map((kind) => ({ page, kind, gzipBytes: weightOf(page, kind), budget: budgets[page][kind] })),
  );
}
