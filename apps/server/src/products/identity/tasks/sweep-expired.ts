import type { Institution } from '../../../kernel/institution.ts';
import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { Clock } from '../../../platform/institutions/clock.ts';
import { graceMs } from '../domain/refresh-token.ts';
import { deleteEndedChains, deleteExpiredTokens, forgetAnswers } from '../store/token-chains.ts';

/** What is expired is kept this long, so that a moved clock or a late question finds it. */
const keptMs = 31 * 86_400_000;
/** The clocks of several processes differ a little. */
const graceMarginMs = 60_000;

/** Removes what nobody can use any more: answers past their grace, expired refresh tokens, ended chains. */
export async function sweepExpiredTokens(sql: Sql, clock: Clock, institutions: readonly Institution[]): Promise<void> {
  for (const institution of institutions) {
    const { institutionId } = institution;
    const now = clock.now(institution).getTime();
    await untilNothingIsLeft(sql, (tx) => forgetAnswers(tx, institutionId, new Date(now - graceMs - graceMarginMs)));
    await untilNothingIsLeft(sql, (tx) => deleteExpiredTokens(tx, institutionId, new Date(now - keptMs)));
    await untilNothingIsLeft(sql, (tx) => deleteEndedChains(tx, institutionId, new Date(now - keptMs)));
  }
}

/** Small transactions, so that no statement meets the time bound however much has piled up. */
async function untilNothingIsLeft(sql: Sql, sweep: (tx: Tx) => Promise<number>): Promise<void> {
  while ((await sql.begin(sweep)) > 0);
}
