import { accept, type Result, refuse } from '../../../kernel/result.ts';

/** What the institution has set about numbers and what it wants of accounts (contract sheet "Accounts", section 10). */
export interface AccountSettings {
  readonly needsMicrNumber: boolean;
  readonly validAccountTypes: readonly string[] | undefined;
  readonly achType: string | undefined;
  readonly maskFormat: string;
  readonly numberFormat: string;
  readonly ciidFormat: string | undefined;
  readonly isCiidFormatterEnabled: boolean;
}

/** Settings with which no account can be shown; each has a code of its own. */
export type SettingRefusal =
  | 'noValidTypes'
  | 'typeInvalid'
  | 'micrMissing'
  | 'achTypeBlank'
  | 'ciidFormatterOff'
  | 'ciidFormatInvalid'
  | 'numberNotFormatted'
  | 'maskFormatInvalid';

/** How much of a number a caller may see. */
export interface NumberSight {
  readonly isUnmasked: boolean;
  /** What stands before the last characters: nothing, or an asterisk (ACC-S3). */
  readonly lead: '' | '*';
}

/** How numbers are written for one caller. */
export interface NumberForm {
  /** The whole number. */
  readonly format: (number: string) => string;
  /** What this caller may see of it. */
  readonly show: (number: string) => string;
}

const ciidParts = ['{member}', '{number}'] as const;
const mask = /^N{1,8}$/u;

/** @param accounts Those that are about to be shown. */
export function decideAccountNumberForm(
  settings: AccountSettings,
  accounts: readonly { readonly accountType: string; readonly micrNumber: string | undefined }[],
  sight: NumberSight,
): Result<NumberForm, SettingRefusal> {
  const { validAccountTypes: valid, ciidFormat } = settings;
  if (valid !== undefined && valid.length === 0) return refuse('noValidTypes');
  if (valid !== undefined && accounts.some(({ accountType }) => !valid.includes(accountType))) return refuse('typeInvalid');
  if (settings.needsMicrNumber && accounts.some(({ micrNumber }) => micrNumber === undefined)) return refuse('micrMissing');
  if (settings.achType?.trim() === '') return refuse('achTypeBlank');
  if (ciidFormat !== undefined && !settings.isCiidFormatterEnabled) return refuse('ciidFormatterOff');
  if (ciidFormat !== undefined && !ciidParts.every((part) => ciidFormat.includes(part))) return refuse('ciidFormatInvalid');
  return decideNumberForm(settings, sight);
}

/** The one rule of how numbers are written, for whoever shows one. A mask that is none shows nothing rather than all. */
export function decideNumberForm(
  { numberFormat, maskFormat }: Pick<AccountSettings, 'numberFormat' | 'maskFormat'>,
  { isUnmasked, lead }: NumberSight,
): Result<NumberForm, 'numberNotFormatted' | 'maskFormatInvalid'> {
  if (!numberFormat.includes('{number}')) return refuse('numberNotFormatted');
  if (!isUnmasked && !mask.test(maskFormat)) return refuse('maskFormatInvalid');
  const format = (number: string): string => numberFormat.replace('{number}', () => number);
  if (isUnmasked) return accept({ format, show: format });
  return accept({ format, show: (number) => maskNumber(format(number), maskFormat.length, lead) });
}

/**
 * The last characters; a number that has no more than those is shown as it is.
 * @param shownCharacters At least one: of none, the end of a text is all of it.
 */
export function maskNumber(number: string, shownCharacters: number, lead: '' | '*'): string {
  if (shownCharacters < 1) throw new Error('A mask shows at least one character.');
  return number.length <= shownCharacters ? number : lead + number.slice(-shownCharacters);
}

/** The first six digits with `X` for each of the others: how the customers' family and V1 products write it. */
export function maskMicr(number: string): string {
  return number.slice(0, 6) + 'X'.repeat(Math.max(0, number.length - 6));
}
