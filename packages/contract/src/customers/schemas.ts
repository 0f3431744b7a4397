import Type from 'typebox';
import { AuthId, CustomerId, DateOnly, DateTime, InstitutionId, InstitutionUserId } from '../identifiers.ts';

/** A path value whose meaning the query or body says (contract sheet "Customers", section 1.1). */
export const UserPathValue = Type.String({
  minLength: 1,
  maxLength: 256,
  description: 'Identifier of the kind that userIdType names.',
});

export const CustomerIdType = Type.Union([Type.Literal('CUSTOMER_ID'), Type.Literal('LOGIN_ID')], {
  description: 'What the path value is: CUSTOMER_ID (default) or LOGIN_ID (login name).',
});

/** LEGACY_USER_GUID is another name of CUSTOMER_ID (CR-42). */
export const StatusIdType = Type.Union(
  [
    Type.Literal('INSTITUTION_USER_ID'),
    Type.Literal('HOST_USER_ID'),
    Type.Literal('LOGIN_ID'),
    Type.Literal('CUSTOMER_ID'),
    Type.Literal('LEGACY_USER_GUID'),
  ],
  { description: 'What the path value is. HOST_USER_ID is the member number, retail users only.' },
);

/** Contract sheet "Customers", section 3. */
export const PostalAddressType = Type.Union(
  [
    Type.Literal('UNKNOWN'),
    Type.Literal('PHYSICAL_HOME_ADDRESS'),
    Type.Literal('MAILING_HOME_ADDRESS'),
    Type.Literal('PHYSICAL_WORK_ADDRESS'),
    Type.Literal('MAILING_WORK_ADDRESS'),
    Type.Literal('SEASONAL_OR_VACATION_ADDRESS'),
    Type.Literal('TEMPORARY_ADDRESS'),
    Type.Literal('TAX_REPORTING_ADDRESS'),
  ],
  { description: 'What the address is for.' },
);

export const ContactProtocol = Type.Union(
  [
    Type.Literal('SMS'),
    Type.Literal('VOICE'),
    Type.Literal('TOKEN'),
    Type.Literal('EMAIL'),
    Type.Literal('WHATSAPP_SMS'),
    Type.Literal('WHATSAPP_VOICE'),
  ],
  { description: 'How a message travels.' },
);

export const ContactMethodId = Type.String({ pattern: '^[0-9]+$', description: 'Contact method: digits.' });
export const CallingCode = Type.String({ description: 'Calling code of the country, digits without `+`; phones only.' });

/** U1 lists every flag, true and false; the last two only with switch `u1.portal_flags` (CR-47). */
const ProfileStatus = Type.Object({
  active: Type.Boolean(),
  onHold: Type.Boolean(),
  locked: Type.Boolean(),
  reset: Type.Boolean(),
  registered: Type.Boolean(),
  approved: Type.Boolean(),
  rejected: Type.Boolean(),
  invalidEmailId: Type.Boolean(),
  acceptedDisclosure: Type.Boolean(),
  needsToAcceptDisclosure: Type.Optional(Type.Boolean()),
  needsToAcceptSecondaryDisclosure: Type.Optional(Type.Boolean()),
});

/** Contract sheet "Customers", section 3. */
export const CustomerInformation = Type.Object({
  userId: InstitutionUserId,
  fiId: InstitutionId,
  loginId: AuthId,
  userName: Type.String({ description: 'Login name.' }),
  birthDate: Type.Optional(Type.String({ format: 'date' })),
  failedLoginCount: Type.Integer({ description: 'Consecutive failed sign-ins.' }),
  failedPasswordResetCount: Type.Integer({ description: 'Consecutive wrong passcodes.' }),
  firstName: Type.String(),
  middleName: Type.Optional(Type.String()),
  lastName: Type.String(),
  fullName: Type.String(),
  emailAddress: Type.Optional(Type.String()),
  userStatus: ProfileStatus,
  postalAddresses: Type.Array(
    Type.Object({
      index: Type.String({ description: 'Place in this list, from 1.' }),
      address1: Type.String(),
      address2: Type.Optional(Type.String()),
      address3: Type.Optional(Type.String()),
      city: Type.String(),
      state: Type.String(),
      postalCode: Type.Optional(Type.String()),
      country: Type.String({ description: 'ISO 3166-1 alpha-2.' }),
      type: PostalAddressType,
    }),
  ),
  contactMethods: Type.Array(
    Type.Object({
      id: ContactMethodId,
      contactInfo: Type.String({ description: 'National digits of a phone number, or an e-mail address.' }),
      telephoneCountryCode: Type.Optional(CallingCode),
      protocol: ContactProtocol,
      activated: Type.Boolean(),
      validated: Type.Boolean(),
      enrolledDateTime: DateOnly,
      primary: Type.Boolean(),
    }),
  ),
  registrationDateTime: DateOnly,
  userType: Type.Union([Type.Literal('RETAIL'), Type.Literal('BUSINESS')]),
  userRole: Type.Union([Type.Literal('PRIMARY'), Type.Literal('ENTITLED')]),
  customers: Type.Array(
    Type.Object({
      customerId: CustomerId,
      memberNumber: Type.String(),
      customerType: Type.Union([Type.Literal('RETAIL'), Type.Literal('BUSINESS')]),
      hostLoginId: Type.Optional(Type.String()),
    }),
  ),
  acceptedDisclosure: Type.Boolean(),
  billPayChecked: Type.Boolean(),
});

const trueFlags = {
  active: Type.Optional(Type.Boolean()),
  onHold: Type.Optional(Type.Boolean()),
  locked: Type.Optional(Type.Boolean()),
  reset: Type.Optional(Type.Boolean()),
  registered: Type.Optional(Type.Boolean()),
  approved: Type.Optional(Type.Boolean()),
  rejected: Type.Optional(Type.Boolean()),
};

/** Only flags that are true. */
export const UserFlags = Type.Object(trueFlags);

const StatusDetails = Type.Object({
  failedLoginCount: Type.Integer(),
  failedPasswordResetCount: Type.Integer(),
  lastLoginDateTime: Type.Optional(DateTime),
  holdDateTime: Type.Optional(DateTime),
  holdReason: Type.Optional(Type.String()),
  holdInitiatedBy: Type.Optional(Type.String()),
});

/** Contract sheet "Customers", section 10: only flags that are true. */
export const UserStatus = Type.Object({
  institutionUserId: InstitutionUserId,
  parentInstitutionUserId: Type.Optional(InstitutionUserId),
  ...trueFlags,
  additionalInfo: StatusDetails,
  subUsers: Type.Optional(
    Type.Array(Type.Object({ institutionUserId: InstitutionUserId, ...trueFlags, additionalInfo: StatusDetails })),
  ),
});

/** Contract sheet "Customers", section 4. */
export const ContactMethods = Type.Object({
  customerId: CustomerId,
  contactMethods: Type.Array(
    Type.Object({
      id: ContactMethodId,
      telephoneCountryCode: Type.Optional(CallingCode),
      contactInfo: Type.String({ description: 'National digits of a phone number, or an e-mail address.' }),
      protocol: ContactProtocol,
      isActivated: Type.Boolean(),
      enrolledDateTime: DateTime,
    }),
  ),
});
