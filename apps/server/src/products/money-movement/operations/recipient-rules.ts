import { recipientAccountTypes } from '@openbranch/contract/money-movement/recipient-schemas';
import type { SwitchKey, SwitchValue } from '@openbranch/contract/switches';
import type { Institution } from '../../../kernel/institution.ts';
import type { RecipientRules } from '../domain/recipient-input.ts';

interface Asked {
  readonly institution: Institution;
  switchOf<Key extends SwitchKey>(institution: Institution, key: Key): SwitchValue<Key>;
}

/** What the institution wants of a recipient; what a call needs beyond it is the operation's. */
export function recipientRulesOf(asked: Asked): Omit<RecipientRules, 'needsPassCode' | 'needsNickName'> {
  const { recipientProvider, recipientAccountTypes: allowed } = asked.institution.policies.moneyMovement;
  return {
    provider: recipientProvider,
    allowedAccountTypes: allowed,
    knownAccountTypes: recipientAccountTypes,
    nickNameMaxLength: Number(asked.switchOf(asked.institution, 'recipients.nickname_max')),
  };
}
