import type { Reply } from '../kit/service.js';

export type Answer = Reply<'PUT /v1/sites/{siteId}/check-ins/{batchId}'>;

/** A batch keeps its id until an answer arrives: sent again after a lost reply, it is the same batch. */
export interface Batch {
  readonly batchId: string;
  readonly householdNos: readonly number[];
  readonly answer?: Answer;
}

/** What was ticked and submitted in one go, in as many batches as it takes. */
export interface Round {
  readonly roundId: string;
  readonly checkInDay: string;
  readonly submittedAt: string;
  readonly batches: readonly Batch[];
  readonly undone?: true;
}

/** A batch holds at most so many households; the contract refuses more. */
export const mostInBatch = 500;

export function roundOf(checkInDay: string, householdNos: readonly number[], now: Date, newId: () => string): Round {
  const nos = [...householdNos].sort((a, b) => a - b);
  const batches = Array.from({ length: Math.ceil(nos.length / mostInBatch) }, (_, i) => ({
    batchId: newId(),
    householdNos: nos.slice(i * mostInBatch, (i + 1) * mostInBatch),
  }));
  return { roundId: newId(), checkInDay, submittedAt: now.toISOString(), batches };
}

export const isPending = ({ batches }: Round): boolean => batches.some(({ answer }) => !answer);

export const answered = (round: Round, batchId: string, answer: Answer): Round => ({
  ...round,
  batches: round.batches.map((batch) => (batch.batchId === batchId ? { ...batch, answer } : batch)),
});

/** After a refusal: what was accepted stands as the round, and the rest is ticked again. */
export function withoutRefused(round: Round): { readonly round: Round | undefined; readonly householdNos: readonly number[] } {
  const batches = round.batches.filter(({ answer }) => answer);
  return {
    round: batches.length ? { ...round, batches } : undefined,
    householdNos: round.batches.filter(({ answer }) => !answer).flatMap(({ householdNos }) => householdNos),
  };
}

/** What the service said to the whole round. `accepted` includes those that stood there already. */
export function outcomeOf({ batches }: Round): Answer {
  const answers = batches.flatMap(({ answer }) => (answer ? [answer] : []));
  return {
    accepted: answers.reduce((sum, { accepted }) => sum + accepted, 0),
    alreadyCheckedIn: answers.reduce((sum, { alreadyCheckedIn }) => sum + alreadyCheckedIn, 0),
    rejected: answers.flatMap(({ rejected }) => rejected),
  };
}
