import { listUserDisclosures } from '@openbranch/contract/documents/disclosure-operations';
import { route } from '../../../http/route.ts';
import { toDecidingUser } from './deciding-call.ts';
import { describeDecisions } from './describe-decisions.ts';
import { findDecidingUser } from './find-deciding-user.ts';

/** D4: what a user has decided; of a business user at one location. */
export const listUserDisclosuresRoute = route(listUserDisclosures).handle(async (call) => {
  const { principal, sql } = call;
  const found = await findDecidingUser(sql, principal, call.query);
  if (!found.ok) throw call.error(found.refusal);
  return describeDecisions(sql, principal, toDecidingUser(found.value));
});
