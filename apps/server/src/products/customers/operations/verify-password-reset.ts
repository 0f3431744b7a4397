import { verifyPasswordReset } from '@openbranch/contract/customers/password-reset-operations';
import { type Route, route } from '../../../http/route.ts';
import { describePasswordPolicy } from '../../../kernel/credential-policy.ts';
import { checkPasscode } from './check-passcode.ts';
import type { CustomersParts } from './customers-parts.ts';
import { findCoveredCustomer } from './find-covered-customer.ts';

/** The passcode for a reset session. Every refusal is the same, whatever stands behind it. */
export function verifyPasswordResetRoute({ keyRing }: Pick<CustomersParts, 'keyRing'>): Route {
  return route(verifyPasswordReset).handle(async (call) => {
    const { institution, principal, now } = call;
    const opened = await call.write(async (write) => {
      const found = await findCoveredCustomer(write.sql, principal, call.params.customerId, 'CUSTOMER_ID');
      const institutionUserId = found.ok ? found.value.institutionUserId : undefined;
      return checkPasscode(keyRing, write, { institution, institutionUserId, passcode: call.body.passcode, now });
    });
    if (opened === undefined) throw call.error('passcodeRefused');
    return {
      resetSession: opened.session,
      expiresInSeconds: opened.expiresInSeconds,
      passwordRules: describePasswordPolicy(institution.policies.credentials),
    };
  });
}
