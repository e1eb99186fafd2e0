import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../kit/button.js';
import { FaultSummary, type Faults, faultsOf } from '../kit/faults.js';
import { TextArea } from '../kit/field.js';
import { dayWords } from '../kit/figures.js';
import { useHeld } from '../kit/held.js';
import { language, useWords } from '../kit/preferences.js';
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
  const [reason, setReason] = useState('');
  const [faults, setFaults] = useState<Faults>({});
  const [busy, setBusy] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);

  async function confirm() {
    if (reason.trim() === '') return setFaults({ reason: words.reasonMissing });
    setBusy(true);
    setFaults({});
    try {
      for (const { batchId } of round.batches)
        await call('POST /v1/sites/{siteId}/check-ins/{batchId}/undo', { path: { siteId, batchId }, body: { reason } });
      undone.current = true;
      dialog.current?.close();
    } catch (error) {
      setFaults(faultsOf(error, ['reason'], kit));
      setBusy(false);
    }
  }

  return (
    <dialog ref={dialog} aria-labelledby="undo-title" onClose={() => close(undone.current)}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void confirm();
        }}
      >
        <h2 id="undo-title">{words.undoTitle}</h2>
        <p class="lead">{words.undoWhat(day, outcomeOf(round).accepted)}</p>
        <FaultSummary faults={faults} />
        <TextArea
          stacked
          id="reason"
          label={words.reason}
          hint={words.reasonHint}
          fault={faults.reason}
          maxLength={200}
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
        <div class="actions">
          <Button type="submit" busy={busy}>
            {words.confirmUndo}
          </Button>
          <Button kind="default" onClick={() => dialog.current?.close()}>
            {kit.cancel}
          </Button>
        </div>
      </form>
    </dialog>
  );
}
