import { type AuditLink, type ChainFault, chainBegins, firstBroken } from '../../shared/audit/rules.js';
import { addDays } from '../../shared/time/day.js';
import { type ChainEnd, sha256 } from './chain.js';
import type { AuditStore } from './store.js';

export interface Verdict {
  readonly links: number;
  readonly days: number;
  readonly broken?: { readonly day: string; readonly seq: number; readonly fault: ChainFault } | undefined;
  /** The first link left, where older ones have gone by their time or were taken away. */
  readonly begins?: { readonly day: string; readonly seq: number; readonly after: string } | undefined;
}

/**
 * Checks the chain from `from` to its end, or one day of it, and names the first link that is not as it was written. A
 * missing end shows by where the chain says it ends.
 */
export async function verifyChain(audit: Pick<AuditStore, 'linksOf' | 'chainEnd'>, from: string, to?: string): Promise<Verdict> {
  const end = await audit.chainEnd();
  if (!end) return { links: 0, days: 0 };
  let before: { day: string; seq: number; hash: string } | undefined;
  let begins: Verdict['begins'];
  let [links, days] = [0, 0];
  const last = to ?? end.day;
  for (let day = from; day <= last; day = addDays(day, 1)) {
    const found: AuditLink[] = [];
    for await (const link of audit.linksOf(day)) found.push(link);
    const [first] = found;
    if (!first) continue;
    if (!before && first.previous !== chainBegins) begins = { day, seq: first.seq, after: first.previous };
    const broken = firstBroken(found, sha256, before);
    links += found.length;
    days++;
    if (broken) return { links, days, broken, begins };
    before = found.at(-1);
  }
  return { links, days, begins, broken: to === undefined ? brokenEnd(before, end) : undefined };
}

/** The chain says where it ends: what is missing from its end leaves no gap of its own. */
function brokenEnd(last: { day: string; seq: number; hash: string } | undefined, end: ChainEnd): Verdict['broken'] {
  if (last?.day === end.day && last.seq === end.seq && last.hash === end.hash) return undefined;
  return { day: end.day, seq: last?.day === end.day ? last.seq + 1 : end.seq, fault: 'end_missing' };
}
