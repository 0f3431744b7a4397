import { toInstitutionDateTime } from '../../../kernel/institution-time.ts';
import type { Filter, FilterRow } from '../../../kernel/odata-filter.ts';
import { matchesFilter } from '../../../kernel/odata-filter.ts';
import { parseODataTime } from '../../../kernel/odata-tokens.ts';
import type { ContactMethod } from '../domain/contact-method.ts';
import type { InstitutionUser } from '../domain/institution-user.ts';
import type { IdentificationDocument } from '../domain/personal-data.ts';
import type { PostalAddress } from '../domain/postal-address.ts';

/** Rows of expanded segments: how they look on the wire, and which of them a filter leaves. */

/** The rows that satisfy the filter; all of them without one. */
export function filterRows<Row>(
  rows: readonly Row[],
  filter: Filter | undefined,
  toFilterRow: (row: Row) => FilterRow,
): readonly Row[] {
  return filter === undefined ? rows : rows.filter((row) => matchesFilter(filter, toFilterRow(row)));
}

export function contactMethodRow(method: ContactMethod): FilterRow {
  return {
    id: method.contactMethodId,
    protocol: method.protocol,
    activated: method.isActivated,
    enrolledDateTime: method.enrolledAt,
    telephoneCountryCode: method.countryCode,
    contactInfo: method.contactInfo,
    validated: method.isValidated,
    host: method.isFromHost,
    primary: method.isPrimary,
    contactMethodType: method.methodType,
  };
}

export function toUserContactMethod(method: ContactMethod, timeZone: string) {
  return {
    id: method.contactMethodId,
    protocol: method.protocol,
    activated: method.isActivated,
    enrolledDateTime: toInstitutionDateTime(method.enrolledAt, timeZone),
    ...(method.countryCode === undefined ? {} : { telephoneCountryCode: method.countryCode }),
    contactInfo: method.contactInfo,
    validated: method.isValidated,
    host: method.isFromHost,
    primary: method.isPrimary,
    contactMethodType: method.methodType,
  };
}

export function postalAddressRow(address: PostalAddress): FilterRow {
  return {
    id: address.postalAddressId,
    streetAddress1: address.streetAddress1,
    streetAddress2: address.streetAddress2,
    streetAddress3: address.streetAddress3,
    city: address.city,
    state: address.state,
    postalCode: address.postalCode,
    country: address.country,
    primary: address.isPrimary,
    postalAddressType: address.addressType,
  };
}

export function toUserPostalAddress(address: PostalAddress, timeZone: string) {
  const { streetAddress1, streetAddress2, streetAddress3, city, state, postalCode, country, startsAt, endsAt } = address;
  return {
    streetAddress1,
    ...(streetAddress2 === undefined ? {} : { streetAddress2 }),
    ...(streetAddress3 === undefined ? {} : { streetAddress3 }),
    city,
    state,
    postalCode: postalCode ?? '',
    country,
    ...(startsAt === undefined ? {} : { startDate: toInstitutionDateTime(startsAt, timeZone) }),
    ...(endsAt === undefined ? {} : { endDate: toInstitutionDateTime(endsAt, timeZone) }),
    primary: address.isPrimary,
    international: country !== 'US',
    id: address.postalAddressId,
    postalAddressType: address.addressType,
  };
}

export function subUserRow(user: InstitutionUser, birthDate: string | undefined): FilterRow {
  return {
    institutionUserId: user.institutionUserId,
    institutionId: user.institutionId,
    institutionUserRole: user.userRole,
    institutionUserType: user.userType,
    userId: user.authId,
    userName: user.loginName,
    lastName: user.lastName,
    firstName: user.firstName,
    middleName: user.middleName,
    email: user.emailAddress,
    birthDate: birthDate === undefined ? undefined : parseODataTime(birthDate),
  };
}

/** The id of a document is another one on each call, so a filter compares its place in the list of the user. */
export function documentRow(document: IdentificationDocument): FilterRow {
  return {
    id: String(document.documentId),
    maskedId: document.maskedId,
    issuerState: document.issuerState,
    issuerCountry: document.issuerCountry,
    issuedDate: document.issuedDate === undefined ? undefined : parseODataTime(document.issuedDate),
    expiryDate: document.expiryDate === undefined ? undefined : parseODataTime(document.expiryDate),
    identificationDocumentType: document.documentType,
  };
}
