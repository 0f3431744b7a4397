import Type from 'typebox';
import type { JsonObject } from '../json.ts';
import { AlertChannel, AlertObjectIdInput } from './schemas.ts';

/** Preferences on the wire (contract sheet "Alerts", sections 3.4 and 3.5). */

const AlertCondition = Type.Unsafe<JsonObject>({
  type: 'object',
  additionalProperties: true,
  description: '`threshold` (number), `comparator` (LT, LE, GT, GE), `currencyCode`; other members are kept as given.',
});

export const InstitutionAlertPreferenceInput = Type.Object({
  institutionAlertPrefId: Type.Optional(AlertObjectIdInput),
  alertTypeName: Type.Optional(Type.String()),
  channelTypeName: Type.Optional(AlertChannel),
  alertOpted: Type.Optional(Type.Boolean()),
  institutionId: Type.Optional(Type.String()),
  additionalInfo: Type.Optional(AlertCondition),
});

export const InstitutionAlertPreference = Type.Object({
  institutionAlertPrefId: Type.Integer(),
  alertTypeName: Type.String(),
  channelTypeName: AlertChannel,
  alertOpted: Type.Boolean(),
  institutionId: Type.String(),
  additionalInfo: Type.Optional(AlertCondition),
});

export const InstitutionAlertPreferences = Type.Object({ fiAlertPreferences: Type.Array(InstitutionAlertPreference) });

const accountDetails = Type.Optional(
  Type.Object({
    accountId: Type.Optional(Type.String({ description: 'An account of the user, to which the preference is limited.' })),
    accountExternalId: Type.Optional(Type.String({ maxLength: 128, description: 'The account at a third party.' })),
    cardNumber: Type.Optional(Type.String({ description: 'Only the last four digits are kept.' })),
  }),
);

const location = Type.Optional(Type.String({ description: 'Location of a business: 32 hexadecimal digits.' }));

const preferenceFields = {
  alertOpted: Type.Optional(Type.Boolean()),
  alertPreferenceDetails: Type.Optional(
    Type.Object({
      alertPrefId: Type.Optional(AlertObjectIdInput),
      alertTypeName: Type.Optional(Type.String()),
      channelTypeName: Type.Optional(AlertChannel),
      externalId: Type.Optional(Type.String({ maxLength: 128, description: 'Enrolment at a third party.' })),
      institutionCustomerId: location,
      institutionId: Type.Optional(Type.String()),
    }),
  ),
  alertPreferenceAccountDetails: accountDetails,
  additionalInfo: Type.Optional(AlertCondition),
};

export const NewAlertPreference = Type.Object({
  ...preferenceFields,
  allowCallback: Type.Optional(Type.Boolean({ description: 'Tell the external system of changes; default true.' })),
});

/** A change may carry allowCallback in its body too; the query of that name is about this change only. */
export const AlertPreferenceChange = Type.Object(preferenceFields);

export const AlertPreference = Type.Object({
  alertOpted: Type.Boolean(),
  alertPreferenceDetails: Type.Object({
    alertPrefId: Type.Integer({ description: '0 for a default of the institution.' }),
    alertTypeName: Type.String(),
    channelTypeName: AlertChannel,
    externalId: Type.Optional(Type.String()),
    institutionCustomerId: location,
    institutionId: Type.String(),
  }),
  alertPreferenceAccountDetails: accountDetails,
  additionalInfo: Type.Optional(AlertCondition),
  allowCallback: Type.Optional(Type.Boolean()),
  defaultPreferences: Type.Boolean({ description: 'True when the user has none and this is what the institution presumes.' }),
});

export const AlertPreferences = Type.Object({ alertPreferences: Type.Array(AlertPreference) });
