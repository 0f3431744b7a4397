import type { Tx } from '../../../platform/db/database.ts';
import type { ContactMethod } from '../domain/contact-method.ts';
import type { InstitutionUser } from '../domain/institution-user.ts';
import { listContactMethods } from '../store/contact-methods.ts';
import { lockCredential } from '../store/credentials.ts';

export interface LockedContacts {
  readonly user: InstitutionUser;
  readonly methods: readonly ContactMethod[];
}

/** The contact methods of a user, which nobody else changes until the transaction ends; undefined for a deleted user. */
export async function lockContactMethods(
  tx: Tx,
  institutionId: string,
  institutionUserId: string,
): Promise<LockedContacts | undefined> {
  const locked = await lockCredential(tx, institutionId, institutionUserId);
  if (locked === undefined) return undefined;
  return { user: locked.user, methods: await listContactMethods(tx, institutionId, institutionUserId) };
}
