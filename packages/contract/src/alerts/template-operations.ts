import Type from 'typebox';
import { operation } from '../operation.ts';
import { alertManagementFamily } from './families.ts';
import {
  AlertTemplate,
  AlertTemplateInput,
  AlertTemplatePreview,
  AlertTemplatePreviewInput,
  AlertTemplates,
  TextOrTexts,
} from './schemas.ts';

const onTemplates = {
  product: 'alerts',
  family: alertManagementFamily,
  path: '/v1/alert-templates',
  aliases: ['/db-alerts-management/v1/alert-templates'],
} as const;

const isDefault = Type.Optional(
  Type.String({ pattern: '^(?:[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$', description: 'true: those of the platform.' }),
);

const writeErrors = [
  'attributeMissing',
  'fieldRequired',
  'fieldInvalid',
  'valueInvalid',
  'notPrintableAscii',
  'institutionInvalid',
  'channelInvalid',
  'nameUnknown',
  'idUnknown',
  'notOwner',
  'institutionOnly',
] as const;

/** L5 (contract sheet "Alerts", section 4.3). */
export const listAlertTemplates = operation({
  ...onTemplates,
  id: 'listAlertTemplates',
  summary: 'List the templates',
  description:
    'Those of the institution and of the platform, in all states. With channels, the templates that have them, trimmed to them.',
  scopes: ['alertMgmt:read'],
  method: 'GET',
  query: Type.Object({
    alertTypeName: Type.Optional(TextOrTexts),
    channel: Type.Optional(TextOrTexts),
    id: Type.Optional(Type.String({ maxLength: 64 })),
    locale: Type.Optional(Type.String({ maxLength: 16 })),
    state: Type.Optional(TextOrTexts),
    default: isDefault,
  }),
  success: { status: 200, body: AlertTemplates },
  errors: ['institutionInvalid', 'channelInvalid', 'valueInvalid', 'fieldInvalid'],
  example: {},
});

/** L6. */
export const createAlertTemplate = operation({
  ...onTemplates,
  id: 'createAlertTemplate',
  summary: 'Create a template',
  description: 'Several drafts of a type and locale may stand beside one that is published.',
  scopes: ['alertMgmt:write'],
  method: 'POST',
  query: Type.Object({ default: isDefault }),
  body: AlertTemplateInput,
  bodyFormat: 'json',
  hasOwnBodyRules: true,
  success: { status: 201, body: AlertTemplate },
  errors: [...writeErrors, 'idExists'],
  example: {
    body: {
      alertTypeName: 'CUSTOM_SAVEUP_ALERT',
      locale: 'en_US',
      templateContents: [
        { channelType: 'EMAIL', templateContentType: 'EMAIL_SUBJECT', templateContent: 'Well done, ${NAME}' },
        { channelType: 'EMAIL', templateContentType: 'EMAIL_BODY', templateContent: '<p>You saved ${AMOUNT}.</p>' },
      ],
    },
  },
});

/** L7. */
export const updateAlertTemplate = operation({
  ...onTemplates,
  id: 'updateAlertTemplate',
  summary: 'Change or publish a template',
  description: 'By the id in its contents, else at the top, else the newest draft of its type and locale.',
  scopes: ['alertMgmt:write'],
  method: 'PUT',
  query: Type.Object({ default: isDefault }),
  body: AlertTemplateInput,
  bodyFormat: 'json',
  hasOwnBodyRules: true,
  success: { status: 200, body: AlertTemplate },
  errors: [...writeErrors, 'concurrentChange', 'pathBodyMismatch'],
  example: { body: { alertTemplateResourceId: '{{alertTemplateId}}', state: 'PUBLISHED' } },
});

/** L8. Seed and later edition disagree on where the id stands, so all places are taken (CR-50). */
export const deleteAlertTemplate = operation({
  ...onTemplates,
  id: 'deleteAlertTemplate',
  summary: 'Delete a template',
  description: 'By query id, by path, or by `{"id": 1}` as body; never more than one.',
  aliases: [...onTemplates.aliases, '/v1/alert-templates/{id}', '/db-alerts-management/v1/alert-templates/{id}'],
  scopes: ['alertMgmt:write'],
  method: 'DELETE',
  query: Type.Object({ id: Type.Optional(Type.String({ maxLength: 64, description: 'Id of the template. Needed.' })) }),
  bodyFormat: 'json',
  hasOwnBodyRules: true,
  success: { status: 204 },
  errors: [
    'attributeMissing',
    'fieldInvalid',
    'pathBodyMismatch',
    'idUnknown',
    'notOwner',
    'institutionInvalid',
    'institutionOnly',
  ],
  example: { query: { id: '{{alertTemplateId}}' } },
});

/** Ours: what a template makes of an event, without keeping or sending anything. */
export const previewAlertTemplate = operation({
  id: 'previewAlertTemplate',
  product: 'alerts',
  family: alertManagementFamily,
  summary: 'Preview a template',
  description: 'Fills contents with the values of an event, escaped as each channel needs, and names what has no value.',
  scopes: ['alertMgmt:read'],
  method: 'POST',
  path: '/v1/alert-templates/previews',
  aliases: ['/db-alerts-management/v1/alert-templates/previews'],
  body: AlertTemplatePreviewInput,
  bodyFormat: 'json',
  success: { status: 200, body: AlertTemplatePreview },
  errors: ['institutionInvalid', 'fieldInvalid'],
  example: {
    body: {
      templateContents: [{ templateContentType: 'SMS_BODY', templateContent: 'Hello ${NAME}' }],
      event: { eventDomainType: 'notification', eventDetails: { eventId: '1' }, notification: { Name: 'Avery' } },
    },
  },
});
