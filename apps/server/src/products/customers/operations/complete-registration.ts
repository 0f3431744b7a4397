import type { Institution } from '../../../kernel/institution.ts';
import { sendTogether } from '../../../platform/db/send-together.ts';
import type { Write } from '../../../platform/transactions/unit-of-work.ts';
import { registrationAfter } from '../domain/registration-admission.ts';
import { findUserById } from '../store/institution-users.ts';
import { completeRegistration, noteAcceptedDisclosures } from '../store/registrations.ts';
import type { CustomersParts } from './customers-parts.ts';
import { sendWelcome } from './send-welcome.ts';

/** Tells, in the transaction of the last acceptance, that a user has accepted every required disclosure. */
export type CompleteRegistration = (
  write: Write,
  accepted: { readonly institution: Institution; readonly now: Date; readonly institutionUserId: string },
) => Promise<void>;

/**
 * Completes a registration that waited for its disclosures, once. Of a user who was let in without them it only notes
 * that they are accepted now.
 */
export function createCompleteRegistration(
  parts: Pick<CustomersParts, 'canSend' | 'queueMessage' | 'publicUrl'>,
): CompleteRegistration {
  return async (write, { institution, now, institutionUserId }) => {
    const { institutionId, policies } = institution;
    const state = registrationAfter('open', policies.registration.needsApproval);
    if (!(await completeRegistration(write.sql, institutionId, institutionUserId, state))) {
      await noteAcceptedDisclosures(write.sql, institutionId, institutionUserId);
      return;
    }
    const user = await findUserById(write.sql, institutionId, institutionUserId);
    const details = { channel: 'TPV_API', userProduct: 'THIRD_PARTY_REGISTRATION', result: 'Success', state };
    await sendTogether([
      write.audit('user_registered', { institutionUserId, details }),
      user === undefined
        ? undefined
        : sendWelcome(write, parts, {
            institution,
            now,
            institutionUserId,
            emailAddress: user.emailAddress ?? '',
            firstName: user.firstName,
          }),
    ]);
  };
}
