import { classOfPerson } from '../accounts/people.js';
import { classOfLink, dayOfItem } from '../audit/chain.js';
import { log } from '../http/log.js';
import { type PurgeDeps, purge } from '../jobs/purge.js';
import { rewrap } from '../jobs/re-wrap.js';
import { runJob } from '../jobs/run-job.js';
import { classOfRun, runStore } from '../jobs/runs.js';
import { sendMessages } from '../jobs/send-messages.js';
import { walkStore } from '../jobs/walk.js';
import type { JobsService } from '../jobs/wiring.js';
import { classOfMessage } from '../messages/message.js';
import { bureauGroup } from '../messages/telling.js';
import type { DataPorts, KeyPorts, OutsidePorts } from '../platform/ports.js';
import { classOfCertificate } from '../privacy/certificates.js';
import { classOfConsent } from '../privacy/consents.js';
import { eraseEverywhere } from '../privacy/erasure.js';
import { erasureDeps } from '../privacy/wiring.js';
import { classOfSignedIn } from '../sessions/classes.js';
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
  const eraseInactive: PurgeDeps['eraseInactive'] = async (personId, cutoff, count) => {
    const recording: typeof deps.recording = (entry, alongside = []) => deps.recording(entry, [...alongside, ...count]);
    return (await accounts.unheardOfSince(personId, cutoff)) && eraseEverywhere(personId, 'purge', { ...deps, recording });
  };
  const certify: PurgeDeps['certify'] = async (purged, closing) => {
    const chainEnd = await audit.chainEnd();
    await privacy.certify({ ...purged, chainEnd }, audit.recording, closing);
    // The log is kept apart from the tables: who can write there cannot take this back.
    if (chainEnd) log('info', 'audit_end', chainEnd);
  };

  const jobs = {
    'send-messages': sendMessages({ outbox, messages, recipients, keys, now }),
    purge: purge({
      ...{ db, tableNames, walks, now, newId, eraseInactive, certify, ...most },
      record: { dayOf: dayOfItem, itemsOf: audit.itemsOf },
      classes: {
        accounts: [classOfPerson],
        sessions: [classOfSignedIn],
        privacy: [classOfConsent, classOfCertificate],
        messages: [classOfMessage],
        audit: [classOfLink],
        places: [],
        sorting: [classOfBatch, classOfDay],
        rollups: [],
        jobs: [classOfRun],
        limits: [],
      },
    }),
    're-wrap': rewrap({ db, tableNames, walks, keys, now, newId, ...most }),
  };
  const runs = runStore(db, tableNames.jobs);
  return (request, shown) => runJob(jobs, request, { runs, now, newId }, shown);
}
