import { isAccountType } from '@openbranch/contract/accounts/account-types';
import { createUserDisclosure } from '@openbranch/contract/documents/disclosure-operations';
import type { Call } from '../../../http/call.ts';
import { type Route, route } from '../../../http/route.ts';
import { parseDecisionTime } from '../domain/decision-time.ts';
import { kindOf, parseDisclosureId } from '../domain/disclosure.ts';
import { decideNewDecision, type NewDecision, namesDisclosure, type UserDisclosure } from '../domain/user-disclosure.ts';
import { findDisclosures } from '../store/institution-disclosures.ts';
import { listDecisions, lockDecisions } from '../store/user-disclosures.ts';
import { completeIfAccepted, toDecidingUser, toDecisionSource } from './deciding-call.ts';
import { describeDecisions } from './describe-decisions.ts';
import type { DocumentsParts } from './documents-parts.ts';
import { findAccountOfDecision } from './find-account-of-decision.ts';
import { type FoundUser, findDecidingUser } from './find-deciding-user.ts';
import { lacksCifNumber } from './lacks-cif-number.ts';
import { newRowId, recordDecisions } from './record-decisions.ts';

type CreateCall = Call<typeof createUserDisclosure>;

/** D5: a user decides about a disclosure. A repeat changes the one row. */
export function createUserDisclosureRoute(parts: DocumentsParts): Route {
  return route(createUserDisclosure).handle(async (call) => {
    const { institution, now, principal } = call;
    const { decision, decidedAt } = readDecision(call);
    const found = await findDecidingUser(call.sql, principal, call.query);
    if (!found.ok) throw call.error(found.refusal);
    const account = await findAccount(call, parts, found.value, decision);
    return call.write(async (write) => {
      const user = toDecidingUser(found.value);
      // Sent together, they run one after the other: what is read is read under the lock.
      const [, [known], rows] = await Promise.all([
        lockDecisions(write.sql, user),
        findDisclosures(write.sql, institution.institutionId, namedBy(decision)),
        listDecisions(write.sql, user),
      ]);
      const decided = decideNewDecision(decision, known, institution.policies.statements.multiStatement);
      if (!decided.ok) throw call.error(decided.refusal);
      const disclosure = decided.value;
      if (decision.accountId !== undefined) checkAccount(call, account);
      if (kindOf(disclosure.name) === 'OLS' && (await lacksCifNumber(write.sql, call, found.value)))
        throw call.error('cifMissing');
      const before = rows.find(
        (row) =>
          row.disclosure.institutionDisclosureId === disclosure.institutionDisclosureId && row.accountId === decision.accountId,
      );
      const after: UserDisclosure = {
        institutionUserDisclosureId: before?.institutionUserDisclosureId ?? newRowId(),
        institutionUserId: user.institutionUserId,
        institutionCustomerId: user.institutionCustomerId,
        disclosure,
        accountId: decision.accountId,
        status: decision.status,
        statusAt: decidedAt,
        paperWaiver: decision.paperWaiver,
      };
      const source = toDecisionSource(call, createUserDisclosure.id);
      await recordDecisions(write, institution.institutionId, source, [{ before, after }]);
      await completeIfAccepted(write, parts, { institution, now }, found.value, after);
      if (call.switchOf(institution, 'disclosures.create_answer') === '204') return undefined;
      return describeDecisions(write.sql, principal, user);
    });
  });
}

function readDecision(call: CreateCall): { decision: NewDecision; decidedAt: Date } {
  const { body, query, principal } = call;
  const decision: NewDecision = {
    disclosureId: body.institutionDisclosureId === undefined ? undefined : parseDisclosureId(body.institutionDisclosureId),
    name: body.institutionDisclosureName,
    status: body.institutionUserDisclosureStatus,
    accountId: body.accountId,
    paperWaiver: body.paperWaiver,
    hasAccountType: query.accountType !== undefined,
  };
  const decidedAt = parseDecisionTime(body.institutionUserDisclosureStatusUpdateDateTime, call.now);
  if (decidedAt === undefined || !namesDisclosure(decision)) throw call.error('fieldsMissingOrInvalid');
  if (decision.accountId !== undefined && !principal.scopes.has('accounts:read')) throw call.error('notAuthorised');
  return { decision, decidedAt };
}

function namedBy({ disclosureId, name }: NewDecision): { ids: readonly string[]; names: readonly string[] } {
  return disclosureId === undefined ? { ids: [], names: [name ?? ''] } : { ids: [disclosureId], names: [] };
}

/** Outside the transaction: the core may take its time. */
async function findAccount(
  { query, sql }: CreateCall,
  parts: DocumentsParts,
  found: FoundUser,
  { accountId }: NewDecision,
): Promise<{ readonly accountType: string } | undefined> {
  if (accountId === undefined || query.accountType === undefined || !isAccountType(query.accountType)) return undefined;
  return findAccountOfDecision(parts, sql, found, accountId);
}

function checkAccount(call: CreateCall, account: { readonly accountType: string } | undefined): void {
  const { accountType } = call.query;
  if (accountType === undefined || !isAccountType(accountType)) throw call.error('accountTypeInvalid');
  if (account === undefined) throw call.error('notFoundForUser');
  if (account.accountType !== accountType) throw call.error('accountTypeInvalid');
}
