import type { registerCustomer } from '@openbranch/contract/customers/registration-operations';
import type { AnswerOf } from '@openbranch/contract/operation';
import type { Institution } from '../../../kernel/institution.ts';
import { toInstitutionDateTime } from '../../../kernel/institution-time.ts';
import type { Registration } from '../domain/registration.ts';

export interface RegistrationForm {
  readonly hasPlainBirthDate: boolean;
  readonly hasMaskedSsn: boolean;
}

export interface RegisteredIds {
  readonly customerId: string;
  readonly authId: string;
  readonly memberNumber: string;
}

/** What a registration answers: what was sent, without the password, and what it has become. */
export function toRegistrationAnswer(
  institution: Institution,
  { customerId, authId, memberNumber }: RegisteredIds,
  registration: Registration,
  form: RegistrationForm,
): AnswerOf<typeof registerCustomer> {
  const { firstName, lastName, emailAddress, birthDate, ssn } = registration;
  return {
    id: { value: customerId, type: 'GUID' },
    fiId: { value: institution.institutionId },
    memberNumber,
    authId,
    person: {
      personName: { firstName, lastName, ...sent(registration, ['middleName', 'titlePrefix', 'suffix']) },
      contactInfo: {
        emailAddress,
        postalAddress: registration.addresses.map(({ address1, city, state, postalCode, country, ...lines }) => ({
          address1,
          ...sent(lines, ['address2', 'address3']),
          city,
          state,
          postalCode,
          country,
        })),
        phoneNumber: registration.phones.map((phone) => ({ number: phone.number, ...sent(phone, ['countryCode']) })),
      },
      birthDate: form.hasPlainBirthDate ? birthDate : toBirthDate(birthDate, institution.timeZone),
    },
    channelInfos: { channelInfo: [{ channelType: 'TPV_API', credential: { loginId: registration.loginName } }] },
    hostCredential: { loginId: memberNumber },
    billPayEnabled: false,
    destinations: {
      destination: registration.destinations.map(({ contactInfo, protocol }) => ({ contactInfo, protocol, activated: true })),
    },
    acceptedDisclosure: registration.hasAcceptedDisclosure,
    userType: 'PRIMARY',
    ssn: form.hasMaskedSsn ? `*****${ssn.slice(-4)}` : ssn,
    motherMaidenName: registration.motherMaidenName,
  };
}

/** `1989-10-09-07:00`: the offset of that day at the institution. */
function toBirthDate(birthDate: string, timeZone: string): string {
  const noon = new Date(`${birthDate}T12:00:00Z`);
  return `${birthDate}${toInstitutionDateTime(noon, timeZone).slice('yyyy-mm-ddThh:mm:ss'.length).slice(0, '+hh:mm'.length)}`;
}

/** The members that are there. */
function sent<Name extends string>(
  from: { readonly [Key in Name]: string | undefined },
  names: readonly Name[],
): { [Key in Name]?: string } {
  const found: { [Key in Name]?: string } = {};
  for (const name of names) {
    const value = from[name];
    if (value !== undefined) found[name] = value;
  }
  return found;
}
