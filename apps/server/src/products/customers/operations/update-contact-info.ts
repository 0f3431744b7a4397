import { updateContactInfo } from '@openbranch/contract/customers/contact-operations';
import { type Route, route } from '../../../http/route.ts';
import { parseContactChange } from '../domain/contact-change.ts';
import { lockCredential } from '../store/credentials.ts';
import { applyContactChange } from './apply-contact-change.ts';
import type { CustomersParts } from './customers-parts.ts';
import { findCoveredCustomer } from './find-covered-customer.ts';
import { queueContactNotices } from './queue-contact-notices.ts';

/** U5: another phone number, e-mail or postal address, all or nothing. */
export function updateContactInfoRoute(
  parts: Pick<CustomersParts, 'queueMessage' | 'canSend' | 'bindContactMethods' | 'publishEvent'>,
): Route {
  return route(updateContactInfo).handle(async (call) => {
    const { institution, principal, now } = call;
    const needsHostAddress = call.switchOf(institution, 'contact.require_host_address');
    await call.write(async (write) => {
      const found = await findCoveredCustomer(write.sql, principal, call.params.customerId, call.body.userIdType);
      if (!found.ok) throw call.error(found.refusal);
      const change = parseContactChange(call.body);
      if (!change.ok) throw call.error(change.refusal);
      // Two changes of one user have an order.
      const locked = await lockCredential(write.sql, institution.institutionId, found.value.institutionUserId);
      if (locked === undefined) throw call.error('customerNotFound');
      const { user } = locked;
      const outcome = await applyContactChange(write.sql, user, change.value, {
        now,
        needsHostAddress,
        bindContactMethods: parts.bindContactMethods,
      });
      if (!outcome.ok) throw call.error(outcome.refusal);
      await queueContactNotices(parts, write.sql, { institution, user, now, notices: outcome.value });
      if (outcome.value.length > 0) {
        const { institutionUserId } = user;
        const { institutionId } = institution;
        await parts.publishEvent(write, { kind: 'contact-changed', institutionId, occurredAt: now, institutionUserId });
      }
      await write.audit('contact_info_updated', {
        institutionUserId: user.institutionUserId,
        details: {
          by: principal.user?.institutionUserId ?? null,
          phone: change.value.phone !== undefined,
          email: change.value.emailAddress !== undefined,
          postalAddress: change.value.postalAddress !== undefined,
        },
      });
    });
  });
}
