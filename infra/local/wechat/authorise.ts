import type { Opening } from './codes.js';

/** What WeChat's authorise page says instead of opening. `code` is its 错误码, where it has one. */
export interface Fault {
  readonly code?: number;
  readonly text: string;
}

const order = ['appid', 'redirect_uri', 'response_type', 'scope', 'state'];
/** The account's web authorisation domain: a stand-in sends codes to this machine alone. */
const ownHosts = ['127.0.0.1', 'localhost', '[::1]'];
const mostStateBytes = 128;
const mostNameLength = 32;

/** What is wrong with a request for authorisation, or nothing. */
export function faultOf(query: URLSearchParams, appId: string): Fault | undefined {
  const asked = (name: string) => query.get(name) ?? '';
  if (!asked('appid')) return { code: 10012, text: 'appid 不能为空' };
  if (asked('appid') !== appId) return { code: 40013, text: 'AppID 参数错误' };
  if (!asked('redirect_uri')) return { code: 10011, text: 'redirect_uri 不能为空' };
  if (!ownHosts.includes(hostOf(asked('redirect_uri')))) return { code: 10003, text: 'redirect_uri 参数错误' };
  if (asked('response_type') !== 'code') return { text: 'response_type 参数错误' };
  if (!asked('scope')) return { code: 10010, text: 'scope 不能为空' };
  if (asked('scope') !== 'snsapi_base') return { code: 10005, text: 'Scope 参数错误或没有 Scope 权限' };
  if (Buffer.byteLength(asked('state')) > mostStateBytes) return { text: 'state 参数过长' };
  const inOrder = [...query.keys()].filter((name) => order.includes(name));
  // WeChat matches the address against a pattern, and opens none whose parameters stand otherwise.
  if (inOrder.join() !== order.slice(0, inOrder.length).join()) return { text: '链接参数顺序错误' };
  return undefined;
}

/** Who was chosen on the page, or nothing where nobody was. */
export function openingOf(query: URLSearchParams): Opening | undefined {
  const as = query.get('as');
  if (as === 'snapshot' || as === 'busy') return { as };
  const user = printable(query.get('user') ?? '');
  return user && user.length <= mostNameLength ? { user } : undefined;
}

/** Back to the service, with the code and the state it gave. */
export function wayBack(query: URLSearchParams, code: string): string {
  const address = new URL(query.get('redirect_uri') ?? '');
  address.searchParams.set('code', code);
  address.searchParams.set('state', query.get('state') ?? '');
  return address.href;
}

export const askedFor = (query: URLSearchParams) =>
  order.filter((name) => query.has(name)).map((name) => [name, query.get(name) ?? ''] as const);

function hostOf(text: string): string {
  if (!URL.canParse(text)) return '';
  const { protocol, hostname } = new URL(text);
  return /^https?:$/.test(protocol) ? hostname : '';
}

const printable = (name: string) => name.replace(/\p{C}/gu, '').trim().normalize();
