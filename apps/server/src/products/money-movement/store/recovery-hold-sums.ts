import type { Sql, Tx } from '../../../platform/db/database.ts';

/** A user who is held after a recovery. */
export interface HeldUser {
  readonly institutionUserId: string;
  readonly now: Date;
  /** Sums that began before it count no more. */
  readonly holdBegins: Date;
  /** The most that may be moved while it holds. */
  readonly limitMinor: bigint;
}

/** What the user has moved or scheduled since the hold began. */
export async function findMovedInHold(
  sql: Sql | Tx,
  institutionId: string,
  { institutionUserId, holdBegins }: Pick<HeldUser, 'institutionUserId' | 'holdBegins'>,
): Promise<bigint> {
  const [row] = await sql<{ moved_minor: bigint }[]>`
    select moved_minor from recovery_hold_sums
    where institution_id = ${institutionId} and institution_user_id = ${institutionUserId} and began_at > ${holdBegins}`;
  return row?.moved_minor ?? 0n;
}

/**
 * Counts an amount against the hold. Whatever one user does at once takes turns here, after all other locks.
 * @returns false when it would exceed the limit; nothing is counted then.
 */
export async function countAgainstHold(
  tx: Tx,
  institutionId: string,
  { institutionUserId, now, holdBegins, limitMinor }: HeldUser,
  amountMinor: bigint,
): Promise<boolean> {
  if (amountMinor > limitMinor) return false;
  const rows = await tx`
    insert into recovery_hold_sums as s (institution_id, institution_user_id, began_at, moved_minor)
    values (${institutionId}, ${institutionUserId}, ${now}, ${amountMinor})
    on conflict (institution_id, institution_user_id) do update
      set began_at = case when s.began_at > ${holdBegins} then s.began_at else excluded.began_at end,
        moved_minor = case when s.began_at > ${holdBegins} then s.moved_minor else 0 end + excluded.moved_minor
      where case when s.began_at > ${holdBegins} then s.moved_minor else 0 end + excluded.moved_minor <= ${limitMinor}
    returning 1`;
  return rows.length > 0;
}
