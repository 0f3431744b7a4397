import type { Tx } from '../../../platform/db/database.ts';
import type { DemoContactData } from '../domain/demo-contact-data.ts';
import type { SeedCustomer } from '../domain/seed-plan.ts';

/** Contact methods and addresses with the numbers of the seed, and what the core calls the customers. */
export async function insertContactData(
  tx: Tx,
  institutionId: string,
  people: readonly { readonly customer: SeedCustomer; readonly contact: DemoContactData }[],
  enrolledAt: Date,
): Promise<void> {
  await tx`insert into contact_methods ${tx(
    people.flatMap(({ customer, contact }) =>
      contact.contactMethods.map((method) => ({
        institution_id: institutionId,
        institution_user_id: customer.institutionUserId,
        contact_method_id: method.contactMethodId,
        protocol: method.protocol,
        contact_info: method.contactInfo,
        country_code: method.countryCode ?? null,
        method_type: method.methodType,
        is_activated: method.isActivated,
        is_validated: method.isValidated,
        is_from_host: method.isFromHost,
        is_primary: method.isPrimary,
        enrolled_at: enrolledAt,
      })),
    ),
  )}`;
  await tx`insert into postal_addresses ${tx(
    people.flatMap(({ customer, contact }) =>
      contact.postalAddresses.map((address) => ({
        institution_id: institutionId,
        institution_user_id: customer.institutionUserId,
        postal_address_id: address.postalAddressId,
        address_type: address.addressType,
        street_address_1: address.streetAddress1,
        city: address.city,
        state: address.state,
        postal_code: address.postalCode,
        is_primary: address.isPrimary,
        is_from_host: address.isFromHost,
      })),
    ),
  )}`;
  for (const { customer, contact } of people) {
    if (contact.cifNumber === undefined) continue;
    await tx`
      update customers set cif_number = ${contact.cifNumber}
      where institution_id = ${institutionId} and customer_id = ${customer.customerId}`;
  }
}
