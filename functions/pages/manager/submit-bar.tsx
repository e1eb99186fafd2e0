import { Button } from '../kit/button.js';
import { reasonOf } from '../kit/faults.js';
import { useWords } from '../kit/preferences.js';
import { kitWords } from '../kit/words.js';
import type { Submission } from './submit.js';
import { managerWords } from './words.js';

interface Props {
  readonly submission: Submission;
  readonly ticked: number;
  readonly day: string;
  readonly clear: () => void;
}

/** Stays at the thumb: how many are ticked, the button, and what became of a submission that failed. */
export function SubmitBar({ submission, ticked, day, clear }: Props) {
  const words = useWords(managerWords);
  const kit = useWords(kitWords);
  const { busy, error, pending } = submission;
  return (
    <div class="submit-bar">
      {pending && !busy && (
        <div class="notice" role="alert">
          <p>
            <strong>{words.pendingTitle}</strong>
          </p>
          {error !== undefined && <p>{reasonOf(error, kit)}</p>}
          <p>{words.pending(pending.batches.reduce((sum, { householdNos }) => sum + householdNos.length, 0))}</p>
        </div>
      )}
      {!pending && error !== undefined && (
        <div class="failed" role="alert">
          <p>
            <strong>{words.refusedTitle}</strong>
          </p>
          <p>
            {reasonOf(error, kit)} {words.refusedKept}
          </p>
        </div>
      )}
      <div class="submit-bar__row">
        {pending ? (
          <Button busy={busy} onClick={() => void submission.retry()}>
            {busy ? words.submitting : words.sendAgain}
          </Button>
        ) : (
          <>
            <span class="submit-bar__count" role="status">
              {ticked ? words.ticked(ticked) : words.tickFirst}
            </span>
            {ticked > 0 && (
              <button type="button" class="tool" onClick={clear}>
                {words.clear}
              </button>
            )}
            <Button idle={ticked === 0} onClick={() => void submission.submit(day)}>
              {words.submit(ticked)}
            </Button>
          </>
        )}
      </div>
    </div>
  );
}
