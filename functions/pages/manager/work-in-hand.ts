import { useCallback, useRef, useState } from 'preact/hooks';
import { keep, kept } from '../kit/keep.js';
import type { Round } from './round.js';

/** A site's work in hand: what is ticked, for which day, and what was submitted from this page. */
export interface Work {
  readonly ticked: readonly number[];
  readonly day?: string;
  /** Newest first. */
  readonly rounds: readonly Round[];
}

const nothing: Work = { ticked: [], rounds: [] };
const mostRounds = 20;

/** Kept with the browser's tab under who works and where, so that a reload loses nothing and a colleague finds nothing. */
export function useWork(personId: string, siteId: string): [Work, (change: (work: Work) => Work) => void] {
  const key = `gongzhi.work.${personId}.${siteId}`;
  const [, redraw] = useState(0);
  const work = useRef<Work | undefined>(undefined);
  work.current ??= { ...nothing, ...(kept(sessionStorage, key) as Partial<Work> | undefined) };
  const change = useCallback(
    (to: (work: Work) => Work) => {
      const next = to(work.current ?? nothing);
      work.current = { ...next, rounds: next.rounds.slice(0, mostRounds) };
      keep(sessionStorage, key, work.current); // before anything is sent, not when the page is next drawn
      redraw((n) => n + 1);
    },
    [key],
  );
  return [work.current, change];
}

/** Puts a round in the place of its earlier state, or on top. */
export function withRound(work: Work, round: Round): Work {
  const known = work.rounds.some(({ roundId }) => roundId === round.roundId);
  return {
    ...work,
    rounds: known ? work.rounds.map((other) => (other.roundId === round.roundId ? round : other)) : [round, ...work.rounds],
  };
}

export const withoutRound = (work: Work, { roundId }: Round): Work => ({
  ...work,
  rounds: work.rounds.filter((round) => round.roundId !== roundId),
});
