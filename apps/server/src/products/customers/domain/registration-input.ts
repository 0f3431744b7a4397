/**
 * What a registration call sent, before any rule has looked at it. JSON and XML arrive in the same shape, but for two
 * things: an element that comes once is no list, and an empty one is an empty text.
 */
export interface RegistrationInput {
  /** Undefined when it was not sent. */
  readonly fiId: string | undefined;
  readonly memberNumber: string | undefined;
  readonly firstName: string | undefined;
  readonly lastName: string | undefined;
  readonly middleName: string | undefined;
  readonly titlePrefix: string | undefined;
  readonly suffix: string | undefined;
  readonly emailAddress: string | undefined;
  readonly addresses: readonly AddressInput[];
  readonly phones: readonly PhoneInput[];
  readonly birthDate: string | undefined;
  readonly channels: readonly ChannelInput[];
  readonly acceptedDisclosure: string | undefined;
  readonly userType: string | undefined;
  readonly ssn: string | undefined;
  readonly motherMaidenName: string | undefined;
  readonly hostPassword: string | undefined;
}

export interface AddressInput {
  readonly address1: string | undefined;
  readonly address2: string | undefined;
  readonly address3: string | undefined;
  readonly city: string | undefined;
  readonly state: string | undefined;
  readonly postalCode: string | undefined;
  readonly country: string | undefined;
}

export interface PhoneInput {
  readonly number: string | undefined;
  readonly countryCode: string | undefined;
}

export interface ChannelInput {
  readonly channelType: string | undefined;
  readonly loginId: string | undefined;
  readonly password: string | undefined;
}

/** Undefined when the body has no root `FICustomer`, or an object or a list where a text belongs. */
export function readRegistration(body: unknown): RegistrationInput | undefined {
  const customer = memberOf(body, 'FICustomer') ?? memberOf(body, 'fICustomer');
  if (typeof customer !== 'object' || customer === null || Array.isArray(customer)) return undefined;
  const person = memberOf(customer, 'person');
  const name = memberOf(person, 'personName');
  const contact = memberOf(person, 'contactInfo');
  const texts = new TextReader();
  const input: RegistrationInput = {
    fiId: texts.readIdentifier(memberOf(customer, 'fiId')),
    memberNumber: texts.read(customer, 'memberNumber'),
    firstName: texts.read(name, 'firstName'),
    lastName: texts.read(name, 'lastName'),
    middleName: texts.read(name, 'middleName'),
    titlePrefix: texts.read(name, 'titlePrefix'),
    suffix: texts.read(name, 'suffix'),
    emailAddress: texts.read(contact, 'emailAddress'),
    addresses: listOf(contact, 'postalAddress').map((address) => readAddress(texts, address)),
    phones: listOf(contact, 'phoneNumber').map((phone) => ({
      number: texts.read(phone, 'number'),
      countryCode: texts.read(phone, 'countryCode'),
    })),
    birthDate: texts.read(person, 'birthDate'),
    channels: listOf(memberOf(customer, 'channelInfos'), 'channelInfo').map((channel) => ({
      channelType: texts.read(channel, 'channelType'),
      loginId: texts.read(memberOf(channel, 'credential'), 'loginId'),
      password: texts.read(memberOf(channel, 'credential'), 'password'),
    })),
    acceptedDisclosure: texts.read(customer, 'acceptedDisclosure'),
    userType: texts.read(customer, 'userType'),
    ssn: texts.read(customer, 'ssn'),
    motherMaidenName: texts.read(customer, 'motherMaidenName'),
    hostPassword: texts.read(memberOf(customer, 'hostCredential'), 'password'),
  };
  return texts.areSound ? input : undefined;
}

function readAddress(texts: TextReader, address: unknown): AddressInput {
  return {
    address1: texts.read(address, 'address1'),
    address2: texts.read(address, 'address2'),
    address3: texts.read(address, 'address3'),
    city: texts.read(address, 'city'),
    state: texts.read(address, 'state'),
    postalCode: texts.read(address, 'postalCode'),
    country: texts.read(address, 'country'),
  };
}

/** Reads texts, and remembers when something else was found where a text belongs. */
class TextReader {
  areSound = true;

  /** Numbers and booleans are taken for their text, as published samples send them. */
  read(from: unknown, name: string): string | undefined {
    const value = memberOf(from, name);
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    this.areSound = false;
    return undefined;
  }

  /** `<fiId>00042</fiId>` and `{"value":"00042"}` mean the same. */
  readIdentifier(value: unknown): string | undefined {
    return typeof value === 'object' ? this.read(value, 'value') : this.read({ value }, 'value');
  }
}

function listOf(from: unknown, name: string): readonly unknown[] {
  const value = memberOf(from, name);
  if (value === undefined || value === null || value === '') return [];
  return Array.isArray(value) ? value : [value];
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}
