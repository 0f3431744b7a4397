import Type from 'typebox';
import type { JsonObject } from '../json.ts';

/** The catalogue on the wire (contract sheet "Alerts", sections 3.1 to 3.3). */

export const AlertObjectId = Type.Integer({ minimum: 1, description: 'Assigned by the server, unique within the institution.' });

/** In bodies its digits are taken too. */
export const AlertObjectIdInput = Type.Unsafe<number | string>({
  type: ['integer', 'string'],
  description: 'Assigned by the server; 0 and absent are a new one.',
});

const idPattern = '^[0-9]{1,18}$';
export const AlertPathId = Type.String({ pattern: idPattern });

/** One value, several values of the same name, or one text with commas. */
export const TextOrTexts = Type.Unsafe<string | readonly string[]>({
  type: ['string', 'array'],
  items: { type: 'string', maxLength: 2000 },
  maxLength: 2000,
  maxItems: 100,
  description: 'Given several times, or once with commas.',
});

export const AlertStatus = Type.Union([Type.Literal('ACTIVE'), Type.Literal('INACTIVE')]);

const channelList = 'EMAIL, SMS, PUSH and WEB, separated by commas.';
const name = { description: 'Name of the alert type: capitals, digits, dash and underscore.' };
const TextMap = Type.Unsafe<Readonly<Record<string, string>>>({ type: 'object', additionalProperties: { type: 'string' } });

const typeFields = {
  displayAlertTypeName: Type.Optional(Type.String({ maxLength: 100 })),
  description: Type.Optional(Type.String({ maxLength: 500 })),
  applicableAccountTypes: Type.Optional(
    Type.String({ description: 'Account types, separated by commas, or ALL, which is the default.' }),
  ),
  externalSystem: Type.Optional(Type.String({ maxLength: 64, description: 'The vendor that brings the events.' })),
  additionalInfo: Type.Optional(TextMap),
  userInputType: Type.Optional(Type.String({ maxLength: 64 })),
};

export const AlertTypeInput = Type.Object(
  {
    alertTypeId: Type.Optional(AlertObjectIdInput),
    alertTypeName: Type.Optional(Type.String(name)),
    alertCategory: Type.Optional(Type.String({ maxLength: 32 })),
    eventTypeDomain: Type.Optional(Type.String({ description: 'ACCOUNT, TRANSACTION, NOTIFICATION or USER.' })),
    channels: Type.Optional(Type.String({ description: channelList })),
    ...typeFields,
    status: Type.Optional(AlertStatus),
    institutionId: Type.Optional(Type.String({ description: 'When sent it must be that of the token.' })),
  },
  {
    description:
      'A new type needs alertTypeName, alertCategory, eventTypeDomain and channels; a change needs alertTypeId, and what is left out keeps its value.',
  },
);

export const AlertType = Type.Object({
  alertTypeId: AlertObjectId,
  alertTypeName: Type.String(name),
  alertCategory: Type.String(),
  eventTypeDomain: Type.String(),
  channels: Type.String({ description: channelList }),
  ...typeFields,
  status: AlertStatus,
  institutionId: Type.Optional(Type.String({ description: 'Absent for a type of the platform.' })),
});

export const AlertTypes = Type.Object({ alertTypes: Type.Array(AlertType) });

export const InstitutionAlertTypeInput = Type.Object(
  {
    institutionAlertTypeId: Type.Optional(AlertObjectIdInput),
    alertTypeName: Type.Optional(Type.String(name)),
    channelsOptd: Type.Optional(Type.String({ description: channelList })),
    statusOptd: Type.Optional(AlertStatus),
    reason: Type.Optional(Type.String({ maxLength: 255 })),
    institutionId: Type.Optional(Type.String()),
  },
  { description: 'A new row needs alertTypeName and channelsOptd; a change needs institutionAlertTypeId.' },
);

export const InstitutionAlertType = Type.Object({
  institutionAlertTypeId: AlertObjectId,
  alertTypeName: Type.String(name),
  channelsOptd: Type.String({ description: channelList }),
  statusOptd: AlertStatus,
  reason: Type.Optional(Type.String()),
  institutionId: Type.String(),
});

