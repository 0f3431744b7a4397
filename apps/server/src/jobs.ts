import { expireHolds, runDaysJob } from './core/index.ts';
import type { Parts } from './parts.ts';
import { sealActivities } from './platform/audit/seal-activities.ts';
import { deleteExpired } from './platform/db/delete-expired.ts';
import { clockJob } from './platform/jobs/clock-job.ts';
import type { Job } from './platform/jobs/job-runner.ts';
import { reencryptPersonalData } from './platform/personal-data/reencrypt.ts';
import { fetchContentHash } from './platform/web-content/fetch-content-hash.ts';
import { deleteOldAlerts } from './products/alerts/index.ts';
import { fetchDisclosureTexts } from './products/documents/index.ts';
import { sweepExpiredTokens } from './products/identity/index.ts';
import { createScheduleWork, moneyMovementJobs } from './products/money-movement/index.ts';

/**
 * The background work of the program, which some process must run.
 *
 * @param disclosureHosts Hosts whose texts of disclosures may be fetched.
 */
export function listJobs(parts: Parts, disclosureHosts: readonly string[]): readonly Job[] {
  return [
    ...upkeepJobs(parts),
    ...disclosureJobs(parts, disclosureHosts),
    ...clockJobs(parts),
    ...parts.delivery.jobs,
    ...parts.recovery.jobs,
  ];
}

/** What keeps the tables in order, whatever the institutions do. */
function upkeepJobs({ sql, keyRing, clock, log, institutions, institutionIds }: Parts): readonly Job[] {
  return [
    {
      name: 'seal_activities',
      schedule: '* * * * *',
      run: async () => void (await sealActivities(sql, keyRing, institutionIds(), log)),
    },
    { name: 'sweep_expired_tokens', schedule: '17 * * * *', run: () => sweepExpiredTokens(sql, clock, institutions.all()) },
    {
      name: 'reencrypt_personal_data',
      schedule: '* * * * *',
      run: async () => void (await reencryptPersonalData(sql, keyRing, institutionIds(), log)),
    },
    { name: 'delete_expired', schedule: '37 * * * *', run: () => deleteExpired(sql, institutionIds()) },
  ];
}

function disclosureJobs({ sql, clock, log, institutions }: Parts, allowedHosts: readonly string[]): readonly Job[] {
  if (allowedHosts.length === 0) return [];
  const fetchHash = (url: string) => fetchContentHash(url, { allowedHosts });
  return [
    {
      name: 'fetch_disclosure_texts',
      schedule: '*/10 * * * *',
      run: () => fetchDisclosureTexts({ sql, clock, log, fetchHash }, institutions.all()),
    },
  ];
}

/** What is due by the clocks of the institutions. */
function clockJobs({ sql, core, clock, institutions, runWrite, log, delivery }: Parts): readonly Job[] {
  const schedules = createScheduleWork({
    ...{ sql, core, clock, runWrite, log },
    queueMessage: delivery.queue,
    canSend: delivery.canSend,
  });
  return [
    runDaysJob({ sql, clock, institutions, log }, schedules),
    clockJob(institutions, { name: 'delete_old_alerts', schedule: '57 * * * *', run: (due) => deleteOldAlerts(sql, clock, due) }),
    clockJob(institutions, { name: 'expire_holds', schedule: '* * * * *', run: (due) => expireHolds(sql, clock, due) }),
    ...moneyMovementJobs({ sql, institutions, clock }),
  ];
}
