import type { Institution } from '../../kernel/institution.ts';
import type { Sql } from '../../platform/db/database.ts';
import type { Clock } from '../../platform/institutions/clock.ts';
import type { RunWrite, Write } from '../../platform/transactions/unit-of-work.ts';
import type { CoreAccount } from '../port.ts';
import { findAccounts } from './accounts.ts';
import { lockBalances } from './lock-balances.ts';

/** What has become available again, each account once with its balance. */
export interface GivenBack {
  readonly institutionId: string;
  readonly occurredAt: Date;
  readonly accounts: readonly CoreAccount[];
}

interface ExpiryParts {
  readonly clock: Clock;
  readonly runWrite: RunWrite;
  /** In the transaction in which it happens, while the balances are locked. */
  readonly onGivenBack: (write: Write, given: GivenBack) => Promise<void>;
}

/** Gives back what holds set aside whose time is over by the institution's clock. */
export async function expireHolds(sql: Sql, parts: ExpiryParts, institutions: readonly Institution[]): Promise<void> {
  for (const institution of institutions) {
    const now = parts.clock.now(institution);
    while ((await expireSome(sql, parts, institution.institutionId, now)) > 0);
  }
}

/** Small transactions: nobody waits long for a balance. */
const holdsAtOnce = 200;

interface DueHold {
  readonly account_key: bigint;
  readonly transaction_number: bigint;
}

/** @returns How many holds were due; those that somebody else settled meanwhile are among them, and are not touched. */
async function expireSome(sql: Sql, { runWrite, onGivenBack }: ExpiryParts, institutionId: string, now: Date): Promise<number> {
  const due = await sql<DueHold[]>`
    select account_key, transaction_number from holds
    where institution_id = ${institutionId} and status = 'PENDING' and expires_at <= ${now}
    order by expires_at limit ${holdsAtOnce}`;
  if (due.length === 0) return 0;
  await runWrite({ institutionId, now, operation: 'expireHolds' }, async (write) => {
    const keys = await settle(write, institutionId, now, due);
    if (keys.length === 0) return;
    const accounts = await findAccounts(write.sql, institutionId, keys);
    await onGivenBack(write, { institutionId, occurredAt: now, accounts });
  });
  return due.length;
}

/** @returns The accounts of which the available balance has changed. */
async function settle({ sql: tx }: Write, institutionId: string, now: Date, due: readonly DueHold[]): Promise<readonly bigint[]> {
  const keys = due.map((hold) => hold.account_key);
  await lockBalances(tx, institutionId, keys);
  const rows = await tx<{ account_key: bigint }[]>`
    with settled as (
      update holds h set status = 'TIMED_OUT', settled_at = ${now}
      from unnest(${keys.map(String)}::bigint[], ${due.map((hold) => String(hold.transaction_number))}::bigint[])
        as due (account_key, transaction_number)
      where h.institution_id = ${institutionId} and h.account_key = due.account_key
        and h.transaction_number = due.transaction_number and h.status = 'PENDING'
      returning h.account_key, h.amount_minor
    )
    update account_balances b set held_minor = b.held_minor - given.back_minor
    from (select account_key, sum(greatest(-amount_minor, 0))::bigint as back_minor from settled group by account_key) given
    where b.institution_id = ${institutionId} and b.account_key = given.account_key and given.back_minor > 0
    returning b.account_key`;
  return rows.map((row) => row.account_key);
}
