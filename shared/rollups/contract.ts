import * as z from 'zod/mini';
import { AreaCode, areaLevels } from '../city/areas.js';
import { type Contract, Count, NextCursor, pageQuery, QueryNumber, Rate } from '../http/contract.js';
import { Id, Reason } from '../http/fields.js';
import { SiteId, SiteType } from '../places/contract.js';
import { Week } from '../time/week.js';

export const levels = [...areaLevels, 'site'] as const;
export type Level = (typeof levels)[number];

/** A share between 0 and 1, rounded to four places; null where nothing was reported or nobody is due. */
const Share = z.nullable(z.number().check(z.minimum(0), z.maximum(1)));

const weekPath = z.object({ week: Week });
const Revision = z.int().check(z.nonnegative());
const Status = z.enum(['provisional', 'closed']);

const Row = z.object({
  /** Of the area itself or, in a row of a site, of the site's community. */
  areaCode: AreaCode,
  siteId: z.optional(SiteId),
  siteType: z.optional(SiteType),
  name: z.string(),
  /** Over the sites that reported. */
  participation: Rate,
  rate: Share,
  /** Last week's, as it stood when this week was counted; null while the week is provisional, which a whole one is no measure of. */
  previousRate: Share,
  /** 1 is the highest rate of the list as filtered; equals share a rank; null where there is no rate. */
  rank: z.nullable(Count),
  sitesDue: Count,
  sitesReporting: Count,
});
export type Row = z.output<typeof Row>;

const exampleRow = {
  areaCode: '440311001',
  name: '光明街道',
  participation: { done: 2310, due: 3104 },
  rate: 0.7442,
  previousRate: 0.7318,
  rank: 1,
  sitesDue: 14,
  sitesReporting: 13,
};
const exampleWeek = { week: '2026-W47', status: 'closed', revision: 1, closedAt: '2026-11-22T18:00:04.000Z' };

export const rollupsContract = {
  'GET /v1/rollups/{week}': {
    who: ['officer', 'bureau'],
    summary: 'A week’s participation by district, street, community or site, best first',
    path: weekPath,
    query: z.object({
      level: z._default(z.enum(levels), 'street'),
      areaCode: z.optional(AreaCode),
      siteType: z.optional(SiteType),
      /** Without it, the newest. 0 is the provisional one. */
      revision: z.optional(QueryNumber(0, 9_999)),
      ...pageQuery(200, 100),
    }),
    ok: z.object({
      week: Week,
      status: Status,
      revision: Revision,
      /** When it was computed. */
      computedAt: z.iso.datetime(),
      closedAt: z.nullable(z.iso.datetime()),
      rows: z.array(Row),
      nextCursor: NextCursor,
    }),
    fails: ['week_not_rolled_up', 'area_not_found', 'invalid_cursor'],
    example: { ok: { ...exampleWeek, computedAt: '2026-11-22T18:00:04.000Z', rows: [exampleRow], nextCursor: null } },
  },
  'GET /v1/areas/{areaCode}/trend': {
    who: ['officer', 'bureau'],
    summary: 'An area’s weeks side by side, at most 53',
    path: z.object({ areaCode: AreaCode }),
    query: z.object({ from: Week, to: Week, siteType: z.optional(SiteType) }),
    ok: z.object({
      areaCode: AreaCode,
      name: z.string(),
      weeks: z.array(
        z.object({
          week: Week,
          status: Status,
          revision: Revision,
          participation: Rate,
          rate: Share,
          sitesDue: Count,
          sitesReporting: Count,
        }),
      ),
    }),
    fails: ['area_not_found'],
    example: {
      ok: {
        areaCode: '440311001',
        name: '光明街道',
        weeks: [
          {
            week: '2026-W47',
            status: 'closed',
            revision: 1,
            participation: { done: 2310, due: 3104 },
            rate: 0.7442,
            sitesDue: 14,
            sitesReporting: 13,
          },
        ],
      },
    },
  },
  'POST /v1/rollups/{week}/revisions': {
    who: ['bureau'],
    summary: 'Recount a closed week from its record, as the next revision',
    path: weekPath,
    body: z.strictObject({ reason: Reason(500) }),
    ok: z.object({ week: Week, revision: Revision, closedAt: z.iso.datetime(), reason: z.string() }),
    fails: ['week_not_closed', 'revision_running'],
    example: {
      body: { reason: '翠湖花园补撤重复批次' },
      ok: { week: '2026-W47', revision: 2, closedAt: '2026-11-24T03:10:00.000Z', reason: '翠湖花园补撤重复批次' },
    },
  },
  'GET /v1/rollups/{week}/revisions': {
    who: ['officer', 'bureau'],
    summary: 'Every revision of a closed week, newest first',
    path: weekPath,
    query: z.object(pageQuery(100, 50)),
    ok: z.object({
      revisions: z.array(
        z.object({
          revision: Revision,
          closedAt: z.iso.datetime(),
          /** Null for revision 1, which the weekly job writes. */
          reason: z.nullable(z.string()),
          closedBy: z.nullable(Id),
          participation: Rate,
        }),
      ),
      nextCursor: NextCursor,
    }),
    fails: ['invalid_cursor'],
  },
} as const satisfies Contract;
