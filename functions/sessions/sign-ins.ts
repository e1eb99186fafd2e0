import { timingSafeEqual } from 'node:crypto';
import { type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { mostSessions, refreshGraceSeconds, type Standing, sessionLifeSeconds, type WayIn } from '../../shared/sessions/rules.js';
import { cancelled, conditionFailed, itemInTheWay } from '../database/conditions.js';
import { type Commit, plainCommit, type Write } from '../database/writes.js';
import { type Session, SignedIn, signedInKey, standingReader } from '../http/standing.js';
import type { Keys } from '../platform/keys.js';

/*
 * The key of a person's sessions stands in http/standing.ts, since every function reads them.
 *
 * A refresh token is `<personId>.<sessionId>.<step>.<secret>`, its secret a keyed hash of the three: whether it was given out
 * is known without having kept it. Each use takes the session one step on. Two pages that present one token at the same
 * time are given the same successor, and a reply that was lost can be asked for again while the grace lasts. After that a
 * token of an earlier step has been copied, and its use ends the session; one that was made up ends nothing.
 */
interface Parts {
  readonly personId: string;
  readonly sessionId: string;
  readonly step: number;
  readonly secret: string;
}
function partsOf(token: string): Parts | undefined {
  const [, personId = '', sessionId = '', step = '', secret] =
    /^([0-9a-f-]{36})\.([0-9a-f-]{36})\.(\d{1,9})\.([\w-]{43})$/.exec(token) ?? [];
  return secret === undefined ? undefined : { personId, sessionId, step: Number(step), secret };
}
const secondsOf = (now: Date) => Math.floor(now.getTime() / 1000);

export interface Opened {
  readonly personId: string;
  readonly sessionId: string;
  readonly token: string;
  readonly standing: Standing;
}
export type Rotated = Opened | 'unknown' | { readonly reusedOf: string };

export function signInStore(db: DynamoDBDocumentClient, table: string, keys: Keys) {
  const secretOf = ({ personId, sessionId, step }: Omit<Parts, 'secret'>) => keys.fingerprint('token', `${personId} ${sessionId} ${step}`);
  const tokenOf = (parts: Omit<Parts, 'secret'>) => `${parts.personId}.${parts.sessionId}.${parts.step}.${secretOf(parts)}`;
  /** The parts of a token that we have given out, at whatever step. */
  const given = (token: string): Parts | undefined => {
    const parts = partsOf(token);
    return parts && timingSafeEqual(Buffer.from(parts.secret), Buffer.from(secretOf(parts))) ? parts : undefined;
  };
  const standingOf = standingReader(db, table);
  const alive = (sessions: SignedIn['sessions'], at: number) => Object.entries(sessions).filter(([, { expiresAt }]) => expiresAt > at);

  const ending = (personId: string, sessionId: string): Write => ({
    Update: {
      TableName: table,
      Key: signedInKey(personId),
      UpdateExpression: 'REMOVE sessions.#session SET #version = #version + :one',
      ConditionExpression: 'attribute_exists(sessions.#session)',
      ExpressionAttributeNames: { '#session': sessionId, '#version': 'version' },
      ExpressionAttributeValues: { ':one': 1 },
    },
  });

  return {
    standingOf,

    /**
     * Opens a session. `roleOf` is asked after the sessions were read: a role that is given in between changes what was
     * read, and the opening begins again.
     */
    async openSession(
      { sessionId, personId, way, device }: { sessionId: string; personId: string; way: WayIn; device: string },
      roleOf: () => Promise<Standing>,
      now: Date,
    ): Promise<Opened> {
      const at = secondsOf(now);
      const expiresAt = at + sessionLifeSeconds;
      const session: Session = { step: 0, rotatedAt: at, startedAt: at, expiresAt, way, device };
      for (;;) {
        const before = await standingOf(personId);
        const { role, areaCode } = await roleOf();
        const others = alive(before?.sessions ?? {}, at)
          .sort(([, a], [, b]) => b.rotatedAt - a.rotatedAt)
          .slice(0, mostSessions - 1);
        const Item = {
          ...signedInKey(personId),
          personId,
          role,
          areaCode,
          sessions: { ...Object.fromEntries(others), [sessionId]: session },
          version: (before?.version ?? 0) + 1,
          ttl: expiresAt,
        };
        const unchanged = before
          ? {
              ConditionExpression: '#version = :version',
              ExpressionAttributeNames: { '#version': 'version' },
              ExpressionAttributeValues: { ':version': before.version },
            }
          : { ConditionExpression: 'attribute_not_exists(pk)' };
        try {
          await db.send(new PutCommand({ TableName: table, Item, ...unchanged }));
          return { personId, sessionId, token: tokenOf({ personId, sessionId, step: 0 }), standing: { role, areaCode } };
        } catch (error) {
          if (!conditionFailed(error)) throw error;
        }
      }
    },

    /** Trades a refresh token for its successor. A replaced one that is past its grace says whose it was: end the session. */
    async rotate(token: string, now: Date): Promise<Rotated> {
      const parts = given(token);
      if (!parts) return 'unknown';
      const { personId, sessionId, step } = parts;
      const at = secondsOf(now);
      const opened = ({ role, areaCode }: Standing): Opened => ({
        personId,
        sessionId,
        token: tokenOf({ personId, sessionId, step: step + 1 }),
        standing: { role, areaCode },
      });
      try {
        const { Attributes } = await db.send(
          new UpdateCommand({
            TableName: table,
            Key: signedInKey(personId),
            UpdateExpression:
              'SET sessions.#session.#step = :next, sessions.#session.rotatedAt = :at, ' +
              'sessions.#session.expiresAt = :expiresAt, #ttl = :expiresAt, #version = #version + :one',
            ConditionExpression: 'sessions.#session.#step = :presented AND sessions.#session.expiresAt > :at',
            ExpressionAttributeNames: { '#session': sessionId, '#step': 'step', '#ttl': 'ttl', '#version': 'version' },
            ExpressionAttributeValues: {
              ':presented': step,
              ':next': step + 1,
              ':at': at,
              ':expiresAt': at + sessionLifeSeconds,
              ':one': 1,
            },
            ReturnValues: 'ALL_NEW',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return opened(SignedIn.parse(Attributes));
      } catch (error) {
        if (!conditionFailed(error)) throw error;
        const found = SignedIn.safeParse(itemInTheWay(error));
        const session = found.data?.sessions[sessionId];
        if (!found.success || !session || session.expiresAt <= at) return 'unknown';
        const inGrace = session.step === step + 1 && at <= session.rotatedAt + refreshGraceSeconds;
        return inGrace ? opened(found.data) : { reusedOf: personId };
      }
    },

    /** Ends the session of a token, whether or not the token is its newest. `commit` may tell the person. */
    async endSessionOf(token: string, commit: Commit = plainCommit(db)): Promise<void> {
      const parts = given(token);
      if (parts) await this.endSession(parts.personId, parts.sessionId, commit);
    },

    /** Ends a session of a person. Answers whether there was one. */
    async endSession(personId: string, sessionId: string, commit: Commit = plainCommit(db)): Promise<boolean> {
      for (let tries = 1; ; tries++) {
        if (!(await standingOf(personId))?.sessions[sessionId]) return false;
        try {
          await commit([ending(personId, sessionId)]);
          return true;
        } catch (error) {
          // Another session of the person was renewed in the same moment.
          if (tries === 12 || !cancelled(error)) throw error;
        }
      }
    },

    /** The sessions that live, the one used last first. */
    async sessionsOf(personId: string, now: Date): Promise<(Session & { readonly sessionId: string })[]> {
      const found = alive((await standingOf(personId))?.sessions ?? {}, secondsOf(now));
      return found.map(([sessionId, session]) => ({ ...session, sessionId })).sort((a, b) => b.rotatedAt - a.rotatedAt);
    },

    /** What gives a person a role from now on, in every session: tokens that say another are void. */
    giving: (personId: string, { role, areaCode }: Standing): Write => ({
      Update: {
        TableName: table,
        Key: signedInKey(personId),
        UpdateExpression: `SET personId = :me, #role = :role, sessions = if_not_exists(sessions, :none), #version = if_not_exists(#version, :zero) + :one${
          areaCode ? ', areaCode = :area' : ' REMOVE areaCode'
        }`,
        ExpressionAttributeNames: { '#role': 'role', '#version': 'version' },
        ExpressionAttributeValues: {
          ':me': personId,
          ':role': role,
          ':none': {},
          ':zero': 0,
          ':one': 1,
          ...(areaCode ? { ':area': areaCode } : {}),
        },
      },
    }),

    /** What ends every session of a person, and every token with them. */
    endingAll: (personId: string): Write => ({ Delete: { TableName: table, Key: signedInKey(personId) } }),
  };
}
