import { useRef, useState } from 'preact/hooks';
import { dayWords } from '../kit/figures.js';
import { useHeld } from '../kit/held.js';
import { language, useWords } from '../kit/preferences.js';
import { isPending, outcomeOf, type Round } from './round.js';
import { Undo } from './undo.js';
import { managerWords } from './words.js';

interface Props {
  readonly siteId: string;
  readonly rounds: readonly Round[];
  readonly undone: (round: Round) => void;
}

/** What was submitted from this page, and can be taken back from here. */
export function Rounds({ siteId, rounds, undone }: Props) {
  const words = useWords(managerWords);
  const tongue = useHeld(language);
  const heading = useRef<HTMLHeadingElement>(null);
  const [undoing, setUndoing] = useState<Round>();
  const sent = rounds.filter((round) => !isPending(round));
  if (sent.length === 0) return null;
  const timeOf = (at: string) =>
    new Intl.DateTimeFormat(tongue, { hour: '2-digit', minute: '2-digit', hour12: false, timeZone: 'Asia/Shanghai' }).format(new Date(at));
  return (
    <section aria-labelledby="rounds-title">
      <h2 id="rounds-title" ref={heading} tabIndex={-1}>
        {words.rounds}
      </h2>
      <ul class="weui-cells links">
        {sent.map((round) => {
          const what = words.roundWords(dayWords(round.checkInDay, tongue), timeOf(round.submittedAt), outcomeOf(round).accepted);
          return (
            <li class="weui-cell round" key={round.roundId}>
              <span>{what}</span>
              {round.undone ? (
                <span class="tag tag_warn">{words.undone}</span>
              ) : (
                <button type="button" class="tool" aria-label={`${words.undo} ${what}`} onClick={() => setUndoing(round)}>
                  {words.undo}
                </button>
              )}
            </li>
          );
        })}
      </ul>
      {undoing && (
        <Undo
          siteId={siteId}
          round={undoing}
          close={(done) => {
            setUndoing(undefined);
            if (!done) return;
            undone(undoing);
            heading.current?.focus(); // its button is gone
          }}
        />
      )}
    </section>
  );
}
