import * as z from 'zod/mini';
import { type Contract, Count, NextCursor, NoContent, pageQuery, Rate } from '../http/contract.js';
import { Id, Reason } from '../http/fields.js';
import { HouseholdNo, SiteId } from '../places/contract.js';
import { Day } from '../time/day.js';
import { Week } from '../time/week.js';

/** How a round was logged: by scanning, off a list, from a file, or kept on the phone while it had no signal. */
export const sources = ['scan', 'list', 'import', 'offline'] as const;

/** A round at the bins: the households that sorted on a day, logged in one go. */
export const CheckInBatch = z.strictObject({
  checkInDay: Day,
  householdNos: z.array(HouseholdNo).check(z.minLength(1), z.maxLength(500)),
  source: z.enum(sources),
});
export type CheckInBatch = z.output<typeof CheckInBatch>;

export const Rejected = z.object({ householdNo: HouseholdNo, code: z.enum(['unknown_household', 'not_occupied']) });
export type Rejected = z.output<typeof Rejected>;

const batchPath = z.object({ siteId: SiteId, batchId: Id });

export const sortingContract = {
  'PUT /v1/sites/{siteId}/check-ins/{batchId}': {
    who: ['manager', 'officer'],
    summary: 'Log which households sorted on a day; the same batch again changes nothing',
    path: batchPath,
    body: CheckInBatch,
    ok: z.object({
      /** How many of the batch now stand checked in for that day. */
      accepted: Count,
      /** How many of them stood so before this request. */
      alreadyCheckedIn: Count,
      rejected: z.array(Rejected),
    }),
    fails: ['site_not_found', 'site_without_households', 'day_not_open', 'batch_differs', 'batch_undone'],
    example: {
      body: { checkInDay: '2026-11-24', householdNos: [1, 2, 9], source: 'list' },
      ok: { accepted: 2, alreadyCheckedIn: 0, rejected: [{ householdNo: 9, code: 'not_occupied' }] },
    },
  },
  'GET /v1/sites/{siteId}/check-ins': {
    who: ['manager', 'officer'],
    summary: 'The batches logged for a day, in the order they were logged or undone',
    path: z.object({ siteId: SiteId }),
    query: z.object({ checkInDay: Day, ...pageQuery(100, 50) }),
    ok: z.object({
      batches: z.array(
        z.object({
          batchId: Id,
          checkInDay: Day,
          source: z.enum(sources),
          accepted: Count,
          rejected: Count,
          loggedBy: Id,
          loggedAt: z.iso.datetime(),
          undone: z.nullable(z.object({ by: Id, at: z.iso.datetime(), reason: z.string() })),
        }),
      ),
      nextCursor: NextCursor,
    }),
    fails: ['site_not_found', 'invalid_cursor'],
    example: {
      ok: {
        batches: [
          {
            batchId: '7c0a3f5e-9d0b-4f7a-8a51-3c2f5a1e6b90',
            checkInDay: '2026-11-24',
            source: 'list',
            accepted: 2,
            rejected: 1,
            loggedBy: '5f0c9a54-6d1f-4a86-9e0c-0f6f6b2f3a10',
            loggedAt: '2026-11-24T12:40:00.000Z',
            undone: null,
          },
        ],
        nextCursor: null,
      },
    },
  },
  'POST /v1/sites/{siteId}/check-ins/{batchId}/undo': {
    who: ['manager', 'officer'],
    summary: 'Take a batch back; households that another batch of the day holds stay checked in',
    path: batchPath,
    body: z.strictObject({ reason: Reason(200) }),
    ok: NoContent,
    fails: ['site_not_found', 'batch_not_found', 'day_not_open'],
    example: { body: { reason: '选错了楼栋' } },
  },
  'GET /v1/sites/{siteId}/weeks/{week}': {
    who: ['manager', 'officer', 'bureau'],
    summary: 'A site’s week so far: participation, the seven days, and who has not yet',
    path: z.object({ siteId: SiteId, week: Week }),
    ok: z.object({
      week: Week,
      status: z.enum(['open', 'closed']),
      /** Households occupied now or, in a closed week, at its close. */
      occupied: Count,
      participating: Count,
      participation: Rate,
      /** Whether anything was logged. A week without is missing from the rollups, not zero. */
      reported: z.boolean(),
      days: z.array(z.object({ day: Day, participation: Rate })),
      notYet: z.array(HouseholdNo),
    }),
    fails: ['site_not_found'],
    example: {
      ok: {
        week: '2026-W48',
        status: 'open',
        occupied: 3,
        participating: 2,
        participation: { done: 2, due: 3 },
        reported: true,
        days: [{ day: '2026-11-23', participation: { done: 2, due: 3 } }],
        notYet: [3],
      },
    },
  },
} as const satisfies Contract;
