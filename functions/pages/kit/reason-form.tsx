import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from './button.js';
import { FaultSummary, type Faults, faultsOf } from './faults.js';
import { TextArea } from './field.js';
import { useWords } from './preferences.js';
import { kitWords } from './words.js';

interface Props {
  readonly maxLength: number;
  readonly label: string;
  readonly hint: string;
  /** Said where the reason is left out. */
  readonly missing: string;
  readonly confirm: string;
  /** What is about to be done, above the field. */
  readonly children: ComponentChildren;
  /** A second way out beside the button. */
  readonly cancel?: ComponentChildren;
  /** Does it. What it throws is shown with the field it speaks of; the reason stays written. */
  readonly act: (reason: string) => Promise<void>;
}

/** A form for what is not done without saying why. */
export function ReasonForm({ maxLength, label, hint, missing, confirm, children, cancel, act }: Props) {
  const kit = useWords(kitWords);
  const [reason, setReason] = useState('');
  const [faults, setFaults] = useState<Faults>({});
  const [busy, setBusy] = useState(false);

  async function submit() {
    if (reason.trim() === '') return setFaults({ reason: missing });
    setBusy(true);
    setFaults({});
    try {
      await act(reason);
      setReason('');
    } catch (error) {
      setFaults(faultsOf(error, ['reason'], kit));
    }
    setBusy(false);
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void submit();
      }}
    >
      {children}
      <FaultSummary faults={faults} />
      <TextArea
        stacked
        id="reason"
        label={label}
        hint={hint}
        fault={faults.reason}
        maxLength={maxLength}
        value={reason}
        onInput={(event) => setReason(event.currentTarget.value)}
      />
      <div class="actions">
        <Button type="submit" busy={busy}>
          {confirm}
        </Button>
        {cancel}
      </div>
    </form>
  );
}
