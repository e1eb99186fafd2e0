import { useRef, useState } from 'preact/hooks';
import type { Household } from '../../../shared/places/contract.js';
import { weekOf } from '../../../shared/time/week.js';
import { Frame } from '../kit/frame.js';
import { useLoad } from '../kit/load.js';
import { Empty, Loaded } from '../kit/loaded.js';
import { useWords } from '../kit/preferences.js';
import { call, type Reply } from '../kit/service.js';
import type { Person } from '../kit/session.js';
import { useToday } from '../kit/today.js';
import { DayChoice } from './day-choice.js';
import { Households } from './households.js';
import { openDays } from './open-days.js';
import { Outcome } from './outcome.js';
import { registerOf } from './register.js';
import type { Round } from './round.js';
import { Rounds } from './rounds.js';
import { useSubmission } from './submit.js';
import { SubmitBar } from './submit-bar.js';
import { WeekSoFar } from './week.js';
import { managerWords } from './words.js';
import { useWork, withRound } from './work-in-hand.js';

export type SiteWeek = Reply<'GET /v1/sites/{siteId}/weeks/{week}'>;

/** A site's round at the bins: the week so far, the day, the households, and what was submitted. */
export function SitePage({ siteId, who }: { siteId: string; who: Person }) {
  const words = useWords(managerWords);
  const week = weekOf(useToday());
  const site = useLoad(siteId, () => call('GET /v1/sites/{siteId}', { path: { siteId } }));
  const register = useLoad(siteId, () => registerOf(siteId));
  const soFar = useLoad(`${siteId} ${week}`, () => call('GET /v1/sites/{siteId}/weeks/{week}', { path: { siteId, week } }));
  return (
    <Frame title={site.value?.name ?? words.title} back={{ href: '#/', label: words.otherSites }}>
      <Loaded of={site}>
        {() => (
          <>
            {' '}
            <Loaded of={soFar}>{(sofar) => <WeekSoFar week={sofar} />}</Loaded>
            <Loaded of={register}>
              {(households) => (
                <Work siteId={siteId} who={who} households={households} week={soFar.value} changed={() => void soFar.again()} />
              )}
            </Loaded>
          </>
        )}
      </Loaded>
    </Frame>
  );
}

interface WorkProps {
  readonly siteId: string;
  readonly who: Person;
  readonly households: readonly Household[];
  readonly week: SiteWeek | undefined;
  readonly changed: () => void;
}

function Work({ siteId, who, households, week, changed }: WorkProps) {
  const words = useWords(managerWords);
  const today = useToday();
  const [work, change] = useWork(who.personId, siteId);
  const [shown, setShown] = useState<Round>();
  const outcome = useRef<HTMLHeadingElement>(null);
  const days = openDays(new Date());
  const day = work.day && days.includes(work.day) ? work.day : today;
  const submission = useSubmission(siteId, work, change, (round) => {
    setShown(round);
    changed();
    requestAnimationFrame(() => outcome.current?.focus());
  });
  if (households.length === 0) return <Empty>{words.householdsNone}</Empty>;

  const latest = work.rounds.find(({ roundId }) => roundId === shown?.roundId);
  const rounds = (
    <Rounds
      siteId={siteId}
      rounds={work.rounds}
      undone={(round) => {
        change((before) => withRound(before, { ...round, undone: true }));
        changed();
      }}
    />
  );
  return (
    <>
      {latest && <Outcome round={latest} households={households} heading={outcome} />}
      <DayChoice days={days} day={day} today={today} choose={(next) => change((before) => ({ ...before, day: next }))} />
      <Households
        households={households}
        notYet={week?.notYet}
        ticked={work.ticked}
        frozen={submission.pending !== undefined}
        tick={(householdNo, on) =>
          change((before) => {
            const others = before.ticked.filter((no) => no !== householdNo);
            return { ...before, ticked: on ? [...others, householdNo] : others };
          })
        }
      />
      {rounds}
      <SubmitBar
        submission={submission}
        ticked={work.ticked.length}
        day={day}
        clear={() => change((before) => ({ ...before, ticked: [] }))}
      />
    </>
  );
}
