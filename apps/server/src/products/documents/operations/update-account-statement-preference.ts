import { updateAccountStatementPreference } from '@openbranch/contract/documents/e-statement-operations';
import { type Route, route } from '../../../http/route.ts';
import { findAccountOfUser } from '../../accounts/index.ts';
import {
  decideAccountPreference,
  decideNamedAccount,
  decidePreferenceChange,
  withPreference,
} from '../domain/statement-preference.ts';
import { findDisclosures } from '../store/institution-disclosures.ts';
import { listDecisions, lockDecisions } from '../store/user-disclosures.ts';
import { toDecisionSource } from './deciding-call.ts';
import type { DocumentsParts } from './documents-parts.ts';
import { findActiveStatementUser, toRetailDecider } from './find-statement-user.ts';
import { recordDecisions } from './record-decisions.ts';

/** E2: electronic or paper statements of one account, whose online statements the user has accepted. */
export function updateAccountStatementPreferenceRoute({ core, ids }: DocumentsParts): Route {
  return route(updateAccountStatementPreference).handle(async (call) => {
    const { institution, now, sql } = call;
    const { institutionId } = institution;
    const change = decidePreferenceChange(call.body, now);
    if (!change.ok) throw call.error(change.refusal);
    const accountId = decideNamedAccount(call.body);
    if (!accountId.ok) throw call.error(accountId.refusal);
    const found = await findActiveStatementUser(sql, call.principal, call.query, now);
    if (!found.ok) throw call.error(found.refusal);
    if (!institution.policies.statements.multiStatement) throw call.error('multiStatementOff');
    const key = ids.decode('account', institutionId, accountId.value);
    const [[disclosure], account] = await Promise.all([
      findDisclosures(sql, institutionId, { names: ['OLS'] }),
      key === undefined ? undefined : findAccountOfUser(core, sql, found.value, key.accountKey),
    ]);
    if (disclosure?.isEnabled !== true) throw call.error('disclosureNameUnavailable');
    if (account === undefined) throw call.error('accountNotInDisclosure');
    await call.write(async (write) => {
      const user = toRetailDecider(found.value);
      await lockDecisions(write.sql, user);
      const decided = decideAccountPreference(await listDecisions(write.sql, user), accountId.value);
      if (!decided.ok) throw call.error(decided.refusal);
      const before = decided.value;
      const source = toDecisionSource(call, updateAccountStatementPreference.id);
      await recordDecisions(write, institutionId, source, [{ before, after: withPreference(before, change.value) }]);
    });
    if (call.switchOf(institution, 'est.preference_answer') === '200') call.answerWith(200);
  });
}
