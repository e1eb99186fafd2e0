import { useState } from 'preact/hooks';
import { instantWords, percentOf } from '../kit/figures.js';
import { useHeld } from '../kit/held.js';
import { useLoad } from '../kit/load.js';
import { Empty, Loaded } from '../kit/loaded.js';
import { language, useWords } from '../kit/preferences.js';
import { call, type Reply } from '../kit/service.js';
import { Revise } from './revise.js';
import { hashOfView, type View } from './view.js';
import { bureauWords } from './words.js';

type Revision = Reply<'GET /v1/rollups/{week}/revisions'>['revisions'][number];
interface Props {
  readonly view: View;
  readonly mayRevise: boolean;
  readonly revised: () => void;
}

/** When a week was closed and why it was counted again. What was once published stays readable. */
export function Revisions({ view, mayRevise, revised }: Props) {
  const words = useWords(bureauWords);
  const { week } = view;
  const list = useLoad(week, () => call('GET /v1/rollups/{week}/revisions', { path: { week }, query: { limit: 100 } }));
  const [made, setMade] = useState<number>();
  return (
    <section class="sheet" aria-labelledby="revisions-title">
      <h2 id="revisions-title">{words.revisions}</h2>
      <p role="status" class={made === undefined ? undefined : 'tag'}>
        {made !== undefined && words.revised(made)}
      </p>
      <Loaded of={list}>
        {({ revisions }) =>
          revisions.length === 0 ? (
            <Empty>{words.revisionsNone}</Empty>
          ) : (
            <>
              <ol class="revisions">
                {revisions.map((revision, i) => (
                  <One key={revision.revision} revision={revision} newest={i === 0} view={view} />
                ))}
              </ol>
              {mayRevise && (
                <Revise
                  week={week}
                  made={(revision) => {
                    setMade(revision);
                    void list.again();
                    if (view.revision) location.hash = hashOfView({ ...view, revision: undefined });
                    revised();
                  }}
                />
              )}
            </>
          )
        }
      </Loaded>
    </section>
  );
}

function One({ revision, newest, view }: { revision: Revision; newest: boolean; view: View }) {
  const words = useWords(bureauWords);
  const tongue = useHeld(language);
  const { done, due } = revision.participation;
  const shown = view.revision === undefined ? newest : view.revision === String(revision.revision);
  const title = words.revision(revision.revision);
  return (
    <li>
      <strong>{title}</strong>{' '}
      {shown ? (
        <span class="tag">{words.looking}</span>
      ) : (
        <a href={hashOfView({ ...view, revision: newest ? undefined : String(revision.revision) })} aria-label={`${words.look} ${title}`}>
          {words.look}
        </a>
      )}
      <br />
      <span>
        {words.ofDistrict(done, due)} {percentOf(revision.participation)}
      </span>
      <br />
      <span class="weak">
        {instantWords(revision.closedAt, tongue)} · {revision.reason ?? words.firstRevision}
      </span>
    </li>
  );
}
