import type { Row } from '../../../shared/rollups/contract.js';
import { percent } from '../kit/figures.js';
import { IconDown, IconUp } from '../kit/icons.js';
import { useWords } from '../kit/preferences.js';
import { hashOfView, levelBelow, type View } from './view.js';
import { bureauWords } from './words.js';

/** A street, a community or a site in its week. A name leads one level down, as far as there is one. */
export function RowOfWeek({ row, view }: { row: Row; view: View }) {
  const words = useWords(bureauWords);
  const { done, due } = row.participation;
  const reported = row.sitesReporting > 0;
  const missing = row.sitesDue > 0 && !reported;
  return (
    <tr class={reported ? undefined : 'row_missing'}>
      <td class="number">{row.rank ?? '–'}</td>
      <th scope="row">
        {row.siteId ? (
          <>
            {row.name} {row.siteType && <small class="row_type">{words.siteTypes[row.siteType]}</small>}
          </>
        ) : (
          <a href={hashOfView({ ...view, areaCode: row.areaCode, level: levelBelow(row.areaCode) })}>{row.name}</a>
        )}
      </th>
      <td class="rate">
        {reported && <RateOf rate={row.rate} />}
        {reported && (
          <small class="narrow">
            {done} / {due}
          </small>
        )}
        {missing && <span class="tag tag_warn">{words.notReported}</span>}
        {row.sitesDue === 0 && <span class="weak">{words.noSites}</span>}
      </td>
      <td class="number wide">{reported ? `${done} / ${due}` : '–'}</td>
      <td class="number wide">{row.previousRate === null ? '–' : percent(row.previousRate)}</td>
      <td class="change wide">{reported && <Change now={row.rate} before={row.previousRate} />}</td>
      <td class="number">
        {row.sitesReporting} / {row.sitesDue}
      </td>
    </tr>
  );
}

function RateOf({ rate }: { rate: number | null }) {
  const words = useWords(bureauWords);
  if (rate === null) return <span class="weak">{words.noRate}</span>;
  return (
    <span class="meter">
      <svg class="meter__bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">
        <rect class="meter__all" width="100" height="8" />
        <rect class="meter__done" width={rate * 100} height="8" />
      </svg>
      <span class="meter__value">{percent(rate)}</span>
    </span>
  );
}

/** In points, since a change of a share given in percent of the share says something else. */
function Change({ now, before }: { now: number | null; before: number | null }) {
  const words = useWords(bureauWords);
  if (now === null || before === null) return <>–</>;
  const points = (Math.round(now * 1000) - Math.round(before * 1000)) / 10;
  if (points === 0) return <span class="weak">{words.same}</span>;
  return (
    <span class={points > 0 ? 'up' : 'down'}>
      {points > 0 ? <IconUp /> : <IconDown />}
      <span class="unseen">{points > 0 ? words.up : words.down} </span>
      {words.points(Math.abs(points).toFixed(1))}
    </span>
  );
}
