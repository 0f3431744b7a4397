import type { FilterProperties } from '../../../kernel/odata-filter.ts';

/** What `$expand` may name, and what may be filtered by (contract sheet "Customers", section 9). */
export const expandableSegments = {
  contactMethods: {
    id: 'string',
    protocol: 'string',
    activated: 'boolean',
    enrolledDateTime: 'time',
    telephoneCountryCode: 'string',
    contactInfo: 'string',
    validated: 'boolean',
    host: 'boolean',
    primary: 'boolean',
    contactMethodType: 'string',
  },
  postalAddresses: {
    id: 'string',
    streetAddress1: 'string',
    streetAddress2: 'string',
    streetAddress3: 'string',
    city: 'string',
    state: 'string',
    postalCode: 'string',
    country: 'string',
    primary: 'boolean',
    postalAddressType: 'string',
  },
  subUsers: {
    institutionUserId: 'string',
    institutionId: 'string',
    institutionUserRole: 'string',
    institutionUserType: 'string',
    userId: 'string',
    userName: 'string',
    lastName: 'string',
    firstName: 'string',
    middleName: 'string',
    email: 'string',
    birthDate: 'time',
  },
  identificationDocuments: {
    id: 'string',
    maskedId: 'string',
    issuerState: 'string',
    issuerCountry: 'string',
    issuedDate: 'time',
    expiryDate: 'time',
    identificationDocumentType: 'string',
  },
} as const satisfies Record<string, FilterProperties>;

export type SegmentName = keyof typeof expandableSegments;

/** `postalAddress` is another name of `postalAddresses`. */
export function toSegmentName(text: string): SegmentName | undefined {
  switch (text) {
    case 'contactMethods':
    case 'postalAddresses':
    case 'subUsers':
    case 'identificationDocuments':
      return text;
    case 'postalAddress':
      return 'postalAddresses';
    default:
      return undefined;
  }
}
