import type { Principal } from '../../../kernel/principal.ts';
import type { Sql, Tx } from '../../../platform/db/database.ts';
import { toShownRows } from '../domain/user-disclosure.ts';
import { type DecidingUser, listDecisions } from '../store/user-disclosures.ts';
import { toUserDisclosureAnswer } from './disclosure-answer.ts';

/** The list of a user, as far as institution and token show it. */
export async function describeDecisions(sql: Sql | Tx, { institution, scopes }: Principal, user: DecidingUser) {
  const rows = await listDecisions(sql, user);
  const { multiStatement } = institution.policies.statements;
  const shown = toShownRows(rows, multiStatement, scopes.has('accounts:read'));
  return { institutionUserDisclosures: shown.map((row) => toUserDisclosureAnswer(institution, row)) };
}
