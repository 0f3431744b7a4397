import type { Tx } from '../../../platform/db/database.ts';
import { type Disclosure, insertDisclosure, insertEvidence, saveDecisions, type UserDisclosure } from '../../documents/index.ts';
import type { SeedDisclosure } from '../domain/demo-disclosures.ts';
import type { SeedCustomer, SeedInstitution } from '../domain/seed-plan.ts';

/** Gives a seeded institution its disclosures, and its customers what they have accepted, with the evidence. */
export async function plantDisclosures(tx: Tx, institution: SeedInstitution, now: Date): Promise<void> {
  const { institutionId, disclosures, customers, applications } = institution;
  for (const disclosure of disclosures) await insertDisclosure(tx, institutionId, toDisclosure(disclosure));
  const decisions = customers.flatMap((customer) => decisionsOf(customer, now));
  const source = {
    now,
    operation: 'sandbox seed',
    clientId: applications[0]?.clientId ?? '',
    isByUser: false,
    traceId: undefined,
    address: '127.0.0.1',
  };
  await saveDecisions(tx, institutionId, decisions);
  const changes = decisions.map((after) => ({ before: undefined, after }));
  await insertEvidence(tx, institutionId, source, changes);
}

function decisionsOf(customer: SeedCustomer, now: Date): UserDisclosure[] {
  return customer.decisions.map(({ disclosure, ...decision }) => ({
    ...decision,
    institutionUserId: customer.institutionUserId,
    institutionCustomerId: customer.userType === 'BUSINESS' ? customer.reachedCustomerId : undefined,
    disclosure: toDisclosure(disclosure),
    statusAt: now,
  }));
}

function toDisclosure({ institutionDisclosureId, name, data }: SeedDisclosure): Disclosure {
  return { institutionDisclosureId, name, data, isEnabled: true, version: 1, content: undefined };
}
