import { useState } from 'preact/hooks';
import { Button } from '../kit/button.js';
import { FaultSummary, type Faults, faultsOf } from '../kit/faults.js';
import { TextArea } from '../kit/field.js';
import { useWords } from '../kit/preferences.js';
import { call } from '../kit/service.js';
import { kitWords } from '../kit/words.js';
import { bureauWords } from './words.js';

interface Props {
  readonly week: string;
  readonly made: (revision: number) => void;
}

/** Counting again is a public act: it asks for a reason first. */
export function Revise({ week, made }: Props) {
  const words = useWords(bureauWords);
  const kit = useWords(kitWords);
  const [reason, setReason] = useState('');
  const [faults, setFaults] = useState<Faults>({});
  const [busy, setBusy] = useState(false);

  async function revise() {
    if (reason.trim() === '') return setFaults({ reason: words.reasonMissing });
    setBusy(true);
    setFaults({});
    try {
      const { revision } = await call('POST /v1/rollups/{week}/revisions', { path: { week }, body: { reason } });
      setReason('');
      made(revision);
    } catch (error) {
      setFaults(faultsOf(error, ['reason'], kit));
    }
    setBusy(false);
  }

  return (
    <details class="table-of">
      <summary>{words.revise}</summary>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void revise();
        }}
      >
        <p class="weak">{words.reviseWhat}</p>
        <FaultSummary faults={faults} />
        <TextArea
          stacked
          id="reason"
          label={words.reason}
          hint={words.reasonHint}
          fault={faults.reason}
          maxLength={500}
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
        <div class="actions">
          <Button type="submit" busy={busy}>
            {words.confirmRevise}
          </Button>
        </div>
      </form>
    </details>
  );
}
