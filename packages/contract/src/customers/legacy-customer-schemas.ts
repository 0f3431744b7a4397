import Type from 'typebox';

/** Dates of the V1 products carry the offset of the institution. */
const LegacyDate = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}[+-]\\d{2}:\\d{2}$', description: '`2011-12-31-08:00`' });
const LegacyDateTime = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}[+-]\\d{2}:\\d{2}$',
  description: '`2025-12-15T04:03:30-08:00`',
});

/** Every flag is true, but for the five that are always there. */
const LegacyStatus = Type.Object({
  acceptedDisclosure: Type.Optional(Type.Boolean()),
  active: Type.Boolean(),
  deleted: Type.Optional(Type.Boolean()),
  fiApprovalPending: Type.Optional(Type.Boolean()),
  fiApproved: Type.Optional(Type.Boolean()),
  fiRejected: Type.Optional(Type.Boolean()),
  invalidEmailId: Type.Optional(Type.Boolean()),
  locked: Type.Boolean(),
  mustChangePassword: Type.Optional(Type.Boolean()),
  needsToAcceptDisclosure: Type.Optional(Type.Boolean()),
  newUser: Type.Optional(Type.Boolean()),
  onHold: Type.Boolean(),
  registered: Type.Boolean(),
  reset: Type.Boolean(),
  billpayId: Type.Optional(Type.String()),
  daysInactive: Type.Optional(Type.Integer()),
});

const Credential = Type.Object({
  loginId: Type.String(),
  newLoginId: Type.Optional(Type.String()),
  cifNumber: Type.Optional(Type.String()),
});

/** Contract sheet "Customers", section 12: the members that we know, in the order of the wire. */
export const LegacyCustomer = Type.Object({
  id: Type.Object({ type: Type.Literal('GUID'), value: Type.String({ description: 'The customer id for later paths.' }) }),
  fiId: Type.Object({ value: Type.String() }),
  name: Type.String(),
  memberNumber: Type.Optional(Type.String()),
  memberRegistrationDate: LegacyDate,
  memberHoldDate: Type.Optional(LegacyDate),
  memberHoldDesc: Type.Optional(Type.String()),
  hostCredential: Type.Optional(Credential),
  person: Type.Object({ contactInfo: Type.Object({ emailAddress: Type.Optional(Type.String()) }) }),
  channelInfos: Type.Object({
    channelInfo: Type.Array(
      Type.Object({
        channelType: Type.Literal('WEB'),
        credential: Credential,
        userStatus: LegacyStatus,
        failedLoginCount: Type.Integer(),
        lastLoginDate: Type.Optional(LegacyDate),
        lastLoginDateTime: Type.Optional(LegacyDateTime),
      }),
    ),
  }),
  billPayEnabled: Type.Boolean(),
  billPayCredential: Type.Optional(Credential),
});

export const LegacyCustomerIdType = Type.Union(
  [Type.Literal('GUID'), Type.Literal('MEMNUMBER'), Type.Literal('LOGINID'), Type.Literal('HOSTID')],
  { description: 'What the path value is, GUID by default.' },
);
