import { percent } from '../kit/figures.js';
import type { TrendWeek } from './trend.js';

const width = 480;
const height = 200;
const left = 52;
const right = 12;
const top = 22;
const bottom = 30;

/** Part of a week is no step down from a whole one: the line ends before it. */
const joins = (before: { y: number | undefined } | undefined, point: { status: string }) =>
  before?.y !== undefined && point.status === 'closed';

/** A plain line over the weeks, from nothing to all. The table beside it says the same, so the drawing is silent. */
export function Line({ weeks }: { weeks: readonly TrendWeek[] }) {
  const x = (i: number) => left + (weeks.length === 1 ? 0.5 : i / (weeks.length - 1)) * (width - left - right);
  const y = (rate: number) => top + (1 - rate) * (height - top - bottom);
  const points = weeks.map(({ rate, status, week }, i) => ({ x: x(i), y: rate === null ? undefined : y(rate), rate, status, week }));
  const path = points
    .map((point, i) =>
      point.y === undefined ? '' : `${joins(points[i - 1], point) ? 'L' : 'M'}${point.x.toFixed(1)} ${point.y.toFixed(1)}`,
    )
    .join('');
  const last = points.filter((point) => point.y !== undefined).at(-1);
  const every = Math.ceil(weeks.length / 6);
  return (
    <svg class="line" viewBox={`0 0 ${width} ${height}`} aria-hidden="true" focusable="false">
      {[0, 0.25, 0.5, 0.75, 1].map((share) => (
        <g key={share}>
          <line class="line__grid" x1={left} x2={width - right} y1={y(share)} y2={y(share)} />
          <text class="line__label" x={left - 6} y={y(share) + 5} text-anchor="end">
            {share * 100}%
          </text>
        </g>
      ))}
      {points.map(
        (point, i) =>
          (weeks.length - 1 - i) % every === 0 && (
            <text class="line__label" key={point.week} x={point.x} y={height - 6} text-anchor={i === weeks.length - 1 ? 'end' : 'middle'}>
              {point.week.slice(5)}
            </text>
          ),
      )}
      <path class="line__path" d={path} />
      {points.map(
        (point) =>
          point.y !== undefined && (
            <circle
              class={point.status === 'closed' ? 'line__point' : 'line__point line__point_hollow'}
              key={point.week}
              cx={point.x}
              cy={point.y}
              r="4"
            />
          ),
      )}
      {last?.y !== undefined && last.rate !== null && (
        <text class="line__value" x={last.x} y={last.y - 10} text-anchor="end">
          {percent(last.rate)}
        </text>
      )}
    </svg>
  );
}
