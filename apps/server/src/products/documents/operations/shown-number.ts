import type { Principal } from '../../../kernel/principal.ts';
import { maskNumber } from '../../accounts/index.ts';

/** How account numbers of an institution are written for a caller: whole, or their last characters. */
export function createShowNumber(
  { institution }: Pick<Principal, 'institution'>,
  { isUnmasked, lead }: { readonly isUnmasked: boolean; readonly lead: '' | '*' },
): (number: string) => string {
  const { numberFormat, maskFormat } = institution.policies.accounts;
  const format = (number: string): string => numberFormat.replace('{number}', () => number);
  return isUnmasked ? format : (number) => maskNumber(format(number), maskFormat.length, lead);
}
