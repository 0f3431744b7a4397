import type { Institution } from '../../../kernel/institution.ts';
import type { Sql } from '../../../platform/db/database.ts';
import type { Clock } from '../../../platform/institutions/clock.ts';
import { deleteExpiredTokens } from '../store/token-chains.ts';

/** A chain without a refresh token (a V1 sign-in) is kept as long as its access token can live. */
const keptMs = 31 * 86_400_000;

/** Removes refresh tokens and chains that nobody can use any more. */
export async function sweepExpiredTokens(sql: Sql, clock: Clock, institutions: readonly Institution[]): Promise<void> {
  for (const institution of institutions) {
    const before = new Date(clock.now(institution).getTime() - keptMs);
    await sql.begin((tx) => deleteExpiredTokens(tx, institution.institutionId, before));
  }
}
