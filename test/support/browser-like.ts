import type { City } from './city.js';
import { nextPhone } from './city.js';

/** What a browser keeps between requests: cookies, by name. */
export class Jar {
  readonly cookies = new Map<string, string>();
  /** As the service last set each, attributes and all. */
  readonly set = new Map<string, string>();

  take(response: Response): Response {
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
      this.set.set(name, line);
      if (value) this.cookies.set(name, value);
      else this.cookies.delete(name);
    }
    return response;
  }
  header(): Record<string, string> {
    const text = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return text ? { cookie: text } : {};
  }
}

/** The newest code that a phone was sent. */
export async function newestCode(city: City, phone: string): Promise<string> {
  const response = await fetch(`${city.url}/local/outbox.json?to=${encodeURIComponent(phone)}`);
  const found = (await response.json()) as { code?: string }[];
  return found.find(({ code }) => code)?.code ?? '';
}

export const post = (city: City, path: string, body?: unknown, headers: Record<string, string> = {}, method = 'POST') =>
  fetch(city.url + path, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    redirect: 'manual',
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

export const codeOf = async (response: Response) => ((await response.json()) as { code?: string }).code;

/** Signs in by SMS as a browser would: the token, and the jar with the cookie. */
export async function signInBySms(city: City, phone = nextPhone(), userAgent = 'Mozilla/5.0 (iPhone) Safari/604.1') {
  await post(city, '/v1/sign-in/codes', { phone });
  const jar = new Jar();
  const code = await newestCode(city, phone);
  const response = jar.take(await post(city, '/v1/sign-in', { phone, code }, { 'user-agent': userAgent }));
  const { accessToken, person } = (await response.json()) as { accessToken: string; person: { personId: string; role: string } };
  return { phone, jar, accessToken, person, bearer: { authorization: `Bearer ${accessToken}` } };
}
