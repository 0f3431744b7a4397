import type { Institution } from '../../kernel/institution.ts';
import type { Sql, Tx } from '../../platform/db/database.ts';
import type { Clock } from '../../platform/institutions/clock.ts';
import { lockBalances } from './lock-balances.ts';

/** Gives back what holds set aside whose time is over by the institution's clock. */
export async function expireHolds(sql: Sql, clock: Clock, institutions: readonly Institution[]): Promise<void> {
  for (const institution of institutions) {
    const now = clock.now(institution);
    while ((await sql.begin((tx) => expireSome(tx, institution.institutionId, now))) > 0);
  }
}

/** Small transactions: nobody waits long for a balance. */
const holdsAtOnce = 200;

/** @returns How many holds were due; those that somebody else settled meanwhile are among them, and are not touched. */
async function expireSome(tx: Tx, institutionId: string, now: Date): Promise<number> {
  const due = await tx<{ account_key: bigint; transaction_number: bigint }[]>`
    select account_key, transaction_number from holds
    where institution_id = ${institutionId} and status = 'PENDING' and expires_at <= ${now}
    order by expires_at limit ${holdsAtOnce}`;
  if (due.length === 0) return 0;
  const keys = due.map((hold) => hold.account_key);
  await lockBalances(tx, institutionId, keys);
  await tx`
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
    where b.institution_id = ${institutionId} and b.account_key = given.account_key`;
  return due.length;
}
