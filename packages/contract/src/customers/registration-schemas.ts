import Type from 'typebox';

/**
 * Which members are needed, in which order they are looked at and with which code each is refused are rules of the
 * operation (contract sheet "Registration", section 2); these schemas say what a good call sends.
 */
const Value = (description: string) => Type.Object({ value: Type.String(), type: Type.Optional(Type.String()) }, { description });

const PersonName = Type.Object({
  firstName: Type.String({ description: 'At most 39 characters, together with the last name.' }),
  lastName: Type.String(),
  middleName: Type.Optional(Type.String({ description: 'At most 39 characters.' })),
  titlePrefix: Type.Optional(Type.String({ description: 'At most 10 characters.' })),
  suffix: Type.Optional(Type.String({ description: 'At most 10 characters.' })),
});

const RegistrationAddress = Type.Object({
  address1: Type.String({ description: '1 to 128 characters.' }),
  address2: Type.Optional(Type.String()),
  address3: Type.Optional(Type.String()),
  city: Type.String(),
  state: Type.String({ description: 'Two letters in the US.' }),
  postalCode: Type.String({ description: 'US: 12345 or 12345-6789.' }),
  country: Type.String({ description: '`USA`, `US` or another code.' }),
});

const RegistrationPhone = Type.Object({
  number: Type.String({ description: '10 digits.' }),
  countryCode: Type.Optional(Type.String({ description: '`0` is the US.' })),
});

const ContactInfo = Type.Object({
  emailAddress: Type.String({ description: 'At most 64 characters.' }),
  postalAddress: Type.Array(RegistrationAddress, { description: 'The first one is the primary one.' }),
  phoneNumber: Type.Array(RegistrationPhone, { description: '1 to 5.' }),
});

export const RegistrationRequest = Type.Object({
  FICustomer: Type.Object({
    id: Type.Optional(Value('`0` for a new customer; ignored.')),
    fiId: Type.Optional(Value('Institution; that of the path.')),
    memberNumber: Type.Optional(
      Type.String({ description: '1 to 16 letters and digits; needed unless the institution gives the numbers out.' }),
    ),
    person: Type.Object({
      personName: PersonName,
      contactInfo: ContactInfo,
      birthDate: Type.String({ description: 'yyyy-MM-dd' }),
    }),
    channelInfos: Type.Object({
      channelInfo: Type.Array(
        Type.Object({
          channelType: Type.Literal('TPV_API'),
          credential: Type.Object({
            loginId: Type.String({ description: 'As the institution asks for, 8 to 20 characters by default.' }),
            password: Type.String({ description: 'As the institution asks for, 6 to 32 characters by default.' }),
          }),
        }),
      ),
    }),
    acceptedDisclosure: Type.Optional(
      Type.Unsafe<string | boolean>({
        type: ['string', 'boolean'],
        description: 'True when the required disclosures are accepted.',
      }),
    ),
    userType: Type.Optional(Type.String({ description: '`PRIMARY`' })),
    ssn: Type.String({ description: '9 digits.' }),
    motherMaidenName: Type.String({ description: '1 to 128 characters.' }),
    hostCredential: Type.Optional(Type.Object({ password: Type.Optional(Type.String({ description: 'PIN at the core.' })) })),
  }),
});

/** The order of the members is the order of the XML elements. */
export const RegistrationAnswer = Type.Object({
  id: Type.Object({ value: Type.String({ description: 'The customer id of later calls.' }), type: Type.Literal('GUID') }),
  fiId: Type.Object({ value: Type.String() }),
  memberNumber: Type.String(),
  authId: Type.String(),
  person: Type.Object({
    personName: PersonName,
    contactInfo: ContactInfo,
    birthDate: Type.String({ description: 'With the offset of the institution: `1989-10-09-07:00`.' }),
  }),
  channelInfos: Type.Object({
    channelInfo: Type.Array(
      Type.Object({ channelType: Type.Literal('TPV_API'), credential: Type.Object({ loginId: Type.String() }) }),
    ),
  }),
  hostCredential: Type.Object({ loginId: Type.String({ description: 'Login at the core.' }) }),
  billPayEnabled: Type.Boolean(),
  destinations: Type.Object({
    destination: Type.Array(
      Type.Object({
        contactInfo: Type.String(),
        protocol: Type.Union([Type.Literal('SMS'), Type.Literal('VOICE'), Type.Literal('EMAIL')]),
        activated: Type.Boolean(),
      }),
    ),
  }),
  acceptedDisclosure: Type.Boolean(),
  userType: Type.Literal('PRIMARY'),
  ssn: Type.String(),
  motherMaidenName: Type.String(),
});
