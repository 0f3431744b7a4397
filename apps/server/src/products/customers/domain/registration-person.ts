import type { RegistrationInput } from './registration-input.ts';
import type { RegistrationRefusal } from './registration-refusal.ts';

/** Rules of name, SSN, birth date and maiden name (contract sheet "Registration", section 2). */

const longestName = 39;
const longestTitle = 10;
const longestMaidenName = 128;
const firstYear = 1900;

export function checkNames(input: RegistrationInput): RegistrationRefusal[] {
  const { firstName = '', lastName = '', middleName = '', titlePrefix = '', suffix = '' } = input;
  const refusals: RegistrationRefusal[] = [];
  if (isBlank(firstName)) refusals.push('firstNameMissing');
  if (firstName.length > longestName) refusals.push('firstNameTooLong');
  if (isBlank(lastName)) refusals.push('lastNameMissing');
  if (lastName.length > longestName) refusals.push('lastNameTooLong');
  if (middleName.length > longestName) refusals.push('middleNameTooLong');
  if (firstName.length + lastName.length > longestName) refusals.push('namesTooLong');
  if (titlePrefix.length > longestTitle || suffix.length > longestTitle) refusals.push('titleTooLong');
  return refusals;
}

export function checkSsn({ ssn }: RegistrationInput): RegistrationRefusal[] {
  if (ssn === undefined || ssn === '') return ['ssnMissing'];
  return /^[0-9]{9}$/u.test(ssn) ? [] : ['ssnInvalid'];
}

/** @param today `2026-06-19`, at the institution. */
export function checkBirthDate({ birthDate }: RegistrationInput, today: string): RegistrationRefusal[] {
  return birthDate !== undefined && isRealDate(birthDate) && birthDate < today ? [] : ['birthDateInvalid'];
}

export function checkMaidenName({ motherMaidenName = '' }: RegistrationInput): RegistrationRefusal[] {
  return isBlank(motherMaidenName) || motherMaidenName.length > longestMaidenName ? ['maidenNameInvalid'] : [];
}

/** February 30 is a date to `Date`, which calls it March 2. */
function isRealDate(text: string): boolean {
  const [, year = '', month = '', day = ''] = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/u.exec(text) ?? [];
  if (Number(year) < firstYear) return false;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.toISOString().slice(0, 10) === text;
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}
