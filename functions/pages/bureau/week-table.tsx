import { useEffect, useRef, useState } from 'preact/hooks';
import { areaOf } from '../../../shared/city/areas.js';
import { Refused } from '../../../shared/http/client.js';
import { Button } from '../kit/button.js';
import { reasonOf } from '../kit/faults.js';
import { instantWords, weekWords } from '../kit/figures.js';
import { useHeld } from '../kit/held.js';
import { useLoad } from '../kit/load.js';
import { Empty, Loaded } from '../kit/loaded.js';
import { language, useWords } from '../kit/preferences.js';
import { call, type Reply } from '../kit/service.js';
import { kitWords } from '../kit/words.js';
import { RowOfWeek } from './row.js';
import { hashOfView, type View } from './view.js';
import { bureauWords } from './words.js';

type Week = Reply<'GET /v1/rollups/{week}'>;

const ask = ({ week, level, areaCode, siteType, revision }: View, cursor?: string) =>
  call('GET /v1/rollups/{week}', {
    path: { week },
    query: { level, areaCode, siteType, revision: revision === undefined ? undefined : Number(revision), cursor },
  });

/** A week that nobody has counted is no failure: it has nothing to show yet. */
async function askWeek(view: View): Promise<Week | 'not_rolled_up'> {
  try {
    return await ask(view);
  } catch (error) {
    if (error instanceof Refused && error.problem.code === 'week_not_rolled_up') return 'not_rolled_up';
    throw error;
  }
}

export function WeekTable({ view, turn }: { view: View; turn: number }) {
  const words = useWords(bureauWords);
  const tongue = useHeld(language);
  const area = areaOf(view.areaCode)?.name ?? view.areaCode;
  const heading = useArrival(view.areaCode);
  const week = useLoad(`${hashOfView(view)} ${turn}`, () => askWeek(view));
  return (
    <section class="week-table" aria-labelledby="week-title">
      <h2 id="week-title" ref={heading} tabIndex={-1}>
        {words.caption(area, words.levels[view.level], weekWords(view.week, tongue))}
      </h2>
      <Loaded of={week}>
        {(shown) => (shown === 'not_rolled_up' ? <Empty>{words.notRolledUp}</Empty> : <Table shown={shown} view={view} put={week.put} />)}
      </Loaded>
    </section>
  );
}

/** Going down into an area takes away the link that was pressed: the focus goes to the new table's heading. */
function useArrival(areaCode: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef(areaCode);
  useEffect(() => {
    if (before.current !== areaCode) heading.current?.focus();
    before.current = areaCode;
  }, [areaCode]);
  return heading;
}

function Table({ shown, view, put }: { shown: Week; view: View; put: (week: Week) => void }) {
  const words = useWords(bureauWords);
  return (
    <>
      <Status shown={shown} view={view} />
      {shown.rows.length === 0 ? (
        <Empty>{words.noRows}</Empty>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a narrow screen scrolls the table sideways, and so must the arrow keys
        <section class="scroll" tabIndex={0} aria-label={words.title}>
          <table aria-labelledby="week-title">
            <thead>
              <tr>
                <th scope="col" class="number">
                  {words.rank}
                </th>
                <th scope="col">{words.name}</th>
                <th scope="col" class="rate">
                  {words.rate}
                </th>
                <th scope="col" class="number wide">
                  {words.participation}
                </th>
                <th scope="col" class="number wide">
                  {words.previous}
                </th>
                <th scope="col" class="wide">
                  {words.change}
                </th>
                <th scope="col" class="number">
                  {words.reporting}
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.rows.map((row) => (
                <RowOfWeek key={row.siteId ?? row.areaCode} row={row} view={view} />
              ))}
            </tbody>
          </table>
        </section>
      )}
      {shown.nextCursor !== null && <More shown={shown} view={view} put={put} />}
    </>
  );
}

function Status({ shown, view }: { shown: Week; view: View }) {
  const words = useWords(bureauWords);
  const tongue = useHeld(language);
  const { status, revision, closedAt, computedAt } = shown;
  return (
    <p class="status" role="status">
      <span class={status === 'closed' ? 'tag' : 'tag tag_warn'}>{words[status]}</span>
      {status === 'closed' && <span>{words.revision(revision)}</span>}
      <span class="weak">
        {closedAt ? words.closedAt(instantWords(closedAt, tongue)) : words.computedAt(instantWords(computedAt, tongue))}
      </span>
      {view.revision && <a href={hashOfView({ ...view, revision: undefined })}>{words.newest}</a>}
    </p>
  );
}

function More({ shown, view, put }: { shown: Week; view: View; put: (week: Week) => void }) {
  const words = useWords(bureauWords);
  const kit = useWords(kitWords);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>();
  async function more() {
    setBusy(true);
    setFailed(undefined);
    try {
      const next = await ask(view, shown.nextCursor ?? undefined);
      put({ ...next, rows: [...shown.rows, ...next.rows] });
    } catch (error) {
      setFailed(error);
    }
    setBusy(false);
  }
  return (
    <div class="actions">
      {failed !== undefined && <p role="alert">{reasonOf(failed, kit)}</p>}
      <Button kind="default" busy={busy} onClick={() => void more()}>
        {words.more}
      </Button>
    </div>
  );
}
