import type { Institution } from '../../../kernel/institution.ts';
import type { Sql } from '../../../platform/db/database.ts';
import type { Clock } from '../../../platform/institutions/clock.ts';
import { deleteDeadPostings, deleteEventsTaken, findFirstTaken, type TimeSpan } from '../store/old-alerts.ts';

const dayMs = 86_400_000;
/** A look at the history may begin with the first minute of the institution's day. */
const marginDays = 1;
/** What was deleted lies about until a vacuum; a batch looks at its own span only. */
const spanMs = 3_600_000;
const mostInBatch = 500;

/** Deletes events, outcomes and deliveries that are older than their institution keeps them; in small transactions. */
export async function deleteOldAlerts(sql: Sql, clock: Clock, institutions: readonly Institution[]): Promise<void> {
  for (const institution of institutions) {
    const keptMs = (institution.policies.alerts.keptDays + marginDays) * dayMs;
    const before = new Date(clock.now(institution).getTime() - keptMs);
    await deleteTakenBefore(sql, institution.institutionId, before);
    await deleteDeadPostings(sql, institution.institutionId, before);
  }
}

async function deleteTakenBefore(sql: Sql, institutionId: string, before: Date): Promise<void> {
  let from = await findFirstTaken(sql, institutionId, { from: new Date(0), until: before });
  while (from !== undefined) {
    const until: Date = new Date(Math.min(from.getTime() + spanMs, before.getTime()));
    const count = await deleteSpan(sql, institutionId, { from, until });
    // While there is something, what follows is near; else the next may be years away.
    const isNear = count > 0 && until < before;
    from = isNear ? until : await findFirstTaken(sql, institutionId, { from: until, until: before });
  }
}

/** @returns How many. */
async function deleteSpan(sql: Sql, institutionId: string, span: TimeSpan): Promise<number> {
  let total = 0;
  for (;;) {
    const count = await deleteEventsTaken(sql, institutionId, span, mostInBatch);
    total += count;
    if (count < mostInBatch) return total;
  }
}
