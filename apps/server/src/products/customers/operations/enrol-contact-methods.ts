import type { Tx } from '../../../platform/db/database.ts';
import type { NewContactMethod } from '../domain/contact-method.ts';
import { insertContactMethods } from '../store/contact-methods.ts';
import type { LockedContacts } from './lock-contact-methods.ts';

type Enrolled = Pick<NewContactMethod, 'protocol' | 'contactInfo' | 'countryCode' | 'isActivated'>;

/**
 * Enrols numbers, addresses and tokens that somebody brought, as U5 does with a number; the caller holds the lock.
 * @returns Their ids, in the order given.
 */
export async function enrolContactMethods(
  tx: Tx,
  { user, methods }: LockedContacts,
  enrolled: readonly Enrolled[],
  now: Date,
): Promise<string[]> {
  const flags = { isValidated: false, isFromHost: false, enrolledAt: now, changedAt: now };
  return insertContactMethods(
    tx,
    user.institutionId,
    user.institutionUserId,
    enrolled.map((one, index) => ({
      ...one,
      ...flags,
      methodType: one.protocol === 'EMAIL' ? ('PERSONAL_EMAIL' as const) : ('UNKNOWN' as const),
      isPrimary: methods.length === 0 && index === 0,
    })),
  );
}
