import { type AreaLevel, areaOf, areas, levelOf, liesWithin, streetOf } from '../../shared/city/areas.js';
import type { Handlers } from '../../shared/http/contract.js';
import { Failure } from '../../shared/http/failures.js';
import type { SiteType } from '../../shared/places/rules.js';
import type { Row, rollupsContract } from '../../shared/rollups/contract.js';
import { type FiguresByType, figuresOf, ranked, shareOf, sumOf } from '../../shared/rollups/rules.js';
import { addWeeks } from '../../shared/time/week.js';
import { cursorOf, placeOf } from '../database/cursor.js';
import type { AreaRow, Heading, SiteRow } from './figures.js';
import { type RollUpDeps, rollUp } from './roll-up.js';

/** A trend shows a year at most. */
const mostWeeks = 53;

export const rollupsHandlers: Handlers<typeof rollupsContract, RollUpDeps> = {
  async 'GET /v1/rollups/{week}'({ path: { week }, query }, { rollups }) {
    const { level, areaCode, siteType, limit } = query;
    if (areaCode && !areaOf(areaCode)) throw new Failure('area_not_found');
    // Page two is of the revision that page one was of.
    const [pinned, offset = 0] =
      placeOf(query.cursor, /^\d{1,5}\.\d{1,6}$/)
        ?.split('.')
        .map(Number) ?? [];
    const found = await rollups.level(level === 'site' ? 'district' : level, week, pinned ?? query.revision);
    if (!found) throw new Failure('week_not_rolled_up');

    const inArea = (row: { areaCode: string }) => !areaCode || liesWithin(row.areaCode, areaCode);
    const rows =
      level === 'site'
        ? (await rollups.siteRows(found, areaCode && areaCode.length >= 9 ? streetOf(areaCode) : undefined))
            .filter((row) => inArea(row) && (!siteType || row.siteType === siteType))
            .map(rowOfSite)
        : everyArea(level, found.rows)
            .filter(inArea)
            .map((row) => rowOfArea(row, siteType));
    // Two days are not measured against seven: the provisional week stands alone.
    const compared = found.closedAt ? rows : rows.map((row) => ({ ...row, previousRate: null }));
    const page = ranked(compared).slice(offset, offset + limit);
    return {
      ...headed(found),
      computedAt: found.computedAt,
      rows: page,
      nextCursor: offset + limit < rows.length ? cursorOf(`${found.revision}.${offset + limit}`) : null,
    };
  },

  async 'GET /v1/areas/{areaCode}/trend'({ path: { areaCode }, query: { from, to, siteType } }, { rollups }) {
    const area = areaOf(areaCode);
    if (!area) throw new Failure('area_not_found');
    if (from > to) throw new Failure('invalid_request', { fields: [{ path: 'from', code: 'after_to' }] });
    if (addWeeks(from, mostWeeks) <= to) {
      throw new Failure('invalid_request', { fields: [{ path: 'to', code: 'span_too_long', limit: mostWeeks }] });
    }
    const weeks = await rollups.levels(levelOf(areaCode), from, to);
    return {
      areaCode,
      name: area.name,
      weeks: weeks.map((found) => {
        const { participation, rate, sitesDue, sitesReporting } = shown(
          found.rows.find((row) => row.areaCode === areaCode)?.byType ?? {},
          siteType,
        );
        const { week, status, revision } = headed(found);
        return { week, status, revision, participation, rate, sitesDue, sitesReporting };
      }),
    };
  },

  async 'POST /v1/rollups/{week}/revisions'({ path: { week }, body: { reason }, caller }, deps) {
    const result = await rollUp({ week, kind: 'revise', run: deps.newId(), reason, closedBy: caller.personId }, deps);
    if (result.outcome !== 'published') throw new Failure(result.outcome === 'open' ? 'week_not_closed' : 'revision_running');
    const { revision, computedAt } = result.heading;
    return { week, revision, closedAt: computedAt, reason };
  },

  async 'GET /v1/rollups/{week}/revisions'({ path: { week }, query: { limit, cursor } }, { rollups }) {
    // Nothing stands before revision 1.
    const before = placeOf(cursor, /^([2-9]|[1-9]\d{1,4})$/);
    const { revisions, more } = await rollups.revisions(week, limit, before === undefined ? undefined : Number(before));
    const last = revisions.at(-1);
    return {
      revisions: revisions.map(({ revision, computedAt, closedAt = computedAt, reason = null, closedBy = null, rows }) => ({
        revision,
        closedAt,
        reason,
        closedBy,
        participation: shown(rows[0]?.byType ?? {}, undefined).participation,
      })),
      nextCursor: more && last ? cursorOf(String(last.revision)) : null,
    };
  },
};

const headed = ({ week, revision, closedAt }: Heading) => ({
  week,
  revision,
  status: closedAt ? ('closed' as const) : ('provisional' as const),
  closedAt: closedAt ?? null,
});

/** Every area of the level, those without a household site too: the reader sees that they are there and have none. */
function everyArea(level: AreaLevel, rows: readonly AreaRow[]): AreaRow[] {
  const found = new Map(rows.map((row) => [row.areaCode, row]));
  return areas.filter((area) => area.level === level).map(({ areaCode }) => found.get(areaCode) ?? { areaCode, byType: {}, previous: {} });
}

function shown(byType: FiguresByType, siteType: SiteType | undefined) {
  const { done, due, sitesDue, sitesReporting } = sumOf(byType, siteType);
  return { participation: { done, due }, rate: shareOf({ done, due }), sitesDue, sitesReporting };
}

function rowOfArea({ areaCode, byType, previous }: AreaRow, siteType: SiteType | undefined): Omit<Row, 'rank'> {
  return { areaCode, name: areaOf(areaCode)?.name ?? areaCode, ...shown(byType, siteType), previousRate: shown(previous, siteType).rate };
}

function rowOfSite(site: SiteRow): Omit<Row, 'rank'> {
  const { areaCode, siteId, siteType, name, previous } = site;
  const { done, due, sitesDue, sitesReporting } = figuresOf(site);
  const participation = { done, due };
  const previousRate = previous ? shareOf(previous) : null;
  return { areaCode, siteId, siteType, name, participation, rate: shareOf(participation), previousRate, sitesDue, sitesReporting };
}
