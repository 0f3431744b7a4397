import type { SeedCustomer } from './seed-plan.ts';

/** How people who do not exist are reached, the same for the same person of the seed. */
export interface DemoContactData {
  readonly contactMethods: readonly DemoContactMethod[];
  readonly postalAddresses: readonly DemoAddress[];
  readonly cifNumber: string | undefined;
  /** How the bill-pay service knows the customer. */
  readonly billPayLoginId: string | undefined;
}

export interface DemoContactMethod {
  readonly contactMethodId: number;
  readonly protocol: 'SMS' | 'VOICE' | 'EMAIL';
  readonly contactInfo: string;
  readonly countryCode: string | undefined;
  readonly methodType: 'HOME_CELLPHONE' | 'BUSINESS_PHONE' | 'SECONDARY_OR_ALTERNATE_PHONE' | 'PERSONAL_EMAIL' | 'BUSINESS_EMAIL';
  readonly isActivated: boolean;
  readonly isValidated: boolean;
  readonly isFromHost: boolean;
  readonly isPrimary: boolean;
}

export interface DemoAddress {
  readonly postalAddressId: number;
  readonly addressType: 'PHYSICAL_HOME_ADDRESS' | 'MAILING_HOME_ADDRESS' | 'PHYSICAL_WORK_ADDRESS' | 'MAILING_WORK_ADDRESS';
  readonly streetAddress1: string;
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
  readonly isPrimary: boolean;
  readonly isFromHost: boolean;
}

const firstMethodId = 7_100_001;
const firstAddressId = 5_100_001;
const idsForEach = 4;

const places = [
  { city: 'Springdale', state: 'NJ', postalCode: '07047' },
  { city: 'Harborview', state: 'CA', postalCode: '90210' },
  { city: 'Maplewood', state: 'NY', postalCode: '10001' },
  { city: 'Riverbend', state: 'OR', postalCode: '97035' },
] as const;

/** @param index Place of the person among the customers of the institution. */
export function demoContactData(institutionId: string, index: number, customer: SeedCustomer): DemoContactData {
  const isOwnCustomer = customer.customerId === customer.reachedCustomerId;
  return {
    contactMethods: methodsOf(institutionId, index, customer),
    postalAddresses: addressesOf(index, customer.userType === 'BUSINESS'),
    // One member has none, as happens at a core.
    cifNumber: isOwnCustomer && index !== 3 ? `C${customer.memberNumber}` : undefined,
    billPayLoginId: isOwnCustomer && index < 2 ? `bp${customer.memberNumber}` : undefined,
  };
}

function methodsOf(institutionId: string, index: number, { userType, emailAddress }: SeedCustomer): readonly DemoContactMethod[] {
  const isBusiness = userType === 'BUSINESS';
  const id = firstMethodId + index * idsForEach;
  // Numbers from 555-0100 to 555-0199 belong to nobody.
  const number = (line: number): string => `${200 + Number(institutionId)}55501${String(line).padStart(2, '0')}`;
  const phone = {
    contactInfo: number(index),
    countryCode: '1',
    methodType: isBusiness ? 'BUSINESS_PHONE' : 'HOME_CELLPHONE',
    isActivated: true,
    isFromHost: true,
  } as const;
  const mail = {
    contactMethodId: id + 2,
    protocol: 'EMAIL',
    contactInfo: emailAddress,
    countryCode: undefined,
    methodType: isBusiness ? 'BUSINESS_EMAIL' : 'PERSONAL_EMAIL',
    isActivated: true,
    isValidated: true,
    isFromHost: false,
    isPrimary: false,
  } as const;
  const landLine = {
    contactMethodId: id + 3,
    protocol: 'VOICE',
    contactInfo: number(50 + index),
    countryCode: '1',
    methodType: 'SECONDARY_OR_ALTERNATE_PHONE',
    isActivated: false,
    isValidated: false,
    isFromHost: false,
    isPrimary: false,
  } as const;
  return [
    { ...phone, contactMethodId: id, protocol: 'SMS', isValidated: true, isPrimary: true },
    { ...phone, contactMethodId: id + 1, protocol: 'VOICE', isValidated: index % 2 === 0, isPrimary: false },
    mail,
    // Somebody began to enrol another phone and left it there.
    ...(index === 1 ? [landLine] : []),
  ];
}

function addressesOf(index: number, isBusiness: boolean): readonly DemoAddress[] {
  const id = firstAddressId + index * idsForEach;
  const home = places[index % places.length] ?? places[0];
  const mailing = places[(index + 1) % places.length] ?? places[0];
  return [
    {
      ...home,
      postalAddressId: id,
      addressType: isBusiness ? 'PHYSICAL_WORK_ADDRESS' : 'PHYSICAL_HOME_ADDRESS',
      streetAddress1: `${12 + index} Sample Row`,
      isPrimary: true,
      isFromHost: true,
    },
    {
      ...mailing,
      postalAddressId: id + 1,
      addressType: isBusiness ? 'MAILING_WORK_ADDRESS' : 'MAILING_HOME_ADDRESS',
      streetAddress1: `PO Box ${400 + index}`,
      isPrimary: false,
      isFromHost: false,
    },
  ];
}
