import { isAccountType } from '@openbranch/contract/accounts/account-types';
import { deleteUserDisclosure } from '@openbranch/contract/documents/disclosure-operations';
import type { Call } from '../../../http/call.ts';
import { type Route, route } from '../../../http/route.ts';
import { hasSameName, kindOf } from '../domain/disclosure.ts';
import { lockAndListDecisions } from '../store/user-disclosures.ts';
import { toDecidingUser, toDecisionSource } from './deciding-call.ts';
import type { DocumentsParts } from './documents-parts.ts';
import { findAccountOfDecision } from './find-account-of-decision.ts';
import { findDecidingUser } from './find-deciding-user.ts';
import { lacksCifNumber } from './lacks-cif-number.ts';
import { recordDecisions } from './record-decisions.ts';

type DeleteCall = Call<typeof deleteUserDisclosure>;

/** D7: deletes the decision on the statements of an account. */
export function deleteUserDisclosureRoute(parts: DocumentsParts): Route {
  return route(deleteUserDisclosure).handle(async (call) => {
    const { institution, query } = call;
    const { institutionId } = institution;
    const { name, accountId } = readNamed(call);
    const found = await findDecidingUser(call.sql, call.principal, query);
    if (!found.ok) throw call.error(found.refusal);
    if (kindOf(name) !== 'OLS') throw call.error('operationUnsupported');
    if (accountId === undefined) throw call.error('accountIdMissing');
    if (!institution.policies.statements.multiStatement) throw call.error('operationUnsupported');
    if (query.accountType === undefined || !isAccountType(query.accountType)) throw call.error('accountTypeInvalid');
    // Of an account that the core no longer knows the decision can still be deleted.
    const account = await findAccountOfDecision(parts, call.sql, found.value, accountId);
    if (account !== undefined && account.accountType !== query.accountType) throw call.error('accountTypeInvalid');
    if (await lacksCifNumber(call.sql, call, found.value)) throw call.error('cifMissing');
    await call.write(async (write) => {
      const user = toDecidingUser(found.value);
      const rows = await lockAndListDecisions(write.sql, user);
      const before = rows.find((row) => row.accountId === accountId && kindOf(row.disclosure.name) === 'OLS');
      if (before === undefined) throw call.error('notFoundForUser');
      const source = toDecisionSource(call, deleteUserDisclosure.id);
      await recordDecisions(write, institutionId, source, [{ before, after: undefined }]);
    });
  });
}

/** From the body, or from the query of a client that cannot send one with DELETE; what stands in both must agree. */
function readNamed(call: DeleteCall): { name: string; accountId: string | undefined } {
  const { body, query } = call;
  if (Object.keys(body).length === 0 && query.institutionDisclosureName === undefined && query.accountId === undefined)
    throw call.error('requestBlank');
  const name = body.institutionDisclosureName ?? query.institutionDisclosureName;
  const accountId = body.accountId ?? query.accountId;
  if (name === undefined || (accountId !== undefined && !/^[A-Za-z0-9_-]{43}$/u.test(accountId)))
    throw call.error('fieldsMissingOrInvalid');
  const differs =
    (query.institutionDisclosureName !== undefined && !hasSameName(query.institutionDisclosureName, name)) ||
    (query.accountId !== undefined && query.accountId !== accountId);
  if (differs) throw call.error('idsDiffer');
  if (accountId !== undefined && !call.principal.scopes.has('accounts:read')) throw call.error('notAuthorised');
  return { name, accountId };
}
