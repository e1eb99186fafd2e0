import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PageFile } from '../../functions/pages/manifest.js';
import { pagesService } from '../../functions/pages/serve.js';
import { bundlePages, pageBudgets } from '../../infra/bundle/pages.js';
import { contract } from '../../shared/catalog.js';

const outDir = mkdtempSync(path.join(tmpdir(), 'gongzhi-pages-'));
let files: PageFile[];
beforeAll(async () => {
  files = await bundlePages(outDir);
});
afterAll(() => rmSync(outDir, { recursive: true, force: true }));

const serve = pagesService((file) => readFile(path.join(outDir, file)));
const ask = (rawPath: string, headers: Record<string, string> = {}, method = 'GET'): Promise<APIGatewayProxyStructuredResultV2> =>
  serve({ rawPath, headers, requestContext: { http: { method } } });
const bytesOf = ({ body = '', isBase64Encoded }: APIGatewayProxyStructuredResultV2) =>
  Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
const textOf = (result: APIGatewayProxyStructuredResultV2) => bytesOf(result).toString();
const pages = ['/', '/manager', '/bureau'];

test('no page weighs more than a phone on a weak signal should fetch', () => {
  const rows = pageBudgets(files);
  for (const { page, kind, gzipBytes, budget } of rows)
    console.log(`${page} ${kind}: ${(gzipBytes / 1000).toFixed(1)} of ${budget / 1000} KB`);
  expect(rows).toHaveLength(6);
  for (const { gzipBytes, budget } of rows) {
    expect(gzipBytes).toBeGreaterThan(1000);
    expect(gzipBytes).toBeLessThanOrEqual(budget);
  }
});

test('a page names only files of its own, and all of them are there', async () => {
  for (const page of pages) {
    const named = [...textOf(await ask(page)).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address as string);
    expect(named.length).toBeGreaterThan(2);
    for (const address of named) expect((await ask(address)).statusCode, address).toBe(200);
  }
});

test('nothing in a page runs or is drawn that its policy would have to make an exception for', async () => {
  for (const page of pages) {
    const result = await ask(page);
    const html = textOf(result);
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/i);
    expect([...html.matchAll(/<script[^>]*>([^<]*)/g)].map(([, inline]) => inline)).toEqual(['']);
    const policy = String(result.headers?.['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(policy).not.toContain('http');
    expect(result.headers?.['x-content-type-options']).toBe('nosniff');
  }
});

test('no style sheet fetches anything from another host', () => {
  const sheets = files.filter(({ path: address }) => address.endsWith('.css'));
  expect(sheets.length).toBeGreaterThan(0);
  for (const { file } of sheets)
    expect(readFileSync(path.join(outDir, file), 'utf8')).not.toMatch(/@import|url\(\s*["']?(?!["']?(data:|%23|#))/i);
});

test('a source map is not shipped', () => {
  expect(readdirSync(outDir, { recursive: true }).filter((name) => String(name).endsWith('.map'))).toEqual([]);
});

describe('a reader that takes', () => {
  const plain = async (address: string) => bytesOf(await ask(address));
  test.each([
    ['br, gzip', 'br', brotliDecompressSync],
    ['gzip, deflate', 'gzip', gunzipSync],
    ['br;q=0, gzip;q=0.5', 'gzip', gunzipSync],
    ['*', 'br', brotliDecompressSync],
    ['identity', undefined, (bytes: Buffer) => bytes],
    ['', undefined, (bytes: Buffer) => bytes],
  ])('"%s" gets %s, and reads the same', async (accepted, encoding, decoded) => {
    for (const { path: address } of files) {
      const result = await ask(address, { 'accept-encoding': accepted });
      expect(result.headers?.['content-encoding']).toBe(encoding);
      expect(result.headers?.vary).toBe('accept-encoding');
      expect(decoded(bytesOf(result)).equals(await plain(address)), address).toBe(true);
    }
  });
});

test('a hashed file is kept for a year, a page is asked for each time and answered 304 while it stands', async () => {
  for (const { path: address, immutable } of files) {
    const { headers = {} } = await ask(address, { 'accept-encoding': 'br' });
    expect(headers['cache-control']).toBe(immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
    expect(immutable).toBe(address.startsWith('/assets/'));
    const again = await ask(address, { 'accept-encoding': 'br', 'if-none-match': `"other", W/${headers.etag}` });
    expect(again.statusCode).toBe(304);
    expect(again.body ?? '').toBe('');
    // The same page in another encoding is another representation.
    expect((await ask(address, { 'accept-encoding': 'gzip', 'if-none-match': String(headers.etag) })).statusCode).toBe(200);
  }
});

test('HEAD answers the headers of GET and no body', async () => {
  const result = await ask('/manager', {}, 'HEAD');
  expect(result).toMatchObject({ statusCode: 200, body: '' });
  expect(result.headers).toEqual((await ask('/manager')).headers);
});

test.each([
  ['GET', '/nowhere'],
  ['GET', '/manifest.json'],
  ['GET', '/assets/../manifest.json'],
  ['GET', '/../package.json'],
  ['GET', '/constructor'],
  ['GET', '/v1/nowhere'],
  ['POST', '/'],
  ['DELETE', '/v1/sites'],
])('%s %s is nothing: a problem document, in the reader’s language', async (method, address) => {
  const result = await ask(address, { 'accept-language': 'en', accept: 'application/json' }, method);
  expect(result.statusCode).toBe(404);
  expect(result.headers?.['content-type']).toMatch(/^application\/problem\+json/);
  expect(JSON.parse(textOf(result))).toMatchObject({ code: 'route_not_found', status: 404, title: 'There is nothing at this address' });
});

test('who goes astray in a browser reads a small page instead', async () => {
  const result = await ask('/nowhere', { accept: 'text/html,application/xhtml+xml' });
  expect(result.statusCode).toBe(404);
  expect(result.headers?.['content-type']).toMatch(/^text\/html/);
  expect(textOf(result)).toContain('没有这个地址');
});

test('the OpenAPI document names every route of the contract', async () => {
  const { paths } = JSON.parse(textOf(await ask('/openapi.json'))) as { paths: Record<string, Record<string, unknown>> };
  const documented = Object.entries(paths).flatMap(([address, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${address}`),
  );
  expect(documented.sort()).toEqual(Object.keys(contract).sort());
});
