import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../kit/button.js';
import { dayWords } from '../kit/figures.js';
import { useHeld } from '../kit/held.js';
import { language, useWords } from '../kit/preferences.js';
import { ReasonForm } from '../kit/reason-form.js';
import { call } from '../kit/service.js';
import { kitWords } from '../kit/words.js';
import { outcomeOf, type Round } from './round.js';
import { managerWords } from './words.js';

interface Props {
  readonly siteId: string;
  readonly round: Round;
  readonly close: (undone: boolean) => void;
}

/** Asks why, then takes back every batch of the round. Taking back twice is harmless, so a broken attempt is repeated whole. */
export function Undo({ siteId, round, close }: Props) {
  const words = useWords(managerWords);
  const kit = useWords(kitWords);
  const day = dayWords(round.checkInDay, useHeld(language));
  const dialog = useRef<HTMLDialogElement>(null);
  const undone = useRef(false);
  useEffect(() => dialog.current?.showModal(), []);

  async function takeBack(reason: string) {
    for (const { batchId } of round.batches)
      await call('POST /v1/sites/{siteId}/check-ins/{batchId}/undo', { path: { siteId, batchId }, body: { reason } });
    undone.current = true;
    dialog.current?.close();
  }

  return (
    <dialog ref={dialog} aria-labelledby="undo-title" onClose={() => close(undone.current)}>
      <ReasonForm
        maxLength={200}
        label={words.reason}
        hint={words.reasonHint}
        missing={words.reasonMissing}
        confirm={words.confirmUndo}
        act={takeBack}
        cancel={
          <Button kind="default" onClick={() => dialog.current?.close()}>
            {kit.cancel}
          </Button>
        }
      >
        <h2 id="undo-title">{words.undoTitle}</h2>
        <p class="lead">{words.undoWhat(day, outcomeOf(round).accepted)}</p>
      </ReasonForm>
    </dialog>
  );
}
