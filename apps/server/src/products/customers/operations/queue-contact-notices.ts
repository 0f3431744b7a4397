import type { Institution } from '../../../kernel/institution.ts';
import { toInstitutionDateTime } from '../../../kernel/institution-time.ts';
import type { Tx } from '../../../platform/db/database.ts';
import type { InstitutionUser } from '../domain/institution-user.ts';
import type { ContactNotice } from './apply-contact-change.ts';
import type { CustomersParts } from './customers-parts.ts';

interface Told {
  readonly institution: Institution;
  readonly user: InstitutionUser;
  readonly now: Date;
  readonly notices: readonly ContactNotice[];
}

/** Tells the old and the new number or address; over a channel that nobody brings messages on, nobody is told. */
export async function queueContactNotices(
  { queueMessage, canSend }: Pick<CustomersParts, 'queueMessage' | 'canSend'>,
  tx: Tx,
  { institution, user, now, notices }: Told,
): Promise<void> {
  const changedAt = toInstitutionDateTime(now, institution.timeZone).slice(0, 16).replace('T', ' at ');
  for (const { template, what, to } of notices) {
    const address =
      'phone' in to
        ? { channel: 'SMS' as const, recipient: `+${to.phone.countryCode}${to.phone.number}` }
        : { channel: 'EMAIL' as const, recipient: to.emailAddress };
    if (!canSend(address.channel)) continue;
    await queueMessage(tx, {
      institution,
      now,
      ...address,
      template,
      values: { what, changedAt },
      institutionUserId: user.institutionUserId,
    });
  }
}
