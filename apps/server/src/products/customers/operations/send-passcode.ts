import { sendPasscode } from '@openbranch/contract/customers/password-reset-operations';
import { type Route, route } from '../../../http/route.ts';
import { chooseTarget, parsePasscodeRequest } from '../domain/password-reset.ts';
import { listContactMethods } from '../store/contact-methods.ts';
import { lockCredential } from '../store/credentials.ts';
import { markMustChangePassword } from '../store/password-resets.ts';
import type { CustomersParts } from './customers-parts.ts';
import { findCoveredCustomer } from './find-covered-customer.ts';
import { issuePasscode } from './issue-passcode.ts';

/** U3: sends a one-time passcode. The result table of the contract sheet is the order of these checks. */
export function sendPasscodeRoute(parts: Pick<CustomersParts, 'keyRing' | 'queueMessage' | 'canSend'>): Route {
  return route(sendPasscode).handle(async (call) => {
    const { institution, principal, now } = call;
    const { institutionId } = institution;
    const allowsEmail = call.switchOf(institution, 'reset.email_otp');
    const setsResetFlag = call.switchOf(institution, 'reset.api_sets_reset_flag');
    const outcome = await call.write(async (write) => {
      const found = await findCoveredCustomer(write.sql, principal, call.params.customerId, 'CUSTOMER_ID');
      if (!found.ok) throw call.error(found.refusal === 'pathInvalid' ? 'customerNotFound' : found.refusal);
      const request = parsePasscodeRequest(call.body);
      if (!request.ok) throw call.error(request.refusal);
      const { institutionUserId } = found.value;
      const locked = await lockCredential(write.sql, institutionId, institutionUserId);
      if (locked === undefined) throw call.error('customerNotFound');
      const methods = await listContactMethods(write.sql, institutionId, institutionUserId);
      const target = chooseTarget(methods, request.value, allowsEmail);
      if (!target.ok) throw call.error(target.refusal);
      const issued = await issuePasscode(parts, write, { institution, user: locked.user, methods, target: target.value, now });
      if (issued.ok && setsResetFlag) await markMustChangePassword(write.sql, institutionId, institutionUserId);
      return issued;
    });
    // Thrown after the transaction, so that the activity row with the reason stays.
    if (!outcome.ok) throw call.error(outcome.refusal === 'no_provider' ? 'providerUnavailable' : 'softFailure');
  });
}
