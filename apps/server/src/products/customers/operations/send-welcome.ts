import type { Institution } from '../../../kernel/institution.ts';
import type { Write } from '../../../platform/transactions/unit-of-work.ts';
import { isEmailAddress } from '../domain/registration-contact.ts';
import type { CustomersParts } from './customers-parts.ts';

export interface WelcomedUser {
  readonly institution: Institution;
  readonly now: Date;
  readonly institutionUserId: string;
  readonly emailAddress: string;
  readonly firstName: string;
}

/** An address that cannot be one gets no mail, and its user bears a flag. */
export async function sendWelcome(
  { sql }: Write,
  { canSend, queueMessage, publicUrl }: Pick<CustomersParts, 'canSend' | 'queueMessage' | 'publicUrl'>,
  { institution, now, institutionUserId, emailAddress, firstName }: WelcomedUser,
): Promise<void> {
  if (!canSend('EMAIL') || !isEmailAddress(emailAddress)) return;
  await queueMessage(sql, {
    institution,
    now,
    channel: 'EMAIL',
    recipient: emailAddress,
    template: 'welcome',
    values: { firstName, signInUrl: publicUrl() },
    institutionUserId,
  });
}
