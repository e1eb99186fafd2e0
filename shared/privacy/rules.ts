import { isUnder14 } from '../accounts/identity.js';
import { cityDay } from '../time/day.js';
import { type Notice, noticeInForce, notices, type Purpose } from './notices.js';

/** One entry of the ledger, which is only added to. */
export interface Decision {
  readonly purpose: Purpose;
  readonly version: number;
  readonly agreed: boolean;
  readonly at: string;
}

export interface ConsentState {
  readonly purpose: Purpose;
  readonly optional: boolean;
  /** The version in force. */
  readonly inForce: number;
  /** The latest decision, of whichever version. */
  readonly decided: Omit<Decision, 'purpose'> | null;
  /** Does an agreement cover the version in force? This alone permits an optional use. */
  readonly agreed: boolean;
  /** Must the person be asked? A new version asks again whatever was decided before (PIPL 14 (2)). */
  readonly asks: boolean;
}

/** Where a person stands on a purpose, at the end of a city day. Nothing where no notice was in force. */
export function consentState(
  purpose: Purpose,
  decisions: readonly Decision[],
  day: string,
  among: readonly Notice[] = notices,
): ConsentState | undefined {
  const notice = noticeInForce(purpose, day, among);
  if (!notice) return undefined;
  const own = decisions.filter((decision) => decision.purpose === purpose && cityDay(new Date(decision.at)) <= day);
  // Of two at the same instant the later in the ledger counts.
  const last = own.reduce<Decision | undefined>((latest, next) => (latest && next.at < latest.at ? latest : next), undefined);
  const settled = last?.version === notice.version;
  return {
    purpose,
    optional: notice.optional,
    inForce: notice.version,
    decided: last ? { version: last.version, agreed: last.agreed, at: last.at } : null,
    agreed: settled && last.agreed,
    asks: !settled,
  };
}

export interface Deciding {
  /** In force for the purpose, if any is: `noticeInForce(purpose, today)`. */
  readonly notice: Pick<Notice, 'version' | 'optional'> | undefined;
  /** The version that was read. */
  readonly version: number;
  readonly agreed: boolean;
  /** Where it is known. */
  readonly birthDay?: string | undefined;
  /** Who agrees in a child's place. */
  readonly guardian?: string | undefined;
}

/** May this be entered in the ledger? A child may refuse or withdraw alone; agreeing takes a guardian (PIPL 31). */
export function mayDecide(
  { notice, version, agreed, birthDay, guardian }: Deciding,
  today: string,
): 'yes' | 'notice_outdated' | 'notice_not_optional' | 'guardian_needed' {
  if (notice?.version !== version) return 'notice_outdated';
  if (!agreed) return notice.optional ? 'yes' : 'notice_not_optional';
  const needed = birthDay !== undefined && isUnder14(birthDay, today);
  return needed && !guardian?.trim() ? 'guardian_needed' : 'yes';
}
