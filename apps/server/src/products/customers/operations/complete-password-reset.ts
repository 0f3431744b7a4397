import { completePasswordReset } from '@openbranch/contract/customers/password-reset-operations';
import { type Route, route } from '../../../http/route.ts';
import type { CustomersParts } from './customers-parts.ts';
import { findCoveredCustomer } from './find-covered-customer.ts';
import { setNewPassword } from './set-new-password.ts';

/** The new password for a reset session. */
export function completePasswordResetRoute(
  parts: Pick<CustomersParts, 'hasher' | 'keyRing' | 'queueMessage' | 'canSend' | 'publicUrl' | 'endSessions' | 'publishEvent'>,
): Route {
  return route(completePasswordReset).handle(async (call) => {
    const { institution, principal, now, sql } = call;
    const found = await findCoveredCustomer(sql, principal, call.params.customerId, 'CUSTOMER_ID');
    if (!found.ok) throw call.error('sessionRefused');
    const outcome = await setNewPassword(parts, {
      sql,
      institution,
      now,
      session: call.body.resetSession,
      password: call.body.newPassword,
      institutionUserId: found.value.institutionUserId,
      write: (work) => call.write(work),
    });
    if (!outcome.ok) throw call.error(outcome.refusal);
  });
}
