import type { Institution } from '../../../kernel/institution.ts';
import { toInstitutionDateTime } from '../../../kernel/institution-time.ts';
import type { Tx } from '../../../platform/db/database.ts';
import type { Channel } from '../../../platform/delivery/channel.ts';
import type { ContactMethod, LockedContacts } from '../../customers/index.ts';
import { listBoundMethods } from '../store/alert-destinations.ts';
import type { AlertsParts } from './alerts-parts.ts';

interface DestinationNews {
  readonly institution: Institution;
  readonly now: Date;
  /** As they were before the change. */
  readonly contacts: LockedContacts;
  /** Whom the change is about, and who is told nothing by it. */
  readonly exceptIds: ReadonlySet<string>;
}

/**
 * Tells everybody who received before the change, at the number or address of before it: whoever takes over a login must
 * not be able to move its messages away in silence. Call it before the change is written.
 */
export async function queueDestinationNotices(
  { queueMessage, canSend }: Pick<AlertsParts, 'queueMessage' | 'canSend'>,
  tx: Tx,
  { institution, now, contacts: { user, methods }, exceptIds }: DestinationNews,
): Promise<void> {
  const bound = await listBoundMethods(tx, institution.institutionId, user.institutionUserId);
  const told = methods.filter((one) => one.isActivated && bound.has(one.contactMethodId) && !exceptIds.has(one.contactMethodId));
  const changedAt = toInstitutionDateTime(now, institution.timeZone).slice(0, 16).replace('T', ' at ');
  const recipients = new Map(told.flatMap((method) => addressOf(method)).map((one) => [`${one.channel} ${one.recipient}`, one]));
  for (const { channel, recipient } of recipients.values()) {
    if (!canSend(channel)) continue;
    await queueMessage(tx, {
      institution,
      now,
      channel,
      recipient,
      template: 'destinations-changed',
      values: { changedAt },
      institutionUserId: user.institutionUserId,
    });
  }
}

/** Nobody is called by telephone for this; the same number gets a text message. */
function addressOf({ protocol, contactInfo, countryCode = '' }: ContactMethod): { channel: Channel; recipient: string }[] {
  switch (protocol) {
    case 'EMAIL':
      return [{ channel: 'EMAIL', recipient: contactInfo }];
    case 'SMS':
      return [{ channel: 'SMS', recipient: `+${countryCode}${contactInfo}` }];
    case 'TOKEN':
      return [{ channel: 'PUSH', recipient: contactInfo }];
    default:
      return [];
  }
}
