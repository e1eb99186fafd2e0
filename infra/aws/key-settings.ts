import * as z from 'zod/mini';

const Name = z.string().check(z.regex(/^[a-z][a-z0-9]{0,19}$/));

const SigningKeys = z.array(
  z.strictObject({
    name: Name,
    /** From then on tokens are signed with it. */
    signsFrom: z.iso.datetime(),
    /** No function uses it any more. It is taken off the list in the deployment after. */
    retired: z._default(z.boolean(), false),
  }),
);
export type SigningKeySetting = z.output<typeof SigningKeys>[number];

const PersonalKeys = z.array(Name).check(z.minLength(1));
const Arns = z.array(z.string().check(z.regex(/^arn:aws(-cn)?:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/)));

/** The keys of a deployment, as its context names them. */
export interface KeySettings {
  /** Ordered by the time from which each signs. */
  readonly signingKeys: readonly SigningKeySetting[];
  /** The newest one last: it seals. The others still open what was sealed before. */
  readonly personalKeys: readonly string[];
  /** Keys of another deployment whose data this one took over: they open, until everything is wrapped anew. */
  readonly formerPersonalKeys: readonly string[];
}

/** A token lives for 15 minutes; clocks differ, and somebody may be slow. */
const tokensLiveMs = 20 * 60_000;

export function keySettingsOf(context: (name: string) => unknown, now = new Date()): KeySettings {
  const listOf = <T>(name: string, shape: z.ZodMiniType<T>, usual: unknown): T => {
    const given = context(name) ?? usual;
    try {
      return z.parse(shape, typeof given === 'string' ? JSON.parse(given) : given);
    } catch (cause) {
      throw new Error(`${name} does not read ${JSON.stringify(usual)}, or like it: ${(cause as Error).message}`, { cause });
    }
  };
  const signingKeys = listOf('signingKeys', SigningKeys, [{ name: 'a', signsFrom: '2026-01-01T00:00:00Z' }])
    .map((key) => ({ ...key, signsFrom: new Date(key.signsFrom).toISOString() }))
    .sort((a, b) => a.signsFrom.localeCompare(b.signsFrom));
  const personalKeys = listOf('personalKeys', PersonalKeys, ['a']);
  mustDiffer('signingKeys', [...signingKeys.map(({ name }) => name)]);
  mustDiffer('signingKeys', [...signingKeys.map(({ signsFrom }) => signsFrom)]);
  mustDiffer('personalKeys', personalKeys);

  const began = (before: number) => signingKeys.filter(({ signsFrom, retired }) => !retired && Date.parse(signsFrom) <= before);
  if (!began(now.getTime()).length) throw new Error('signingKeys: none of them signs yet, so nobody could sign in');
  const follower = began(now.getTime() - tokensLiveMs).at(-1)?.signsFrom ?? '';
  const tooSoon = signingKeys.find(({ signsFrom, retired }) => retired && signsFrom > follower);
  if (tooSoon) throw new Error(`signingKeys: ${tooSoon.name} is retired before the key after it has signed for 20 minutes`);
  return { signingKeys, personalKeys, formerPersonalKeys: listOf('formerPersonalKeys', Arns, []) };
}

function mustDiffer(list: string, values: readonly string[]): void {
  const twice = values.find((value, i) => values.indexOf(value) !== i);
  if (twice) throw new Error(`${list}: ${twice} is there twice`);
}
