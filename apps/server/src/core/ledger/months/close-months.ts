import { addDays, endOfMonthBefore } from '../../../kernel/calendar-date.ts';
import type { Institution } from '../../../kernel/institution.ts';
import { toInstitutionDate } from '../../../kernel/institution-time.ts';
import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { Core } from '../../port.ts';
import { nextMonthEnd } from './month-ends.ts';
import {
  beginProgress,
  closeMonthOf,
  findProgress,
  holdProgress,
  lockAccountsOfMonth,
  lockProgress,
  type MonthProgress,
  saveProgress,
} from './month-rows.ts';

/** So many accounts are closed in one transaction; nobody waits long for a balance. */
const batchSize = 2_000;
/** A transfer that began before midnight has ended by then: a call takes half of it at most. */
const graceMs = 60_000;

export const findClosedThrough: Core['findClosedThrough'] = async (sql, institution, now) => {
  const { closedThrough } = await progressOf(sql, institution, now);
  return closedThrough;
};

export const holdFirstOpenDay: Core['holdFirstOpenDay'] = async (tx, institution, now) => {
  const progress = (await holdProgress(tx, institution.institutionId)) ?? beginOf(institution, now);
  const { closedThrough, doneAccountKey } = progress;
  // Of a month that is being closed some accounts have their statement already.
  return addDays(doneAccountKey === 0n ? closedThrough : nextMonthEnd(closedThrough), 1);
};

/** The last day of the oldest month that is over by the clock and not closed; undefined when there is none. */
export async function findMonthToClose(sql: Sql, institution: Institution, now: Date): Promise<string | undefined> {
  const { institutionId } = institution;
  // What is not noted begins anew each month, and none would ever be over.
  const progress =
    (await findProgress(sql, institutionId)) ?? (await beginProgress(sql, institutionId, beginOf(institution, now)));
  const monthEnd = nextMonthEnd(progress.closedThrough);
  const settledOn = toInstitutionDate(new Date(now.getTime() - graceMs), institution.timeZone);
  return monthEnd < settledOn ? monthEnd : undefined;
}

export interface MonthToClose {
  readonly institution: Institution;
  readonly monthEnd: string;
  readonly now: Date;
  /** Accounts in a transaction. */
  readonly limit?: number;
}

/**
 * Closes the month for the next accounts in a transaction that notes how far it came, so that each is closed once,
 * whoever asks and whoever dies.
 * @returns `month` when it is closed for all, `nothing` when somebody else has closed it meanwhile.
 */
export async function closeSome(sql: Sql, month: MonthToClose): Promise<'nothing' | 'batch' | 'month'> {
  return sql.begin((tx) => closeStep(tx, month));
}

async function closeStep(
  tx: Tx,
  { institution, monthEnd, now, limit = batchSize }: MonthToClose,
): Promise<'nothing' | 'batch' | 'month'> {
  const { institutionId } = institution;
  const progress = await lockProgress(tx, institutionId, beginOf(institution, now).closedThrough);
  if (nextMonthEnd(progress.closedThrough) !== monthEnd) return 'nothing';
  const accountKeys = await lockAccountsOfMonth(tx, institutionId, progress, monthEnd, limit);
  if (accountKeys.length > 0) await closeMonthOf(tx, { institutionId, monthEnd, bookedAt: now, accountKeys });
  const last = accountKeys.at(-1);
  const isMonthDone = last === undefined || accountKeys.length < limit;
  await saveProgress(
    tx,
    institutionId,
    isMonthDone
      ? { closedThrough: monthEnd, doneAccountKey: 0n }
      : { closedThrough: progress.closedThrough, doneAccountKey: last },
  );
  return isMonthDone ? 'month' : 'batch';
}

async function progressOf(sql: Sql | Tx, institution: Institution, now: Date): Promise<MonthProgress> {
  return (await findProgress(sql, institution.institutionId)) ?? beginOf(institution, now);
}

/** An institution that is new begins with the month of its first day, wherever its clock was moved since. */
function beginOf({ clockOffsetMs, timeZone }: Institution, now: Date): MonthProgress {
  const real = new Date(now.getTime() - Math.max(clockOffsetMs, 0));
  return { closedThrough: endOfMonthBefore(toInstitutionDate(real, timeZone)), doneAccountKey: 0n };
}
