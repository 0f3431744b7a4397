import { updateUserDisclosure } from '@openbranch/contract/documents/disclosure-operations';
import { type Route, route } from '../../../http/route.ts';
import { decideChangedRow, namesRow } from '../domain/user-disclosure.ts';
import { findDisclosures } from '../store/institution-disclosures.ts';
import { listDecisions, lockDecisions } from '../store/user-disclosures.ts';
import { completeIfAccepted, toDecidingUser, toDecisionSource } from './deciding-call.ts';
import type { DocumentsParts } from './documents-parts.ts';
import { findDecidingUser } from './find-deciding-user.ts';
import { readChange } from './read-change.ts';
import { recordDecisions } from './record-decisions.ts';

/** D6: changes a decision that was made before. */
export function updateUserDisclosureRoute(parts: DocumentsParts): Route {
  return route(updateUserDisclosure).handle(async (call) => {
    const { institution, now } = call;
    const { institutionId } = institution;
    const { references, status, decidedAt } = readChange(call.body, now);
    if (decidedAt === undefined || !namesRow(references)) throw call.error('fieldsMissingOrInvalid');
    const found = await findDecidingUser(call.sql, call.principal, call.query);
    if (!found.ok) throw call.error(found.refusal);
    const { disclosureId, rowOrDisclosureId, name } = references;
    await call.write(async (write) => {
      const user = toDecidingUser(found.value);
      // Sent together, they run one after the other: what is read is read under the lock.
      const [, disclosures, rows] = await Promise.all([
        lockDecisions(write.sql, user),
        findDisclosures(write.sql, institutionId, {
          ids: [disclosureId, rowOrDisclosureId].filter((id) => id !== undefined),
          names: name === undefined ? [] : [name],
        }),
        listDecisions(write.sql, user),
      ]);
      const decided = decideChangedRow(references, disclosures, rows, status);
      if (!decided.ok) throw call.error(decided.refusal);
      const before = decided.value;
      const after = { ...before, status, statusAt: decidedAt };
      await recordDecisions(write, institutionId, toDecisionSource(call, updateUserDisclosure.id), [{ before, after }]);
      await completeIfAccepted(write, parts, { institution, now }, found.value, after);
    });
  });
}
