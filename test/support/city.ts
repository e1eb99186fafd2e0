import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { accountsStore } from '../../functions/accounts/store.js';
import { auditStore } from '../../functions/audit/store.js';
import { claimsOf } from '../../functions/http/caller.js';
import { messagesStore } from '../../functions/messages/store.js';
import { placesStore } from '../../functions/places/store.js';
import { privacyStore } from '../../functions/privacy/store.js';
import { rollupsStore } from '../../functions/rollups/store.js';
import { sessionsStore } from '../../functions/sessions/store.js';
import { sortingStore } from '../../functions/sorting/store.js';
import { type Running, startService } from '../../infra/local/service.js';
import type { ServiceContract } from '../../shared/catalog.js';
import { type Call, createClient, Refused } from '../../shared/http/client.js';
import type { Caller, Role } from '../../shared/http/contract.js';
import type { FailureCode } from '../../shared/http/failures.js';

/** Two streets of the real map, and a community of each. */
export const guangming = '440311001';
export const gongming = '440311002';
export const cuihu = '440311001005';
export const lisonglang = '440311002003';

/** A running service on an empty database with a clock that the test sets. One a test file. */
export interface City {
  readonly service: Running;
  readonly url: string;
  clock: Date;
  readonly stores: {
    accounts: ReturnType<typeof accountsStore>;
    sessions: ReturnType<typeof sessionsStore>;
    audit: ReturnType<typeof auditStore>;
    messages: ReturnType<typeof messagesStore>;
    privacy: ReturnType<typeof privacyStore>;
    places: ReturnType<typeof placesStore>;
    sorting: ReturnType<typeof sortingStore>;
    rollups: ReturnType<typeof rollupsStore>;
  };
  /** Someone of a role, with an account; an officer of `areaCode`. */
  someone(role: Role, areaCode?: string): Promise<Someone>;
  /** An estate of `count` households, all lived in, in the community of Cuihu unless told otherwise. */
  estate(count: number, options?: { areaCode?: string; manager?: Someone; name?: string }): Promise<string>;
}
export interface Someone {
  readonly caller: Caller;
  readonly phone: string;
  readonly token: () => Promise<string>;
  readonly call: Call<ServiceContract>;
}

let phones = 0;
export const nextPhone = () => `+8619900${String(900_000 + ++phones).padStart(6, '0')}`;

/** Starts a city before the tests of a file, and takes it down after them. */
export function useCity(at = '2026-11-24T04:00:00Z'): City {
  let service: Running;
  const dataDir = mkdtempSync(join(tmpdir(), 'gongzhi-'));
  const city = { clock: new Date(at) } as { -readonly [K in keyof City]: City[K] };

  beforeAll(async () => {
    service = await startService({ dataDir, port: 0, now: () => city.clock });
    const { db, tableNames, keys, tokens } = service.ports;
    const stores = {
      sessions: sessionsStore(db, tableNames.sessions, keys),
      audit: auditStore(db, tableNames.audit, () => city.clock),
      messages: messagesStore(db, tableNames.messages),
      privacy: privacyStore(db, tableNames.privacy, keys),
      accounts: accountsStore(db, tableNames.accounts, keys),
      places: placesStore(db, tableNames.places),
      sorting: sortingStore(db, tableNames.sorting),
      rollups: rollupsStore(db, tableNames.rollups),
    };
    const someone = async (role: Role, areaCode?: string): Promise<Someone> => {
      const personId = randomUUID();
      const phone = nextPhone();
      const standing = { role, ...(areaCode ? { areaCode } : {}) };
      await stores.accounts.keep({ personId, ...standing, phone, name: '测试', createdAt: city.clock.toISOString() });
      let sessionId = randomUUID();
      const open = () => stores.sessions.openSession({ sessionId, personId, way: 'sms', device: 'test' }, async () => standing, city.clock);
      await open();
      const caller: Caller = { personId, sessionId, ...standing };
      // A test may move the clock by months: a session that has run out is opened again.
      const token = async () => {
        const living = await stores.sessions.sessionsOf(personId, city.clock);
        if (!living.some((session) => session.sessionId === sessionId)) {
          sessionId = randomUUID();
          await open();
        }
        return tokens.sign(claimsOf({ ...caller, sessionId }), personId, city.clock);
      };
      return { caller, phone, token, call: createClient({ origin: service.url, token }) };
    };
    Object.assign(city, {
      service,
      url: service.url,
      stores,
      someone,
      async estate(count: number, { areaCode = cuihu, manager, name = '测试花园' }: Parameters<City['estate']>[1] = {}) {
        const siteId = randomUUID();
        const site = await stores.places.keepSite(siteId, { name, siteType: 'estate', areaCode });
        if (manager) {
          const tenure = { personId: manager.caller.personId, organisation: '测试物业', sinceAt: city.clock.toISOString() };
          await stores.places.handOver(site, tenure, randomUUID());
        }
        if (count) {
          await stores.places.enter(
            siteId,
            Array.from({ length: count }, (_, i) => ({ householdNo: i + 1, label: `1栋1单元${i + 1}`, occupied: true })),
          );
        }
        return siteId;
      },
    });
  });
  afterAll(async () => {
    await service?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  return city;
}

/** The code a call is refused with, or `allowed`. */
export async function refusal(call: Promise<unknown>): Promise<FailureCode | 'allowed'> {
  try {
    await call;
    return 'allowed';
  } catch (error) {
    if (error instanceof Refused) return error.problem.code;
    throw error;
  }
}
