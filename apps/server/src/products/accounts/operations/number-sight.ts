import type { SwitchKey, SwitchValue } from '@openbranch/contract/switches';
import type { Institution } from '../../../kernel/institution.ts';
import type { Principal } from '../../../kernel/principal.ts';
import type { NumberSight } from '../domain/account-number.ts';

/** What of a call decides how account numbers are written for its caller. */
export interface NumberCall {
  readonly institution: Institution;
  readonly principal: Principal;
  switchOf<Key extends SwitchKey>(institution: Institution, key: Key): SwitchValue<Key>;
}

/** What the caller may see of account numbers: whole with the scope for it, else the last characters. */
export function numberSightOf(call: NumberCall): NumberSight {
  return {
    isUnmasked: call.principal.scopes.has('accounts:read_unmasked'),
    lead: call.switchOf(call.institution, 'accounts.mask') === 'star-last4' ? '*' : '',
  };
}
