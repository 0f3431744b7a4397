import type { getRecipient } from '@openbranch/contract/money-movement/recipient-operations';
import type { AnswerOf } from '@openbranch/contract/operation';
import type { SwitchKey, SwitchValue } from '@openbranch/contract/switches';
import type { Institution } from '../../../kernel/institution.ts';
import type { UserReach } from '../../customers/index.ts';
import type { RecipientDetails } from '../domain/recipient.ts';

type RecipientAnswer = AnswerOf<typeof getRecipient>;
type OneRecipient = NonNullable<RecipientAnswer['recipients']>[number];
type Owner = Pick<UserReach, 'institutionId' | 'customerGuid'>;
/** One that was only validated has no id. */
type Shown = RecipientDetails & { readonly recipientId?: string };

interface Asked {
  readonly institution: Institution;
  switchOf<Key extends SwitchKey>(institution: Institution, key: Key): SwitchValue<Key>;
}

export function toRecipientsAnswer(asked: Asked, owner: Owner, recipients: readonly Shown[]): RecipientAnswer {
  const isMasked = asked.switchOf(asked.institution, 'recipients.mask');
  const shown = recipients.map((recipient) => toRecipient(owner, recipient, isMasked));
  const key = asked.switchOf(asked.institution, 'recipients.list_key');
  return {
    ...(key !== 'Recipients' && { recipients: shown }),
    ...(key !== 'recipients' && { Recipients: shown }),
  };
}

export function toRecipientAnswer(asked: Asked, owner: Owner, recipient: Shown): RecipientAnswer {
  if (asked.switchOf(asked.institution, 'recipients.single_form') === 'list')
    return toRecipientsAnswer(asked, owner, [recipient]);
  return toRecipient(owner, recipient, asked.switchOf(asked.institution, 'recipients.mask'));
}

function toRecipient({ institutionId, customerGuid }: Owner, recipient: Shown, isMasked: boolean): OneRecipient {
  const { recipientId, memberNumber, accountNumber, accountType, passCode, email, nickName, fullName } = recipient;
  return {
    ...(recipientId !== undefined && { id: recipientId }),
    institutionId,
    institutionCustomerId: customerGuid,
    ...(memberNumber !== undefined && { memberNumber }),
    accountNumber: isMasked ? maskAll(accountNumber.slice(0, -4)) + accountNumber.slice(-4) : accountNumber,
    ...(accountType !== undefined && { accountType }),
    ...(passCode !== undefined && { passCode: isMasked ? maskAll(passCode) : passCode }),
    ...(email !== undefined && { email }),
    ...(nickName !== undefined && { nickName }),
    ...(fullName !== undefined && { fullName }),
  };
}

function maskAll(text: string): string {
  return '*'.repeat(text.length);
}
