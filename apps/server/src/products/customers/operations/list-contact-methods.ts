import { listContactMethods as operation } from '@openbranch/contract/customers/contact-operations';
import { route } from '../../../http/route.ts';
import { toInstitutionDateTime } from '../../../kernel/institution-time.ts';
import { maskContact } from '../domain/mask-contact.ts';
import { listContactMethods } from '../store/contact-methods.ts';
import { findCoveredCustomer } from './find-covered-customer.ts';

/** U2: the contact methods of a customer. */
export const listContactMethodsRoute = route(operation).handle(async (call) => {
  const { institution, principal, sql } = call;
  const found = await findCoveredCustomer(sql, principal, call.params.customerId, call.query.userIdType ?? 'CUSTOMER_ID');
  if (!found.ok) throw call.error(found.refusal);
  const { institutionId, institutionUserId, customerGuid } = found.value;
  const methods = await listContactMethods(sql, institutionId, institutionUserId);
  const isMasked = call.switchOf(institution, 'contact.mask');
  return {
    customerId: customerGuid,
    contactMethods: methods.map((method) => ({
      id: method.contactMethodId,
      ...(method.countryCode === undefined ? {} : { telephoneCountryCode: method.countryCode }),
      contactInfo: isMasked ? maskContact(method.contactInfo) : method.contactInfo,
      protocol: method.protocol,
      isActivated: method.isActivated,
      enrolledDateTime: toInstitutionDateTime(method.enrolledAt, institution.timeZone),
    })),
  };
});
