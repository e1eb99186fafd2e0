import { useWords } from '../kit/preferences.js';
import { ReasonForm } from '../kit/reason-form.js';
import { call } from '../kit/service.js';
import { bureauWords } from './words.js';

interface Props {
  readonly week: string;
  readonly made: (revision: number) => void;
}

/** Counting again is a public act: it asks for a reason first. */
export function Revise({ week, made }: Props) {
  const words = useWords(bureauWords);

  async function revise(reason: string) {
    const { revision } = await call('POST /v1/rollups/{week}/revisions', { path: { week }, body: { reason } });
    made(revision);
  }

  return (
    <details class="table-of">
      <summary>{words.revise}</summary>
      <ReasonForm
        maxLength={500}
        label={words.reason}
        hint={words.reasonHint}
        missing={words.reasonMissing}
        confirm={words.confirmRevise}
        act={revise}
      >
        <p class="weak">{words.reviseWhat}</p>
      </ReasonForm>
    </details>
  );
}
