import { useState } from 'preact/hooks';
import { Refused } from '../../../shared/http/client.js';
import { call } from '../kit/service.js';
import { answered, isPending, type Round, roundOf, withoutRefused } from './round.js';
import { type Work, withoutRound, withRound } from './work-in-hand.js';

export interface Submission {
  readonly busy: boolean;
  readonly error: unknown;
  /** A round without its answer. Until it has one, no other is begun. */
  readonly pending: Round | undefined;
  submit(day: string): Promise<void>;
  /** Sends what has no answer yet once more, under the ids it had. */
  retry(): Promise<void>;
}

type Change = (change: (work: Work) => Work) => void;

export function useSubmission(siteId: string, work: Work, change: Change, done: (round: Round) => void): Submission {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const pending = work.rounds.find(isPending);

  async function send(round: Round) {
    setBusy(true);
    setError(undefined);
    let standing = round;
    try {
      for (const { batchId, householdNos, answer } of round.batches) {
        if (answer) continue;
        const body = { checkInDay: round.checkInDay, householdNos: [...householdNos], source: 'list' as const };
        const reply = await call('PUT /v1/sites/{siteId}/check-ins/{batchId}', { path: { siteId, batchId }, body });
        standing = answered(standing, batchId, reply);
        const now = standing;
        change((before) => withRound(before, now));
      }
      done(standing);
    } catch (failure) {
      setError(failure);
      if (isFinal(failure)) change((before) => tickedAgain(before, standing));
    } finally {
      setBusy(false);
    }
  }

  return {
    busy,
    error,
    pending,
    async submit(day) {
      if (busy || pending || work.ticked.length === 0) return;
      const round = roundOf(day, work.ticked, new Date(), () => crypto.randomUUID());
      change((before) => ({ ...withRound(before, round), ticked: [] })); // kept before it is sent
      await send(round);
    },
    async retry() {
      if (!busy && pending) await send(pending);
    },
  };
}

/** The service has read the batch and will not have it. Anything else leaves open whether it arrived. */
const isFinal = (error: unknown) => error instanceof Refused && error.problem.status < 500 && error.problem.status !== 401;

function tickedAgain(work: Work, standing: Round): Work {
  const { round, householdNos } = withoutRefused(standing);
  const after = round ? withRound(work, round) : withoutRound(work, standing);
  return { ...after, ticked: [...new Set([...work.ticked, ...householdNos])] };
}
