import { updateUserDisclosureById } from '@openbranch/contract/documents/disclosure-operations';
import { type Route, route } from '../../../http/route.ts';
import { decideChangeById } from '../domain/user-disclosure.ts';
import { lockAndListDecisions } from '../store/user-disclosures.ts';
import { completeIfAccepted, toDecidingUser, toDecisionSource } from './deciding-call.ts';
import type { DocumentsParts } from './documents-parts.ts';
import { findDecidingUser } from './find-deciding-user.ts';
import { readChange } from './read-change.ts';
import { recordDecisions } from './record-decisions.ts';

/** D8: changes the decision that the path names. */
export function updateUserDisclosureByIdRoute(parts: DocumentsParts): Route {
  return route(updateUserDisclosureById).handle(async (call) => {
    const { institution, now, params } = call;
    const { references, status, decidedAt } = readChange(call.body, now);
    if (decidedAt === undefined) throw call.error('fieldsMissingOrInvalid');
    const found = await findDecidingUser(call.sql, call.principal, call.query);
    if (!found.ok) throw call.error(found.refusal);
    const id = params.institutionUserDisclosureId.toUpperCase();
    await call.write(async (write) => {
      const user = toDecidingUser(found.value);
      const rows = await lockAndListDecisions(write.sql, user);
      const row = rows.find((one) => one.institutionUserDisclosureId === id);
      const decided = decideChangeById(row, references, status);
      if (!decided.ok) throw call.error(decided.refusal);
      const before = decided.value;
      const after = { ...before, status, statusAt: decidedAt };
      const source = toDecisionSource(call, updateUserDisclosureById.id);
      await recordDecisions(write, institution.institutionId, source, [{ before, after }]);
      await completeIfAccepted(write, parts, { institution, now }, found.value, after);
    });
  });
}
