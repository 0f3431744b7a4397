import { deleteUserDisclosureById } from '@openbranch/contract/documents/disclosure-operations';
import { route } from '../../../http/route.ts';
import { decideDeletionById } from '../domain/user-disclosure.ts';
import { lockAndListDecisions } from '../store/user-disclosures.ts';
import { toDecidingUser, toDecisionSource } from './deciding-call.ts';
import { findDecidingUser } from './find-deciding-user.ts';
import { recordDecisions } from './record-decisions.ts';

/** D9: deletes the decision that the path names. */
export const deleteUserDisclosureByIdRoute = route(deleteUserDisclosureById).handle(async (call) => {
  const { institution, params, principal } = call;
  const found = await findDecidingUser(call.sql, principal, call.query);
  if (!found.ok) throw call.error(found.refusal);
  const id = params.institutionUserDisclosureId.toUpperCase();
  const { multiStatement } = institution.policies.statements;
  await call.write(async (write) => {
    const user = toDecidingUser(found.value);
    const rows = await lockAndListDecisions(write.sql, user);
    // While statements are chosen once for the user there are no rows of accounts.
    const row = rows.find((one) => one.institutionUserDisclosureId === id && (multiStatement || one.accountId === undefined));
    const decided = decideDeletionById(row, call.switchOf(institution, 'disclosures.delete_by_id'));
    if (!decided.ok) throw call.error(decided.refusal);
    const before = decided.value;
    if (before.accountId !== undefined && !principal.scopes.has('accounts:read')) throw call.error('notAuthorised');
    const source = toDecisionSource(call, deleteUserDisclosureById.id);
    await recordDecisions(write, institution.institutionId, source, [{ before, after: undefined }]);
  });
});
