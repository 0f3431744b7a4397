import Type from 'typebox';
import { accountTypes } from '../accounts/account-types.ts';
import { DateTime, InstitutionId, InstitutionUserId } from '../identifiers.ts';

/** Contract sheet "Disclosures", section 4. */

const idPattern = '^[0-9A-Fa-f]{32}$';
const disclosureId = 'Disclosure of the institution: 32 hexadecimal digits.';
const userDisclosureId = 'Row of a user: 32 hexadecimal digits.';

export const DisclosureId = Type.String({ pattern: idPattern, description: disclosureId });
export const UserDisclosureId = Type.String({ pattern: idPattern, description: userDisclosureId });
/** In a path whatever is not known is answered alike, so its shape is not looked at. */
export const DisclosurePathId = Type.String({ description: disclosureId });
export const UserDisclosurePathId = Type.String({ description: userDisclosureId });

/** Opaque, 43 characters. */
export const AccountId = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', description: 'Account: 43 characters of base64url.' });

const DisclosureName = Type.String({
  pattern: '^[!-~](?:[ -~]*[!-~])?$',
  minLength: 1,
  maxLength: 20,
  description:
    'Unique in the institution without regard to case. `IB` (terms of internet banking), `ESIGN` (e-sign consent) and `OLS` (online statements) are system disclosures; every other name is custom.',
});

const DisclosureUrl = Type.String({
  pattern: '^[Hh][Tt][Tt][Pp][Ss]?://[!-~]+$',
  maxLength: 2048,
  description: 'URL of the text, http or https. Comes with its type or not at all.',
});

const DisclosureDataType = Type.Union(
  [Type.Literal('UNKNOWN'), Type.Literal('URL'), Type.Literal('CONFIG'), Type.Literal('RAW')],
  { description: 'What the data are; writes take `URL` only.' },
);

const definition = {
  institutionDisclosureName: DisclosureName,
  institutionDisclosureData: Type.Optional(DisclosureUrl),
  institutionDisclosureDataType: Type.Optional(DisclosureDataType),
  institutionDisclosureStatus: Type.Optional(Type.Boolean({ description: 'Enabled; false by default.' })),
  institutionId: Type.Optional(Type.String({ description: 'When sent it must be that of the token.' })),
};

/** The id is assigned; whoever sends one is refused. */
export const NewInstitutionDisclosure = Type.Object({
  ...definition,
  institutionDisclosureId: Type.Optional(Type.String({ description: 'Must be absent: the id is assigned.' })),
});

export const ChangedInstitutionDisclosure = Type.Object({ institutionDisclosureId: DisclosureId, ...definition });

export const InstitutionDisclosure = Type.Object({
  institutionDisclosureId: DisclosureId,
  institutionId: InstitutionId,
  institutionDisclosureName: Type.String(),
  institutionDisclosureData: Type.Optional(Type.String()),
  institutionDisclosureDataType: Type.Optional(DisclosureDataType),
  institutionDisclosureStatus: Type.Boolean({ description: 'Enabled.' }),
});

export const InstitutionDisclosures = Type.Object({ institutionDisclosures: Type.Array(InstitutionDisclosure) });

export const UserDisclosureStatus = Type.Union(
  [Type.Literal('ENROLLED'), Type.Literal('NOT_ENROLLED'), Type.Literal('NOT_ACCEPTED'), Type.Literal('ACCEPTED')],
  { description: 'System disclosures are `ACCEPTED` or `NOT_ACCEPTED`; custom ones take all four.' },
);

export const UserDisclosures = Type.Object({
  institutionUserDisclosures: Type.Array(
    Type.Object({
      institutionUserDisclosureId: UserDisclosureId,
      institutionId: InstitutionId,
      institutionUserId: InstitutionUserId,
      institutionDisclosureName: Type.String(),
      institutionDisclosureId: DisclosureId,
      institutionUserDisclosureStatus: UserDisclosureStatus,
      institutionUserDisclosureStatusUpdateDateTime: DateTime,
      paperWaiver: Type.Optional(Type.Boolean({ description: 'Online statements only: true is electronic, false is paper.' })),
      accountId: Type.Optional(AccountId),
    }),
  ),
});

const updateTime = Type.Optional(
  Type.String({
    pattern: '^(?:[0-9]{10}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2}))$',
    description: 'When the user decided: ISO 8601 with an offset, or epoch seconds. Not in the future; now by default.',
  }),
);

const ReferredName = Type.String({ minLength: 1, maxLength: 20, description: 'Name of the disclosure; case does not matter.' });

export const NewUserDisclosure = Type.Object({
  institutionDisclosureId: Type.Optional(DisclosureId),
  institutionDisclosureName: Type.Optional(ReferredName),
  institutionUserDisclosureStatus: UserDisclosureStatus,
  institutionUserDisclosureStatusUpdateDateTime: updateTime,
  accountId: Type.Optional(AccountId),
  paperWaiver: Type.Optional(Type.Boolean({ description: 'Needed for online statements: true is electronic, false is paper.' })),
});

export const ChangedUserDisclosure = Type.Object({
  institutionDisclosureId: Type.Optional(DisclosureId),
  institutionDisclosureName: Type.Optional(ReferredName),
  institutionUserDisclosureId: Type.Optional(UserDisclosureId),
  institutionUserDisclosureStatus: UserDisclosureStatus,
  institutionUserDisclosureStatusUpdateDateTime: updateTime,
});

export const RemovedUserDisclosure = Type.Object({
  institutionDisclosureName: Type.Optional(ReferredName),
  accountId: Type.Optional(AccountId),
});

export const AccountTypeQuery = Type.Optional(
  Type.String({ maxLength: 64, description: `Type of the account: ${accountTypes.join(', ')}.` }),
);
