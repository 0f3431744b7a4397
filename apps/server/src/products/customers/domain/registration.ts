import { type CredentialPolicy, checkLoginName, checkPassword } from '../../../kernel/credential-policy.ts';
import { checkAddresses, checkEmail, checkPhones } from './registration-contact.ts';
import type { AddressInput, PhoneInput, RegistrationInput } from './registration-input.ts';
import { checkBirthDate, checkMaidenName, checkNames, checkSsn } from './registration-person.ts';
import type { RegistrationRefusal } from './registration-refusal.ts';

/** A registration whose input keeps every rule; what is left can only be known from the database. */
export interface Registration {
  /** Undefined: the institution gives the number out. */
  readonly memberNumber: string | undefined;
  readonly firstName: string;
  readonly lastName: string;
  readonly middleName: string | undefined;
  readonly titlePrefix: string | undefined;
  readonly suffix: string | undefined;
  readonly emailAddress: string;
  readonly addresses: readonly RegisteredAddress[];
  readonly phones: readonly RegisteredPhone[];
  readonly destinations: readonly Destination[];
  readonly birthDate: string;
  readonly ssn: string;
  readonly motherMaidenName: string;
  readonly loginName: string;
  readonly password: string;
  readonly hasAcceptedDisclosure: boolean;
}

export type RegisteredAddress = AddressInput & {
  readonly address1: string;
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
  readonly country: string;
};
export type RegisteredPhone = PhoneInput & { readonly number: string };

export interface Destination {
  readonly protocol: 'SMS' | 'VOICE' | 'EMAIL';
  readonly contactInfo: string;
  /** As sent; phones only. */
  readonly countryCode: string | undefined;
}

export interface RegistrationRules {
  readonly institutionId: string;
  readonly credentials: CredentialPolicy;
  readonly charsetRule: 'operation' | 'letter_and_digit';
  readonly memberNumberRule: 'required' | 'generate';
  readonly maxDestinations: number;
  /** `2026-06-19`, at the institution. */
  readonly today: string;
}

export type RegistrationDecision =
  | { readonly ok: true; readonly registration: Registration }
  | { readonly ok: false; readonly refusals: readonly [RegistrationRefusal, ...RegistrationRefusal[]] };

const longestHostPassword = 64;

/** Looks at the input in the order of the contract (sheet "Registration", section 2). Every refusal is told, the first one first. */
export function decideRegistration(input: RegistrationInput, rules: RegistrationRules): RegistrationDecision {
  const destinations = destinationsOf(input);
  const [first, ...others] = [
    ...checkFrame(input, rules),
    ...checkChannels(input),
    ...checkMemberNumber(input, rules),
    ...checkNames(input),
    ...checkSsn(input),
    ...checkBirthDate(input, rules.today),
    ...checkAddresses(input),
    ...checkPhones(input),
    ...checkEmail(input),
    ...checkMaidenName(input),
    ...(destinations.length > rules.maxDestinations ? ['tooManyDestinations' as const] : []),
    ...checkCredentials(input, rules),
  ];
  if (first !== undefined) return { ok: false, refusals: [first, ...new Set(others.filter((other) => other !== first))] };
  return { ok: true, registration: toRegistration(input, destinations) };
}

function checkFrame({ fiId, userType, hostPassword = '' }: RegistrationInput, rules: RegistrationRules): RegistrationRefusal[] {
  const refusals: RegistrationRefusal[] = [];
  if (fiId !== undefined && fiId !== rules.institutionId) refusals.push('fiIdInvalid');
  if (userType !== undefined && userType !== '' && userType !== 'PRIMARY') refusals.push('userTypeInvalid');
  if (hostPassword.length > longestHostPassword) refusals.push('hostCredentialInvalid');
  return refusals;
}

function checkChannels({ channels }: RegistrationInput): RegistrationRefusal[] {
  const areGood = channels.length > 0 && channels.every(({ channelType }) => channelType === 'TPV_API');
  return areGood ? [] : ['channelInvalid'];
}

function checkMemberNumber({ memberNumber = '' }: RegistrationInput, rules: RegistrationRules): RegistrationRefusal[] {
  if (memberNumber === '' && rules.memberNumberRule === 'generate') return [];
  return /^[A-Za-z0-9]{1,16}$/u.test(memberNumber) ? [] : ['memberNumberInvalid'];
}

function checkCredentials({ channels, memberNumber }: RegistrationInput, rules: RegistrationRules): RegistrationRefusal[] {
  const { loginId = '', password = '' } = channels[0] ?? {};
  const refusals: RegistrationRefusal[] = [];
  const loginName = checkLoginName(loginId, memberNumber, rules.credentials, rules.charsetRule);
  if (!loginName.ok) {
    switch (loginName.refusal) {
      case 'malformed':
        refusals.push('loginIdInvalid');
        break;
      case 'outOfRange':
        refusals.push('loginIdOutOfRange');
        break;
      case 'isMemberNumber':
        refusals.push('loginIdIsMemberNumber');
        break;
    }
  }
  if (!checkPassword(password, loginId, rules.credentials).ok) refusals.push('passwordInvalid');
  return refusals;
}

/** Each number can be texted and called; a number that was given twice counts once. */
function destinationsOf({ phones, emailAddress }: RegistrationInput): Destination[] {
  const byNumber = new Map(phones.map((phone) => [phone.number ?? '', phone]));
  const reached = [...byNumber].flatMap(([contactInfo, { countryCode }]): Destination[] => [
    { protocol: 'SMS', contactInfo, countryCode },
    { protocol: 'VOICE', contactInfo, countryCode },
  ]);
  return [...reached, { protocol: 'EMAIL', contactInfo: emailAddress ?? '', countryCode: undefined }];
}

/** Everything that is needed is there, since no rule has refused. */
function toRegistration(input: RegistrationInput, destinations: readonly Destination[]): Registration {
  const { loginId = '', password = '' } = input.channels[0] ?? {};
  const { firstName = '', lastName = '', emailAddress = '', birthDate = '', ssn = '', motherMaidenName = '' } = input;
  return {
    memberNumber: textOf(input.memberNumber),
    firstName,
    lastName,
    middleName: textOf(input.middleName),
    titlePrefix: textOf(input.titlePrefix),
    suffix: textOf(input.suffix),
    emailAddress,
    addresses: input.addresses.map(({ address1 = '', city = '', state = '', postalCode = '', country = '', ...lines }) => ({
      address1,
      address2: textOf(lines.address2),
      address3: textOf(lines.address3),
      city,
      state,
      postalCode,
      country,
    })),
    phones: input.phones.map(({ number = '', countryCode }) => ({ number, countryCode })),
    destinations,
    birthDate,
    ssn,
    motherMaidenName,
    loginName: loginId,
    password,
    hasAcceptedDisclosure: /^true$/iu.test(input.acceptedDisclosure ?? ''),
  };
}

function textOf(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
