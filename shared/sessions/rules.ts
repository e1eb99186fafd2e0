import type { Limit, Role } from '../http/contract.js';

/** How many codes may be asked for, and in how long. */
export const codeLimits = {
  phone: { most: 5, windowSeconds: 600 },
  /** Each code may be guessed at five times: a day's codes bound a day's guesses, and what a victim's phone is sent. */
  phoneDaily: { most: 30, windowSeconds: 86_400 },
} as const satisfies Record<string, Limit>;
/** Wide, since a whole estate may stand behind one address of a mobile carrier. */
export const codesPerAddress: Limit = { per: 'address', most: 200, windowSeconds: 3600 };
/** Wider still, for what every visit to a page may ask for. */
export const visitsPerAddress: Limit = { per: 'address', most: 3000, windowSeconds: 3600 };

/** A code lives five minutes and takes five tries. */
export const codeLifeSeconds = 300;
export const codeTries = 5;

/** A code works for what its message named, and for nothing else. */
export const codePurposes = ['sign_in', 'change_phone', 'guardian_consent'] as const;
export type CodePurpose = (typeof codePurposes)[number];

/** An access token is short, and lives no longer than its session. A session is long, and every use renews it. */
export const accessLifeSeconds = 900;
export const sessionLifeSeconds = 30 * 86_400;
/** The one that was used least lately makes room. */
export const mostSessions = 10;

/** Two pages may present one refresh token at the same time, or lose the reply: its successor's parent is welcome this long. */
export const refreshGraceSeconds = 120;

/** From the authorise page and back, and from there to the phone's code. */
export const wechatStateSeconds = 600;

export const waysIn = ['sms', 'wechat'] as const;
export type WayIn = (typeof waysIn)[number];

/** What a person may do: the role, and an officer's street. */
export interface Standing {
  readonly role: Role;
  readonly areaCode?: string | undefined;
}

/** Does a token still say what holds? A role that was given or taken since makes it void. */
export const stillHolds = (token: Standing, standing: Standing): boolean =>
  token.role === standing.role && token.areaCode === standing.areaCode;

/**
 * A place within our own pages to come back to: a path, maybe with a fragment. Whatever a browser could read as another
 * host is not one.
 */
export const isOwnPath = (text: string): boolean => {
  if (!/^\/(?![/\\])[\x21-\x7e]*$/.test(text) || text.includes('\\')) return false;
  const origin = 'https://own.invalid';
  return URL.canParse(text, origin) && new URL(text, origin).origin === origin;
};

/** What to call the device of a session, from its User-Agent: enough to know it again, too little to track it by. */
export function deviceOf(userAgent: string): string {
  const system = systems.find(([pattern]) => pattern.test(userAgent))?.[1];
  const browser = browsers.find(([pattern]) => pattern.test(userAgent))?.[1];
  return [system, browser].filter(Boolean).join(' · ') || 'unknown';
}
const systems: [RegExp, string][] = [
  [/HarmonyOS|OpenHarmony/i, 'HarmonyOS'],
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
];
const browsers: [RegExp, string][] = [
  [/MicroMessenger/i, 'WeChat'],
  [/Edg\//, 'Edge'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
