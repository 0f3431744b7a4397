import { updateUserStatementPreferences } from '@openbranch/contract/documents/e-statement-operations';
import type { Call } from '../../../http/call.ts';
import { type Route, route } from '../../../http/route.ts';
import { listAccountsOfUser } from '../../accounts/index.ts';
import type { UserReach } from '../../customers/index.ts';
import {
  decideAccountPreference,
  decidePreferenceChange,
  type PreferenceChange,
  statementDecisions,
  withPreference,
} from '../domain/statement-preference.ts';
import { type DecidingUser, listDecisions, lockDecisions } from '../store/user-disclosures.ts';
import { toDecisionSource } from './deciding-call.ts';
import type { DocumentsParts } from './documents-parts.ts';
import { findActiveStatementUser, toRetailDecider } from './find-statement-user.ts';
import { recordDecisions } from './record-decisions.ts';

type PreferencesCall = Call<typeof updateUserStatementPreferences>;

/** E3: electronic or paper statements of everything that the user has accepted. */
export function updateUserStatementPreferencesRoute(parts: DocumentsParts): Route {
  return route(updateUserStatementPreferences).handle(async (call) => {
    const { institution, now, sql } = call;
    const change = decidePreferenceChange(call.body, now);
    if (!change.ok) throw call.error(change.refusal);
    const found = await findActiveStatementUser(sql, call.principal, call.query, now);
    if (!found.ok) throw call.error(found.refusal);
    const { multiStatement } = institution.policies.statements;
    if (multiStatement && call.switchOf(institution, 'est.user_preferences') === 'multi_statement_off')
      throw call.error('multiStatementOff');
    if (!multiStatement) return changeOfUser(call, toRetailDecider(found.value), change.value);
    return changeOfAccounts(call, parts, found.value, change.value);
  });
}

/** Statements are chosen once: the one row of the user. */
async function changeOfUser(call: PreferencesCall, user: DecidingUser, change: PreferenceChange): Promise<undefined> {
  await call.write(async (write) => {
    await lockDecisions(write.sql, user);
    const { ofUser } = statementDecisions(await listDecisions(write.sql, user));
    if (ofUser?.status !== 'ACCEPTED') throw call.error('disclosureNotAccepted');
    const changes = [{ before: ofUser, after: withPreference(ofUser, change) }];
    await recordDecisions(write, user.institutionId, sourceOf(call), changes);
  });
}

/** One transaction for each account, so that what the answer names as changed stays changed whatever becomes of the others. */
async function changeOfAccounts(
  call: PreferencesCall,
  { core, ids, log }: DocumentsParts,
  reach: UserReach,
  change: PreferenceChange,
): Promise<{ updatedAccounts: string[]; failedAccounts: string[] } | undefined> {
  const user = toRetailDecider(reach);
  const [rows, accounts] = await Promise.all([listDecisions(call.sql, user), listAccountsOfUser(core, call.sql, reach)]);
  const { ofUser, ofAccounts } = statementDecisions(rows);
  if (ofUser?.status !== 'ACCEPTED') throw call.error('disclosureNotAccepted');
  if (ofAccounts.length === 0) throw call.error('noAccountsInDisclosure');
  const keys = accounts.map(({ accountKey }) => ({ accountKey, number: 0n }));
  const own = new Set(keys.length === 0 ? [] : ids.encode('account', user.institutionId, keys));
  const outcome: { updatedAccounts: string[]; failedAccounts: string[] } = { updatedAccounts: [], failedAccounts: [] };
  for (const { accountId = '' } of ofAccounts) {
    const isChanged = own.has(accountId) && (await changeOfAccount(call, user, accountId, change).catch(failed));
    (isChanged ? outcome.updatedAccounts : outcome.failedAccounts).push(accountId);
  }
  return outcome.failedAccounts.length === 0 ? undefined : outcome;

  function failed(error: unknown): false {
    const reason = error instanceof Error ? error.message : 'an unknown failure';
    log.error(`Institution ${user.institutionId}: the statement preference of an account was not changed: ${reason}`);
    return false;
  }
}

/** @returns false when the decision on the account is not, or is no longer, an acceptance. */
function changeOfAccount(
  call: PreferencesCall,
  user: DecidingUser,
  accountId: string,
  change: PreferenceChange,
): Promise<boolean> {
  return call.write(async (write) => {
    await lockDecisions(write.sql, user);
    const decided = decideAccountPreference(await listDecisions(write.sql, user), accountId);
    if (!decided.ok) return false;
    const changes = [{ before: decided.value, after: withPreference(decided.value, change) }];
    await recordDecisions(write, user.institutionId, sourceOf(call), changes);
    return true;
  });
}

function sourceOf(call: PreferencesCall) {
  return toDecisionSource(call, updateUserStatementPreferences.id);
}
