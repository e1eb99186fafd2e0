import * as z from 'zod/mini';
import { type Contract, Count, NextCursor, pageQuery } from '../http/contract.js';
import { Id } from '../http/fields.js';
import { jobNames, runStatuses } from '../jobs/rules.js';
import { Day } from '../time/day.js';
import { auditActions } from './rules.js';

const Link = z.object({
  day: Day,
  seq: Count,
  at: z.iso.datetime(),
  action: z.enum(auditActions),
  actorId: z.string(),
  subjectId: z.nullable(z.string()),
  about: z.nullable(z.string()),
  reason: z.nullable(z.string()),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  hash: z.string(),
});

const exampleLink = {
  day: '2026-11-24',
  seq: 12,
  at: '2026-11-24T03:20:00.000Z',
  action: 'revealed',
  actorId: '5f0c9a54-6d1f-4a86-9e0c-0f6f6b2f3a10',
  subjectId: '0d3f1c62-8f0e-4c6b-9d1a-2b7c0a5e4f11',
  about: '4f1c9e0a-9a55-4b0e-8a43-2f6f5b1d7c20',
  reason: '电话通知取证',
  facts: { fields: 'name, phone' },
  hash: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
};

export const auditContract = {
  'GET /v1/audit': {
    who: ['bureau'],
    summary: 'What was decided, revealed, exported and erased, newest first: of a day, of a person it was done to, or by whom',
    query: z
      .object({
        day: z.optional(Day),
        /** The person it was done to. */
        personId: z.optional(Id),
        /** The person who did it. */
        actorId: z.optional(Id),
        action: z.optional(z.enum(auditActions)),
        ...pageQuery(200, 50),
      })
      .check(z.refine(({ personId, actorId }) => !(personId && actorId), { path: ['actorId'], error: 'one_of_two' })),
    ok: z.object({ entries: z.array(Link), nextCursor: NextCursor }),
    fails: ['invalid_cursor'],
    example: { ok: { entries: [exampleLink], nextCursor: null } },
  },
  'GET /v1/job-runs': {
    who: ['bureau'],
    summary: 'Runs of a job, newest first: what it counted, sent or purged, and whether it came to its end',
    query: z.object({ job: z.enum(jobNames), ...pageQuery(100, 20) }),
    ok: z.object({
      runs: z.array(
        z.object({
          job: z.enum(jobNames),
          scheduledAt: z.iso.datetime(),
          /** The week it was about, or how it was run. */
          about: z.nullable(z.string()),
          status: z.enum([...runStatuses, 'interrupted']),
          startedAt: z.iso.datetime(),
          finishedAt: z.nullable(z.iso.datetime()),
          progress: z.object({ done: Count, due: Count }),
          result: z.record(z.string(), Count),
        }),
      ),
      nextCursor: NextCursor,
    }),
    fails: ['invalid_cursor'],
  },
} as const satisfies Contract;
