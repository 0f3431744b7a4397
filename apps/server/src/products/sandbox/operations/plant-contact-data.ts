import type { Tx } from '../../../platform/db/database.ts';
import type { KeyRing } from '../../../platform/keys/key-ring.ts';
import { toAlphanumeric } from '../../../platform/keys/random-text.ts';
import { personalDataIn } from '../../../platform/personal-data/open-personal-data.ts';
import { insertBillPayCredential } from '../../customers/index.ts';
import { demoContactData } from '../domain/demo-contact-data.ts';
import type { SeedCustomer } from '../domain/seed-plan.ts';
import { insertContactData } from '../store/seed-contact-rows.ts';

/** Gives every seeded customer contact methods and addresses, and some of them a login at the bill-pay service. */
export async function plantContactData(
  tx: Tx,
  keyRing: KeyRing,
  institutionId: string,
  customers: readonly SeedCustomer[],
  now: Date,
): Promise<void> {
  const people = customers.map((customer, index) => ({ customer, contact: demoContactData(institutionId, index, customer) }));
  await insertContactData(tx, institutionId, people, now);
  const box = await personalDataIn(tx, keyRing, institutionId);
  for (const { customer, contact } of people) {
    if (contact.billPayLoginId === undefined) continue;
    await insertBillPayCredential(tx, box, institutionId, customer.customerId, {
      loginId: contact.billPayLoginId,
      newLoginId: undefined,
      password: toAlphanumeric(keyRing.hmac('sandbox', `bill-pay ${customer.customerId}`)).slice(0, 12),
    });
  }
}
