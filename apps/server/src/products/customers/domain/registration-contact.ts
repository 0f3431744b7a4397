import type { AddressInput, PhoneInput, RegistrationInput } from './registration-input.ts';
import type { RegistrationRefusal } from './registration-refusal.ts';

/** Rules of postal addresses, phone numbers and e-mail address (contract sheet "Registration", section 2). */

const longestLine = 128;
const longestEmail = 64;
const mostPhones = 5;

export function checkAddresses({ addresses }: RegistrationInput): RegistrationRefusal[] {
  return addresses.length === 0 ? ['addressInvalid'] : addresses.flatMap(checkAddress);
}

function checkAddress(address: AddressInput): RegistrationRefusal[] {
  const { address1 = '', address2 = '', address3 = '', city = '', state = '', postalCode = '', country = '' } = address;
  const isInUs = isUs(country);
  const refusals: RegistrationRefusal[] = [];
  if (isBlank(address1) || [address1, address2, address3].some((line) => line.length > longestLine))
    refusals.push('addressInvalid');
  if (isBlank(city)) refusals.push('cityMissing');
  if (isBlank(state) || state.length > longestLine || (isInUs && !/^[A-Za-z]{2}$/u.test(state))) refusals.push('stateInvalid');
  if (isBlank(postalCode) || (isInUs && !/^[0-9]{5}(?:-[0-9]{4})?$/u.test(postalCode))) refusals.push('postalCodeInvalid');
  if (isBlank(country)) refusals.push('countryMissing');
  return refusals;
}

export function checkPhones({ phones }: RegistrationInput): RegistrationRefusal[] {
  if (phones.length === 0 || phones.length > mostPhones) return ['phoneInvalid'];
  return phones.flatMap(({ number = '', countryCode = '0' }: PhoneInput): RegistrationRefusal[] => [
    ...(/^[0-9]{10}$/u.test(number) ? [] : ['phoneInvalid' as const]),
    ...(/^[0-9]{1,3}$/u.test(countryCode) ? [] : ['phoneCountryInvalid' as const]),
  ]);
}

export function checkEmail({ emailAddress = '' }: RegistrationInput): RegistrationRefusal[] {
  if (isBlank(emailAddress)) return ['emailMissing'];
  return emailAddress.length > longestEmail ? ['emailTooLong'] : [];
}

/** A malformed address is kept all the same, and the user bears a flag. */
export function isEmailAddress(text: string): boolean {
  return /^[^\s@,;<>()"]+@[^\s@.,;<>()"]+(?:\.[^\s@.,;<>()"]+)+$/u.test(text);
}

/** On the wire `0` is the US, whose calling code is 1. */
export function toCallingCode(countryCode: string | undefined): string {
  return countryCode === undefined || /^0+$/u.test(countryCode) ? '1' : countryCode;
}

/** Alpha-2 where we know it, else what was sent. */
export function toCountry(country: string): string {
  return isUs(country) ? 'US' : country.trim().toUpperCase();
}

function isUs(country: string): boolean {
  return /^usa?$/iu.test(country.trim());
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}
