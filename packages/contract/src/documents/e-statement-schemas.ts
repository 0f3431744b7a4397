import Type from 'typebox';
import { accountTypes } from '../accounts/account-types.ts';
import { DateTime, InstitutionId } from '../identifiers.ts';
import { AccountId, DisclosureId, UserDisclosureId } from './disclosure-schemas.ts';

/** Contract sheet "Disclosures and e-statements", section 4.6. */

/** 32 hexadecimal digits; in lower case, which switch `est.user_id_case` changes. */
const StatementUserId = Type.String({
  pattern: '^[0-9A-Fa-f]{32}$',
  description: 'Login of a customer: 32 hexadecimal digits, in lower case here.',
});

export const AccountPreferences = Type.Object({
  institutionUserDisclosures: Type.Array(
    Type.Object({
      id: Type.Optional(UserDisclosureId),
      institutionId: InstitutionId,
      institutionUserId: StatementUserId,
      accountId: AccountId,
      paperWaiver: Type.Boolean({ description: 'True is electronic, false is paper.' }),
      institutionDisclosureName: Type.Literal('OLS'),
      institutionDisclosureId: Type.Optional(DisclosureId),
      institutionDisclosureStatus: Type.Optional(Type.Union([Type.Literal('ACCEPTED'), Type.Literal('NOT_ACCEPTED')])),
      institutionUserDisclosureStatusUpdateDateTime: Type.Optional(DateTime),
    }),
  ),
});

const preference = {
  activateEstatement: Type.Boolean({ description: 'True is electronic, false is paper. `activateEStatement` is read as well.' }),
  disclosureStatusUpdatedAt: Type.Optional(
    Type.String({ description: 'When the user decided: ISO 8601 with an offset. Not in the future; now by default.' }),
  ),
};

export const AccountPreferenceChange = Type.Object({ ...preference, accountId: AccountId });
export const UserPreferenceChange = Type.Object(preference);

export const PreferenceOutcome = Type.Object({
  updatedAccounts: Type.Array(AccountId),
  failedAccounts: Type.Array(AccountId),
});

const reportDate = (what: string) =>
  Type.Optional(
    Type.String({ description: `${what}: dd-MM-yyyy or yyyy-MM-dd'T'HH:mm:ssXXX. Comes with the other or not at all.` }),
  );

export const ReportCriteria = Type.Object({
  customerId: Type.Optional(
    Type.String({ description: 'Retail customer: 32 hexadecimal digits. Needed unless switch `est.report_all` is on.' }),
  ),
  accountType: Type.Optional(Type.String({ description: `One of ${accountTypes.join(', ')}, in any case.` })),
  fromDate: reportDate('First time of preferences'),
  toDate: reportDate('Last time of preferences'),
  limit: Type.Optional(Type.Integer({ description: '1 to 1000; 100 by default.' })),
  offset: Type.Optional(Type.Integer({ description: 'Records to skip; 0 by default.' })),
});

const record = {
  userId: Type.String({ description: 'Authentication id: 32 hexadecimal digits.' }),
  userName: Type.String({ description: 'Login name.' }),
  accountNumber: Type.Union([Type.String(), Type.Number()], {
    description: 'The last characters, or all of them with scope accounts:read_unmasked.',
  }),
  accountType: Type.String({ enum: [...accountTypes] }),
  optInDateTime: Type.Optional(DateTime),
};

const ReportRecords = Type.Array(
  Type.Object({
    ...record,
    optInEstatement: Type.Boolean(),
    optInPaperStatement: Type.Boolean({ description: 'The opposite of optInEstatement.' }),
  }),
);

const yesOrNo = Type.Union([Type.Literal('Yes'), Type.Literal('No')]);

/** The records stand in one of three members: switch `est.report_wrapper`. */
export const StatementReport = Type.Object({
  totalCount: Type.Integer({ description: 'Records before limit and offset.' }),
  statementOptInReport: Type.Optional(ReportRecords),
  StatementOptInReport: Type.Optional(ReportRecords),
  statementReports: Type.Optional(Type.Array(Type.Object({ ...record, optInEstatement: yesOrNo, optInPaperStatement: yesOrNo }))),
});
