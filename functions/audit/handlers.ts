import type { auditContract } from '../../shared/audit/contract.js';
import type { AuditLink } from '../../shared/audit/rules.js';
import type { Handlers } from '../../shared/http/contract.js';
import type { JobName, RunStatus } from '../../shared/jobs/rules.js';
import { cityDay } from '../../shared/time/day.js';
import type { AuditStore } from './store.js';

interface Run {
  readonly job: JobName;
  readonly scheduledAt: string;
  readonly about?: string | undefined;
  readonly status: RunStatus;
  readonly until: string;
  readonly startedAt: string;
  readonly finishedAt?: string | undefined;
  readonly done: number;
  readonly due: number;
  readonly result: Record<string, number>;
}
export interface AuditDeps {
  readonly audit: Pick<AuditStore, 'ofDay' | 'ofPerson'>;
  readonly runs: {
    runs(job: JobName, limit: number, cursor: string | undefined): Promise<{ runs: Run[]; nextCursor: string | null }>;
  };
  readonly now: () => Date;
}

export const auditHandlers: Handlers<typeof auditContract, AuditDeps> = {
  async 'GET /v1/audit'({ query }, { audit, now }) {
    const { personId, actorId } = query;
    const page = personId
      ? await audit.ofPerson('subject', personId, query)
      : actorId
        ? await audit.ofPerson('actor', actorId, query)
        : await audit.ofDay(query.day ?? cityDay(now()), query);
    return { entries: page.entries.map(shown), nextCursor: page.nextCursor };
  },

  async 'GET /v1/job-runs'({ query: { job, limit, cursor } }, { runs, now }) {
    const page = await runs.runs(job, limit, cursor);
    return { runs: page.runs.map((run) => shownRun(run, now())), nextCursor: page.nextCursor };
  },
};

const shown = ({ subjectId = undefined, about, reason, facts = {}, ...link }: AuditLink) => ({
  ...link,
  subjectId: subjectId ?? null,
  about: about ?? null,
  reason: reason ?? null,
  facts,
});

function shownRun({ job, scheduledAt, about = undefined, status, until, startedAt, finishedAt, done, due, result }: Run, now: Date) {
  // A run that was killed could not say so: it runs only while it goes on saying so.
  const died = status === 'running' && until < now.toISOString();
  return {
    ...{ job, scheduledAt, about: about ?? null, startedAt, finishedAt: finishedAt ?? null, result },
    status: died ? ('interrupted' as const) : status,
    progress: { done, due },
  };
}
