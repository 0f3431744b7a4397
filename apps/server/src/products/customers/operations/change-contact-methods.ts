import type { Tx } from '../../../platform/db/database.ts';
import { type ContactMethodChange, saveContactMethods } from '../store/contact-methods.ts';
import { saveEmailAddress } from '../store/institution-users.ts';
import { endPasscodesOfMethods } from '../store/password-resets.ts';
import type { LockedContacts } from './lock-contact-methods.ts';

/**
 * Gives contact methods of a user other numbers, addresses or states; the caller holds the lock. The address of the
 * profile follows its contact method.
 */
export async function changeContactMethods(
  tx: Tx,
  { user, methods }: LockedContacts,
  changes: readonly ContactMethodChange[],
  now: Date,
): Promise<void> {
  if (changes.length === 0) return;
  const { institutionId, institutionUserId, emailAddress } = user;
  await saveContactMethods(tx, institutionId, institutionUserId, changes, now);
  // Whoever has the old number must not get in with a passcode that is on its way.
  await endPasscodesOfMethods(
    tx,
    institutionId,
    changes.map(({ contactMethodId }) => contactMethodId),
    now,
  );
  const ofProfile = methods.find((method) => method.protocol === 'EMAIL' && method.contactInfo === emailAddress);
  const changed = changes.find(({ contactMethodId }) => contactMethodId === ofProfile?.contactMethodId);
  if (changed !== undefined && changed.contactInfo !== emailAddress)
    await saveEmailAddress(tx, institutionId, institutionUserId, changed.contactInfo);
}
