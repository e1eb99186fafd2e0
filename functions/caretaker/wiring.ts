import { classOfPerson } from '../accounts/people.js';
import { classOfLink } from '../audit/chain.js';
import { purge } from '../jobs/purge.js';
import { rewrap } from '../jobs/re-wrap.js';
import { runJob } from '../jobs/run-job.js';
import { classOfRun, runStore } from '../jobs/runs.js';
import { sendMessages } from '../jobs/send-messages.js';
import { walkStore } from '../jobs/walk.js';
import type { JobsService } from '../jobs/wiring.js';
import { bureauGroup } from '../messages/telling.js';
import type { DataPorts, KeyPorts, OutsidePorts } from '../platform/ports.js';
import { classOfCertificate } from '../privacy/certificates.js';
import { classOfConsent } from '../privacy/consents.js';
import { eraseEverywhere } from '../privacy/erasure.js';
import { erasureDeps } from '../privacy/wiring.js';
import { classOfBatch } from '../sorting/batches.js';
import { classOfDay } from '../sorting/days.js';

/** Runs the jobs that keep order among personal data: what is to be sent, what is to go, what is to be wrapped anew. */
export function caretakerJobs(
  ports: DataPorts & KeyPorts & OutsidePorts,
  { mostItems }: { readonly mostItems?: number } = {},
): JobsService {
  const { db, tableNames, keys, messages, now, newId } = ports;
  const { deps, accounts, audit, outbox, privacy } = erasureDeps(ports);
  const most = mostItems === undefined ? {} : { most: mostItems };
  const walks = walkStore(db, tableNames.jobs, tableNames);

  const recipients = async (personId: string) =>
    personId === bureauGroup ? (messages.group ? { group: true } : undefined) : accounts.person(personId);
  const eraseInactive = async (personId: string, cutoff: string) =>
    (await accounts.unheardOfSince(personId, cutoff)) && eraseEverywhere(personId, 'purge', deps);

  const jobs = {
    'send-messages': sendMessages({ outbox, messages, recipients, keys, now }),
    purge: purge({
      ...{ db, tableNames, walks, now, eraseInactive, ...most },
      classes: {
        accounts: [classOfPerson],
        sessions: [],
        privacy: [classOfConsent, classOfCertificate],
        messages: [],
        audit: [classOfLink],
        places: [],
        sorting: [classOfBatch, classOfDay],
        rollups: [],
        jobs: [classOfRun],
        limits: [],
      },
      certify: (certificate) => privacy.certify(certificate, audit.recording),
    }),
    're-wrap': rewrap({ db, tableNames, walks, keys, now, ...most }),
  };
  const runs = runStore(db, tableNames.jobs);
  return (request, shown) => runJob(jobs, request, { runs, now, newId }, shown);
}
