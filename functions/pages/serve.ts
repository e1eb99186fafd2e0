import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { languageOf } from '../../shared/http/problem.js';
import { safety } from './headers.js';
import { type Manifest, manifestFile, type PageFile, variantOf } from './manifest.js';
import { missingPage, missingProblem } from './missing.js';
import { encodingFor, isHeld, wantsPage } from './negotiate.js';

/** Reads a file of the folder of assets. */
export type ReadAsset = (file: string) => Promise<Uint8Array>;

/** The parts of a request that pages go by. */
export type PagesEvent = Pick<APIGatewayProxyEventV2, 'rawPath' | 'headers'> & {
  readonly requestContext: { readonly http: { readonly method: string } };
};
type Result = APIGatewayProxyStructuredResultV2;

/**
 * Answers every request that no route of the contract takes: with a page, one of its files, or "nothing here". Only what
 * the manifest names can be read, so no path leads out of the folder.
 */
export function pagesService(readAsset: ReadAsset): (event: PagesEvent) => Promise<Result> {
  const files = new Map<string, Promise<Uint8Array>>();
  const read = (file: string) => {
    const reading = files.get(file) ?? readAsset(file);
    files.set(file, reading);
    reading.catch(() => files.delete(file));
    return reading;
  };
  const manifestOf = async () => JSON.parse(Buffer.from(await read(manifestFile)).toString()) as Manifest;

  return async ({ rawPath, headers, requestContext: { http } }) => {
    const page = http.method === 'GET' || http.method === 'HEAD' ? fileAt(await manifestOf(), rawPath) : undefined;
    const result = page ? await found(page, headers, read) : missing(headers);
    return http.method === 'HEAD' ? { ...result, body: '', isBase64Encoded: false } : result;
  };
}

/** `/manager/` is read as `/manager`; its files have absolute addresses, so it makes no difference to them. */
const fileAt = (manifest: Manifest, path: string): PageFile | undefined => {
  const exact = path.length > 1 ? path.replace(/\/$/, '') : path;
  return Object.hasOwn(manifest, exact) ? manifest[exact] : undefined;
};

async function found({ file, type, hash, immutable }: PageFile, headers: PagesEvent['headers'], read: ReadAsset): Promise<Result> {
  const encoding = encodingFor(headers['accept-encoding']);
  const etag = `"${hash}${encoding ? `-${encoding}` : ''}"`;
  const shared = {
    ...safety,
    etag,
    vary: 'accept-encoding',
    'cache-control': immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
  if (isHeld(headers['if-none-match'], etag)) return { statusCode: 304, headers: shared };
  const bytes = await read(encoding ? variantOf(file, encoding) : file);
  return {
    statusCode: 200,
    headers: { ...shared, 'content-type': type, ...(encoding ? { 'content-encoding': encoding } : {}) },
    body: Buffer.from(bytes).toString('base64'),
    isBase64Encoded: true,
  };
}

function missing(headers: PagesEvent['headers']): Result {
  const language = languageOf(headers['accept-language']);
  const page = wantsPage(headers.accept);
  return {
    statusCode: 404,
    headers: {
      ...safety,
      'cache-control': 'no-store',
      'content-type': page ? 'text/html; charset=utf-8' : 'application/problem+json; charset=utf-8',
      'content-language': language,
      vary: 'accept, accept-language',
    },
    body: page ? missingPage(language) : missingProblem(language),
    isBase64Encoded: false,
  };
}
