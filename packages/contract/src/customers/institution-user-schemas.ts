import Type from 'typebox';
import { AuthId, CustomerId, DateTime, InstitutionId, InstitutionUserId } from '../identifiers.ts';
import { CallingCode, ContactMethodId, ContactProtocol, PostalAddressType, UserFlags } from './schemas.ts';

/** CUSTOMER_ID is another name of LEGACY_USER_GUID (CR-42). */
export const InstitutionUserIdType = Type.Union(
  [
    Type.Literal('INSTITUTION_USER_ID'),
    Type.Literal('HOST_USER_ID'),
    Type.Literal('LOGIN_ID'),
    Type.Literal('LEGACY_USER_GUID'),
    Type.Literal('USER_ID'),
    Type.Literal('CUSTOMER_ID'),
  ],
  {
    description:
      'What the path value is, INSTITUTION_USER_ID by default. HOST_USER_ID is the member number, retail users only; USER_ID is the authentication id.',
  },
);

const segments = 'contactMethods, postalAddresses, subUsers';
const grammar = "each optionally filtered, as in contactMethods($filter=(validated eq true) and (protocol eq 'VOICE'))";
export const Expand = Type.String({ description: `Comma list of ${segments}; ${grammar}.` });
export const ExpandWithDocuments = Type.String({
  description: `Comma list of ${segments}, identificationDocuments; ${grammar}.`,
});

export const RetrieveBillPayCredentials = Type.String({
  pattern: '^(?:[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$',
  description: 'true shows bill-pay credentials of a retail primary; wants scope institution-users-billpay:read.',
});

const Entries = Type.Object({ entry: Type.Array(Type.Object({ key: Type.String(), value: Type.String() })) });

const identity = {
  institutionUserId: InstitutionUserId,
  institutionId: InstitutionId,
  registrationDateTime: Type.Optional(DateTime),
  parentInstitutionUserId: Type.Optional(InstitutionUserId),
  institutionUserRole: Type.Union([
    Type.Literal('PRIMARY'),
    Type.Literal('ENTITLED'),
    Type.Literal('BUSINESS_ADMIN'),
    Type.Literal('BUSINESS_SECONDARY_ADMIN'),
    Type.Literal('BUSINESS_USER'),
  ]),
  institutionUserType: Type.Union([Type.Literal('RETAIL'), Type.Literal('BUSINESS')]),
};

const login = {
  userId: AuthId,
  userName: Type.String({ description: 'Login name.' }),
  lastName: Type.String(),
  firstName: Type.String(),
  middleName: Type.Optional(Type.String()),
  fullName: Type.String(),
  email: Type.Optional(Type.String()),
  failedLoginCount: Type.Integer({ description: 'Consecutive failed sign-ins.' }),
  failedPasswordResetCount: Type.Integer({ description: 'Consecutive wrong passcodes.' }),
};

const hold = {
  holdDateTime: Type.Optional(DateTime),
  holdReason: Type.Optional(Type.String()),
  holdInitiatedBy: Type.Optional(Type.String()),
};

const birthDate = Type.Optional(Type.String({ format: 'date' }));

const SubUser = Type.Object({
  ...identity,
  ...login,
  ...hold,
  userStatus: UserFlags,
  birthDate,
  additionalInfo: Entries,
});

const InstitutionCustomer = Type.Object({
  institutionCustomerId: CustomerId,
  memberNumber: Type.String(),
  hostLoginId: Type.Optional(Type.String()),
  customerType: Type.Union([Type.Literal('RETAIL'), Type.Literal('BUSINESS')]),
  memberName: Type.Optional(Type.String()),
  primary: Type.Optional(Type.Boolean({ description: 'True on the default location of a business.' })),
  cifNumber: Type.Optional(Type.String()),
  additionalInfo: Type.Optional(Entries),
});

const UserContactMethod = Type.Object({
  id: ContactMethodId,
  protocol: ContactProtocol,
  activated: Type.Boolean(),
  enrolledDateTime: DateTime,
  telephoneCountryCode: Type.Optional(CallingCode),
  contactInfo: Type.String({ description: 'National digits of a phone number, or an e-mail address.' }),
  validated: Type.Boolean(),
  host: Type.Boolean({ description: 'True when the core knows it.' }),
  primary: Type.Boolean(),
  contactMethodType: Type.String(),
});

const UserPostalAddress = Type.Object({
  streetAddress1: Type.String(),
  streetAddress2: Type.Optional(Type.String()),
  streetAddress3: Type.Optional(Type.String()),
  city: Type.String(),
  state: Type.String(),
  postalCode: Type.String({ description: 'Empty when it is not known.' }),
  country: Type.String({ description: 'ISO 3166-1 alpha-2.' }),
  startDate: Type.Optional(DateTime),
  endDate: Type.Optional(DateTime),
  primary: Type.Boolean(),
  international: Type.Boolean(),
  id: Type.String({ description: 'Number of the record at the core.' }),
  postalAddressType: PostalAddressType,
});

const UserIdentificationDocument = Type.Object({
  id: Type.String({
    description:
      'Number of the document, encrypted to the key of the institution: RSA-OAEP with SHA-256, base64. Differs on each call.',
  }),
  maskedId: Type.String(),
  identificationDocumentType: Type.Union([
    Type.Literal('DRIVERS_LICENSE'),
    Type.Literal('PASSPORT'),
    Type.Literal('STATE_ID'),
    Type.Literal('SSN'),
    Type.Literal('TIN'),
    Type.Literal('EIN'),
    Type.Literal('ITIN'),
    Type.Literal('ATIN'),
    Type.Literal('PTIN'),
    Type.Literal('UNKNOWN'),
  ]),
});

const user = {
  ...identity,
  institutionCustomers: Type.Array(InstitutionCustomer),
  subUsers: Type.Optional(Type.Array(SubUser)),
  ...login,
  lastLoginDateTime: Type.Optional(DateTime),
  ...hold,
  userStatus: UserFlags,
  birthDate,
  postalAddresses: Type.Optional(Type.Array(UserPostalAddress)),
  contactMethods: Type.Optional(Type.Array(UserContactMethod)),
  additionalInfo: Entries,
};

/** Contract sheet "Customers", section 9.1. */
export const InstitutionUser = Type.Object(user);

/** U8 also shows identification documents. */
export const InstitutionUserWithDocuments = Type.Object({
  ...user,
  identificationDocuments: Type.Optional(Type.Array(UserIdentificationDocument)),
});
