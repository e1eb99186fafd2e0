import { areaOf } from '../../../shared/city/areas.js';
import { addWeeks } from '../../../shared/time/week.js';
import { percent, weekNumberWords } from '../kit/figures.js';
import { useHeld } from '../kit/held.js';
import { useLoad } from '../kit/load.js';
import { Empty, Loaded } from '../kit/loaded.js';
import { language, useWords } from '../kit/preferences.js';
import { call, type Reply } from '../kit/service.js';
import { Line } from './line.js';
import { trendWeeks, type View } from './view.js';
import { bureauWords } from './words.js';

export type TrendWeek = Reply<'GET /v1/areas/{areaCode}/trend'>['weeks'][number];

/** The area's weeks up to the one in view, drawn and as a table. */
export function Trend({ view: { areaCode, week, siteType }, turn }: { view: View; turn: number }) {
  const words = useWords(bureauWords);
  const trend = useLoad(`${areaCode} ${week} ${siteType} ${turn}`, () =>
    call('GET /v1/areas/{areaCode}/trend', {
      path: { areaCode },
      query: { from: addWeeks(week, 1 - trendWeeks), to: week, ...(siteType ? { siteType } : {}) },
    }),
  );
  return (
    <section class="sheet" aria-labelledby="trend-title">
      <h2 id="trend-title">
        {words.trend(areaOf(areaCode)?.name ?? areaCode)}
        {siteType && <small> · {words.siteTypes[siteType]}</small>}
      </h2>
      <Loaded of={trend}>
        {({ name, weeks }) => (weeks.length ? <Weeks name={name} weeks={weeks} /> : <Empty>{words.trendNone}</Empty>)}
      </Loaded>
    </section>
  );
}

function Weeks({ name, weeks }: { name: string; weeks: readonly TrendWeek[] }) {
  const words = useWords(bureauWords);
  const tongue = useHeld(language);
  return (
    <>
      <Line weeks={weeks} />
      <p class="weak">
        <small>{words.hollow}</small>
      </p>
      <details class="table-of">
        <summary>{words.trendTable}</summary>
        <table>
          <caption class="unseen">{words.trend(name)}</caption>
          <thead>
            <tr>
              <th scope="col">{words.trendWeek}</th>
              <th scope="col" class="number">
                {words.rate}
              </th>
              <th scope="col" class="number">
                {words.reporting}
              </th>
              <th scope="col">{words.status}</th>
            </tr>
          </thead>
          <tbody>
            {[...weeks].reverse().map((week) => (
              <tr key={week.week}>
                <th scope="row">{weekNumberWords(week.week, tongue)}</th>
                <td class="number">
                  {week.rate === null ? words.notReported : `${week.participation.done} / ${week.participation.due}，${percent(week.rate)}`}
                </td>
                <td class="number">
                  {week.sitesReporting} / {week.sitesDue}
                </td>
                <td>{week.status === 'closed' ? words.revision(week.revision) : words.provisional}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}
