/** What goes on record. A new kind of decision is added here, and the compiler asks for its words on the page. */
export const auditActions = [
  'role_given',
  'site_handed_over',
  'check_ins_undone',
  'week_revised',
  'revealed',
  'bulk_reveals',
  'data_exported',
  'phone_changed',
  'person_erased',
  'purged',
] as const;
export type AuditAction = (typeof auditActions)[number];

/** Who did what to whom, and why. Ids, codes and counts; never a name, a number or an address of a person. */
export interface AuditEntry {
  readonly action: AuditAction;
  /** A person's id, or the job that acted. */
  readonly actorId: string;
  /** The person it was done to. */
  readonly subjectId?: string | undefined;
  /** The record it was done to: a site, a batch, a week, a reveal. */
  readonly about?: string | undefined;
  readonly reason?: string | undefined;
  readonly facts?: Readonly<Record<string, string | number | boolean>> | undefined;
}

/** An entry in its chain: `day` is the city's, `seq` counts from 1 within it, `previous` is the hash of the link before. */
export interface AuditLink extends AuditEntry {
  readonly day: string;
  readonly seq: number;
  readonly at: string;
  readonly previous: string;
  readonly hash: string;
}

/** The hash before the first link of all. */
export const chainBegins = '0'.repeat(64);

/** A value's text with every field in the order of their names, so that the same value is always the same text. */
export function sortedText(value: object): string {
  const sorted = (inner: unknown): unknown =>
    typeof inner === 'object' && inner !== null
      ? Object.fromEntries(
          Object.entries(inner)
            .filter(([, each]) => each !== undefined)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, each]) => [key, sorted(each)]),
        )
      : inner;
  return JSON.stringify(sorted(value));
}

/** What a link's hash is made of: all of it but the hash. */
export function hashedText({ hash: _, ...link }: Omit<AuditLink, 'hash'> & { readonly hash?: string }): string {
  return sortedText(link);
}

export type ChainFault = 'link_missing' | 'link_changed' | 'link_unreadable' | 'link_rewritten' | 'link_out_of_chain' | 'end_missing';

/**
 * The first link of a chain that is not as it was written, if there is one. Links come in order; `hashOf` hashes a text;
 * `from` is where the chain stood before the first of them, or nothing where older links have gone by their retention.
 */
export function firstBroken(
  links: readonly AuditLink[],
  hashOf: (text: string) => string,
  from?: { readonly hash: string; readonly day: string; readonly seq: number },
): { readonly day: string; readonly seq: number; readonly fault: ChainFault } | undefined {
  let before = from;
  for (const link of links) {
    const at = { day: link.day, seq: link.seq };
    const due = before?.day === link.day ? before.seq + 1 : 1;
    if (link.seq !== due) return { day: link.day, seq: due, fault: 'link_missing' };
    if (hashOf(hashedText(link)) !== link.hash) return { ...at, fault: 'link_changed' };
    if (before && link.previous !== before.hash) return { ...at, fault: 'link_out_of_chain' };
    before = link;
  }
  return undefined;
}
