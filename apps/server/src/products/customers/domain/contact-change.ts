import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { PhoneNumber } from './contact-method.ts';
import type { PostalAddress } from './postal-address.ts';
import { isEmailAddress } from './registration-contact.ts';
import { toStateCode } from './us-states.ts';

/** What U5 is asked to change (contract sheet "Customers", section 7). */
export interface ContactChange {
  /** Without an old number the new one is added. */
  readonly phone: { readonly old: PhoneNumber | undefined; readonly new: PhoneNumber } | undefined;
  readonly emailAddress: string | undefined;
  readonly postalAddress: WrittenAddress | undefined;
}

/** What stands on an envelope. */
export type WrittenAddress = Pick<
  PostalAddress,
  'streetAddress1' | 'streetAddress2' | 'streetAddress3' | 'city' | 'state' | 'postalCode' | 'country'
>;

/** Samples send digits as JSON numbers too; a number has lost its leading zeros. */
type Digits = string | number;

export interface ContactInfoBody {
  readonly phoneNumber?: {
    readonly oldPhoneNumber?: Digits;
    readonly oldCountryCode?: Digits;
    readonly newPhoneNumber?: Digits;
    readonly newCountryCode?: Digits;
  };
  readonly email?: { readonly emailAddress?: string };
  readonly postalAddress?: {
    readonly address1?: string;
    readonly address2?: string;
    readonly city?: string;
    readonly state?: string;
    readonly postalCode?: Digits;
    readonly country?: string;
  };
}

export function parseContactChange({
  phoneNumber,
  email,
  postalAddress,
}: ContactInfoBody): Result<ContactChange, 'requestInvalid'> {
  if (phoneNumber === undefined && email === undefined && postalAddress === undefined) return refuse('requestInvalid');
  const phone = phoneNumber === undefined ? undefined : toPhoneChange(phoneNumber);
  const emailAddress = email === undefined ? undefined : toEmailAddress(email.emailAddress);
  const address = postalAddress === undefined ? undefined : toWrittenAddress(postalAddress);
  const isReadable =
    (phoneNumber === undefined || phone !== undefined) &&
    (email === undefined || emailAddress !== undefined) &&
    (postalAddress === undefined || address !== undefined);
  return isReadable ? accept({ phone, emailAddress, postalAddress: address }) : refuse('requestInvalid');
}

function toPhoneChange(group: NonNullable<ContactInfoBody['phoneNumber']>): ContactChange['phone'] {
  const newPhone = toPhoneNumber(group.newPhoneNumber, group.newCountryCode);
  if (newPhone === undefined) return undefined;
  if (group.oldPhoneNumber === undefined)
    return group.oldCountryCode === undefined ? { old: undefined, new: newPhone } : undefined;
  // The old number is only looked for, so that one of an odd shape is simply not on file.
  return {
    old: { countryCode: textOf(group.oldCountryCode) ?? '1', number: String(group.oldPhoneNumber).trim() },
    new: newPhone,
  };
}

/** Ten digits for calling code 1, else 4 to 15. */
function toPhoneNumber(digits: Digits | undefined, code: Digits | undefined): PhoneNumber | undefined {
  const number = textOf(digits) ?? '';
  const countryCode = textOf(code) ?? '1';
  if (!/^[1-9]\d{0,2}$/u.test(countryCode)) return undefined;
  return (countryCode === '1' ? /^\d{10}$/u : /^\d{4,15}$/u).test(number) ? { countryCode, number } : undefined;
}

const longestEmail = 64;
const printableAscii = /^[\x21-\x7e]+$/u;

function toEmailAddress(text: string | undefined): string | undefined {
  const address = text?.trim();
  return address !== undefined && address.length <= longestEmail && printableAscii.test(address) && isEmailAddress(address)
    ? address
    : undefined;
}

const longestLine = 128;

function toWrittenAddress(group: NonNullable<ContactInfoBody['postalAddress']>): WrittenAddress | undefined {
  const country = toCountryCode(group.country);
  const streetAddress1 = toLine(group.address1);
  const city = toLine(group.city);
  const stateText = toLine(group.state);
  const state = stateText !== undefined && country === 'US' ? toStateCode(stateText) : stateText;
  if (country === undefined || streetAddress1 === undefined || city === undefined || state === undefined) return undefined;
  const streetAddress2 = toLine(group.address2);
  if (streetAddress2 === undefined && textOf(group.address2) !== undefined) return undefined;
  const postalCode = toPostalCode(group.postalCode, country);
  if (postalCode === undefined && textOf(group.postalCode) !== undefined) return undefined;
  return { streetAddress1, streetAddress2, streetAddress3: undefined, city, state, postalCode, country };
}

function toLine(text: string | undefined): string | undefined {
  const line = textOf(text);
  return line === undefined || line.length > longestLine || /\p{Cc}/u.test(line) ? undefined : line;
}

/** Alpha-2; the US is also written USA, and meant where nothing is written. */
function toCountryCode(text: string | undefined): string | undefined {
  const code = (textOf(text) ?? 'US').toUpperCase();
  if (code === 'USA') return 'US';
  return /^[A-Z]{2}$/u.test(code) ? code : undefined;
}

/** In the US five digits, or five and four; elsewhere up to 16 letters, digits, blanks and dashes. */
function toPostalCode(digits: Digits | undefined, country: string): string | undefined {
  if (country !== 'US') return /^[A-Za-z0-9][A-Za-z0-9 -]{0,15}$/u.exec(textOf(digits) ?? '')?.[0];
  const text = typeof digits === 'number' ? String(digits).padStart(5, '0') : (textOf(digits) ?? '');
  return /^\d{5}(?:-?\d{4})?$/u.exec(text)?.[0];
}

/** Trimmed; blank is the same as absent. */
function textOf(value: Digits | undefined): string | undefined {
  const text = value === undefined ? '' : String(value).trim();
  return text === '' ? undefined : text;
}