export const InstitutionAlertTypes = Type.Object({ institutionAlertTypes: Type.Array(InstitutionAlertType) });

export const AlertChannel = Type.Union([Type.Literal('EMAIL'), Type.Literal('SMS'), Type.Literal('PUSH'), Type.Literal('WEB')]);

export const TemplateContentType = Type.Union([
  Type.Literal('EMAIL_SUBJECT'),
  Type.Literal('EMAIL_BODY'),
  Type.Literal('SMS_BODY'),
  Type.Literal('PUSH_BODY'),
  Type.Literal('WEB_BODY'),
  Type.Literal('WEB_JSON'),
]);

export const TemplateState = Type.Union([Type.Literal('DRAFT'), Type.Literal('PUBLISHED'), Type.Literal('ARCHIVED')]);

const templateFields = {
  locale: Type.Optional(Type.String({ description: '`es`, `en_US`; default `en_US`.' })),
  externalSystem: Type.Optional(Type.String({ maxLength: 64 })),
  vendor: Type.Optional(Type.String({ maxLength: 64 })),
  variableMap: Type.Optional(
    Type.Unsafe<Readonly<Record<string, string>>>({
      ...TextMap,
      description: 'Variable to dotted path in the event, or to `=literal`.',
    }),
  ),
  lastUpdatedDttm: Type.Optional(
    Type.String({ description: 'Set by the server. Sent back with a change, it refuses to overwrite a newer one.' }),
  ),
};

export const AlertTemplateInput = Type.Object(
  {
    alertTemplateResourceId: Type.Optional(AlertObjectIdInput),
    alertTypeResourceId: Type.Optional(AlertObjectIdInput),
    alertTypeName: Type.Optional(Type.String(name)),
    state: Type.Optional(TemplateState),
    ...templateFields,
    institutionId: Type.Optional(Type.String()),
    templateContents: Type.Optional(
      Type.Array(
        Type.Object({
          alertTemplateResourceId: Type.Optional(AlertObjectIdInput),
          channelType: AlertChannel,
          templateContentType: TemplateContentType,
          templateContent: Type.String({ description: '`${NAME}` stands for a value of the event.' }),
        }),
        { maxItems: 6, description: 'One of each content type.' },
      ),
    ),
  },
  { description: 'A new template needs its type, by id or name, and contents. Publishing one archives the one before.' },
);

export const AlertTemplate = Type.Object({
  alertTemplateResourceId: AlertObjectId,
  alertTypeResourceId: AlertObjectId,
  alertTypeName: Type.String(name),
  state: TemplateState,
  ...templateFields,
  institutionId: Type.Optional(Type.String({ description: 'Absent for a template of the platform.' })),
  templateContents: Type.Array(
    Type.Object({
      alertTemplateResourceId: AlertObjectId,
      channelType: AlertChannel,
      templateContentType: TemplateContentType,
      templateContent: Type.String(),
    }),
  ),
});

export const AlertTemplates = Type.Object({ alertTemplateResources: Type.Array(AlertTemplate) });

export const AlertTemplatePreview = Type.Object({
  rendered: Type.Array(
    Type.Object({
      templateContentType: TemplateContentType,
      text: Type.String({ description: 'As it would be sent.' }),
      unresolved: Type.Array(Type.String(), { description: 'Names without a value; they were left empty.' }),
      smsParts: Type.Optional(Type.Integer({ description: 'Text messages that it takes.' })),
      smsEncoding: Type.Optional(Type.Union([Type.Literal('GSM-7'), Type.Literal('UCS-2')])),
    }),
  ),
});

export const AlertTemplatePreviewInput = Type.Object({
  locale: Type.Optional(Type.String()),
  variableMap: Type.Optional(TextMap),
  templateContents: Type.Array(
    Type.Object({ templateContentType: TemplateContentType, templateContent: Type.String({ maxLength: 65_536 }) }),
    { minItems: 1, maxItems: 6 },
  ),
  event: Type.Unsafe<JsonObject>({ type: 'object', description: 'An event as it is published; its parts are the values.' }),
});
