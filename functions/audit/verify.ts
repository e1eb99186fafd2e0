import { type AuditLink, type ChainFault, chainBegins, firstBroken } from '../../shared/audit/rules.js';
import { Day } from '../../shared/time/day.js';
import type { Item } from '../database/queries.js';
import { asStored, dayOfItem, End, isEnd, StoredLink, sha256 } from './chain.js';

type Place = { readonly day: string; readonly seq: number };
type Last = Place & { readonly hash: string };
export type Broken =
  | (Place & { readonly fault: ChainFault; readonly certificate?: never })
  | { readonly certificate: string; readonly fault: 'certificate_forged' | 'certificate_missing' };

export interface Verdict {
  readonly links: number;
  readonly days: number;
  readonly broken?: Broken | undefined;
  /** The newest certificate: whoever has seen a later one elsewhere knows that links are missing. */
  readonly newest?: Anchor | undefined;
}

/** What a certificate of a purge says of the chain: behind which link it begins, and where it ended at that time. */
export interface Anchor {
  readonly finishedAt: string;
  readonly chainFrom?: Last | undefined;
  readonly chainEnd?: Last | undefined;
}
export interface Evidence {
  /** Every item of the record's table, in no order. */
  everyItem(): AsyncIterable<Item>;
  itemsOf(day: string): AsyncIterable<Item>;
  endItem(): Promise<Item | undefined>;
  /** Every certificate by its key; without an anchor where it is not as it was made. */
  certificates(): Promise<readonly { readonly at: string; readonly anchor?: Anchor | undefined }[]>;
}

/** Checks the chain, or one day of it and how it goes on, and names what first is not as it was written. */
export async function verifyChain(evidence: Evidence, day?: string): Promise<Verdict> {
  for (let tries = 1; ; tries++) {
    const end = await evidence.endItem();
    const verdict = await verified(evidence, end, day);
    // What is written meanwhile is not broken: it is looked at again.
    if (!verdict.broken || tries === 5 || (await evidence.endItem())?.hash === end?.hash) return verdict;
  }
}

async function verified(evidence: Evidence, endItem: Item | undefined, only: string | undefined): Promise<Verdict> {
  const certificates = await evidence.certificates();
  const forged = certificates.find(({ anchor }) => !anchor);
  if (forged) return { links: 0, days: 0, broken: { certificate: forged.at, fault: 'certificate_forged' } };
  const newest = certificates
    .flatMap(({ anchor }) => anchor ?? [])
    .sort((a, b) => (a.finishedAt < b.finishedAt ? -1 : 1))
    .at(-1);

  const { days, stray } = await daysOf(evidence);
  const now = async () => End.safeParse(await evidence.endItem()).data;
  const chain = new Chain(
    newest?.chainFrom,
    End.safeParse(endItem).data,
    certificates.map(({ anchor }) => anchor),
    only,
  );
  const count = { links: 0, days: 0 };
  const previous = only === undefined ? undefined : days.filter((day) => day < only).at(-1);
  const next = only === undefined ? undefined : days.find((day) => day > only);
  if (previous !== undefined) await chain.beginBehind(evidence.itemsOf(previous), previous);
  let broken = chain.broken;
  for (const day of broken ? [] : days.filter((each) => only === undefined || each === only)) {
    count.days++;
    for await (const item of evidence.itemsOf(day)) {
      count.links++;
      broken = chain.add(item, day);
      if (broken) return { ...count, broken, newest };
    }
  }
  broken ??= next === undefined ? await chain.brokenEnd(now) : await chain.goesOn(evidence.itemsOf(next), next, now);
  broken ??= chain.unseen() ?? (only === undefined ? stray : undefined);
  return { ...count, broken, newest };
}

/** The days that have links, in their order, and what lies in the table and belongs to none. */
async function daysOf(evidence: Evidence): Promise<{ days: string[]; stray?: Broken }> {
  const days = new Set<string>();
  let stray: Broken | undefined;
  for await (const item of evidence.everyItem()) {
    const day = dayOfItem(item);
    if (day !== undefined && Day.safeParse(day).success) days.add(day);
    else if (!isEnd(item)) stray ??= { day: `${item.pk} / ${item.sk}`, seq: 0, fault: 'link_out_of_chain' };
  }
  return { days: [...days].sort(), ...(stray ? { stray } : {}) };
}

/** A chain as it is followed, link by link. */
class Chain {
  broken: Broken | undefined;
  private before: Last;
  /** The chain has come to where it was said to end, and this was found behind it. */
  private passed = false;
  private behind: Broken | undefined;
  private readonly known = new Map<string, Last>();
  private readonly certified: Set<string>;

  constructor(
    chainFrom: Last | undefined,
    private readonly end: Last | undefined,
    anchors: readonly (Anchor | undefined)[],
    only: string | undefined,
  ) {
    this.before = { day: '', seq: 0, hash: chainBegins };
    if (chainFrom) this.standAt(chainFrom);
    this.certified = new Set(anchors.map((anchor) => anchor?.finishedAt ?? ''));
    for (const anchor of anchors) {
      const seen = anchor?.chainEnd;
      if (seen && isBehind(seen, this.before) && (only === undefined || seen.day === only)) this.known.set(`${seen.day} ${seen.seq}`, seen);
    }
  }

  /** Where only one day is looked at: the last link before it. */
  async beginBehind(items: AsyncIterable<Item>, day: string): Promise<void> {
    let last: Item = {};
    for await (const item of items) last = item;
    const link = StoredLink.safeParse(last).data;
    if (link) this.standAt(link);
    else this.broken = unreadable(last, day);
  }

  add(item: Item, day: string): Broken | undefined {
    const broken = this.follows(item, day);
    if (broken) return broken;
    const link = StoredLink.parse(item);
    const seen = this.known.get(`${link.day} ${link.seq}`);
    if (seen && seen.hash !== link.hash) return { day: link.day, seq: link.seq, fault: 'link_rewritten' };
    this.known.delete(`${link.day} ${link.seq}`);
    const { action, actorId, about = '' } = link;
    if (action === 'purged' && actorId === 'purge' && !this.certified.has(about))
      return { certificate: about, fault: 'certificate_missing' };
    if (this.passed) this.behind ??= { day: link.day, seq: link.seq, fault: 'link_out_of_chain' };
    this.standAt(link);
    return undefined;
  }

  follows(item: Item, day: string): Broken | undefined {
    const parsed = StoredLink.safeParse(item);
    if (!parsed.success) return unreadable(item, day);
    const link: AuditLink = parsed.data;
    const at = { day, seq: Number(item.sk) };
    const stored = asStored(link);
    const exact = Object.keys(item).length === Object.keys(stored).length && item.pk === stored.pk && item.sk === stored.sk;
    if (!exact || item.place !== stored.place) return { ...at, fault: 'link_changed' };
    return firstBroken([link], sha256, this.before);
  }

  private standAt(link: Last): void {
    this.before = link;
    if (this.end) this.passed ||= link.hash === this.end.hash;
  }

  /** Where only one day is looked at: the first link after it follows, and there is an end to come. */
  async goesOn(items: AsyncIterable<Item>, day: string, now: () => Promise<Last | undefined>): Promise<Broken | undefined> {
    for await (const item of items) {
      const broken = this.add(item, day);
      return broken ?? (this.passed || !this.end || isBehind(this.before, this.end) ? this.brokenEnd(now) : undefined);
    }
    return this.brokenEnd(now);
  }

  /**
   * The chain says where it ends: what is missing from its end leaves no gap of its own. A link behind it is one that was
   * written while this looked, since the end moves with each; then the end is at that link by now, or has gone on.
   */
  async brokenEnd(now: () => Promise<Last | undefined>): Promise<Broken | undefined> {
    const { before, end } = this;
    if (!end) return before.day === '' ? undefined : { day: before.day, seq: before.seq, fault: 'end_missing' };
    if (!this.passed) return { day: end.day, seq: before.day === end.day ? before.seq + 1 : end.seq, fault: 'end_missing' };
    const then = this.behind && (await now());
    return then && (then.hash === before.hash || isBehind(then, before)) ? undefined : this.behind;
  }

  /** The first link that a certificate has seen and that is no longer there. */
  unseen(): Broken | undefined {
    const [first] = [...this.known.values()].sort((a, b) => (isBehind(a, b) ? 1 : -1));
    return first && { day: first.day, seq: first.seq, fault: 'link_missing' };
  }
}

const isBehind = (a: Place, b: Place) => a.day > b.day || (a.day === b.day && a.seq > b.seq);
const unreadable = ({ sk }: Item, day: string): Broken => ({ day, seq: Number(sk), fault: 'link_unreadable' });
