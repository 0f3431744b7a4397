import Type from 'typebox';
import { operation } from '../operation.ts';
import { alertManagementFamily } from './families.ts';
import {
  AlertPathId,
  AlertStatus,
  AlertType,
  AlertTypeInput,
  AlertTypes,
  InstitutionAlertType,
  InstitutionAlertTypeInput,
  InstitutionAlertTypes,
} from './schemas.ts';

const text = Type.Optional(Type.String({ maxLength: 256 }));

const onTypes = {
  product: 'alerts',
  family: alertManagementFamily,
  path: '/v1/alert-types',
  aliases: ['/db-alerts-management/v1/alert-types'],
} as const;

const writeErrors = [
  'attributeMissing',
  'fieldRequired',
  'fieldInvalid',
  'valueInvalid',
  'notPrintableAscii',
  'institutionInvalid',
  'channelInvalid',
  'institutionOnly',
] as const;

/** L1 (contract sheet "Alerts", section 4.1). */
export const listAlertTypes = operation({
  ...onTypes,
  id: 'listAlertTypes',
  summary: 'List the alert types',
  description: 'Those of the platform and those of the institution, active and inactive, by name.',
  scopes: ['alertMgmt:read'],
  method: 'GET',
  query: Type.Object({ alertCategory: text, alertTypeName: text, externalSystem: text }),
  success: { status: 200, body: AlertTypes },
  errors: ['institutionInvalid'],
  example: {},
});

/** L2. */
export const createAlertType = operation({
  ...onTypes,
  id: 'createAlertType',
  summary: 'Create an alert type',
  description: 'It belongs to the institution. A name that exists answers 204 and changes nothing.',
  scopes: ['alertMgmt:write'],
  method: 'POST',
  body: AlertTypeInput,
  bodyFormat: 'json',
  hasOwnBodyRules: true,
  success: { status: 201, body: AlertType },
  errors: [...writeErrors, 'alertTypeInvalid', 'nameExists', 'idExists'],
  example: {
    body: {
      alertTypeName: 'CUSTOM_SAVEUP_ALERT',
      alertCategory: 'CUSTOM',
      eventTypeDomain: 'NOTIFICATION',
      channels: 'EMAIL,SMS',
    },
  },
});

/** L3. */
export const updateAlertType = operation({
  ...onTypes,
  id: 'updateAlertType',
  summary: 'Change an alert type',
  description: 'By the id in the body. What is left out keeps its value; what refers to the type follows a new name.',
  scopes: ['alertMgmt:write'],
  method: 'PUT',
  body: AlertTypeInput,
  bodyFormat: 'json',
  hasOwnBodyRules: true,
  success: { status: 200, body: AlertType },
  errors: [...writeErrors, 'alertTypeInvalid', 'idUnknown', 'notOwner'],
  example: { body: { alertTypeId: '{{alertTypeId}}', description: 'A savings goal was reached.' } },
});

/** L4. */
export const deleteAlertType = operation({
  id: 'deleteAlertType',
  product: 'alerts',
  family: alertManagementFamily,
  summary: 'Delete an alert type',
  description: 'For good, with its templates, the opt-in of the institution and all preferences; the history stays.',
  scopes: ['alertMgmt:write'],
  method: 'DELETE',
  path: '/v1/alert-types/{id}',
  aliases: ['/db-alerts-management/v1/alert-types/{id}'],
  params: Type.Object({ id: AlertPathId }),
  success: { status: 204 },
  errors: ['idUnknown', 'notOwner', 'institutionInvalid', 'institutionOnly', 'fieldInvalid'],
  example: { params: { id: '{{alertTypeId}}' } },
});

const onInstitutionTypes = {
  product: 'alerts',
  family: alertManagementFamily,
  path: '/v1/institution-alert-types',
  aliases: ['/db-alerts-management/v1/institution-alert-types'],
} as const;

/** L9 (contract sheet "Alerts", section 4.2). */
export const listInstitutionAlertTypes = operation({
  ...onInstitutionTypes,
  id: 'listInstitutionAlertTypes',
  summary: 'List what the institution opted into',
  description: 'Only an alert type with an active row here ever fires.',
  scopes: ['alertMgmt:read'],
  method: 'GET',
  query: Type.Object({ alertTypeName: text, externalSystem: text, statusOptd: Type.Optional(AlertStatus) }),
  success: { status: 200, body: InstitutionAlertTypes },
  errors: ['institutionInvalid'],
  example: {},
});

/** L10. */
export const createInstitutionAlertType = operation({
  ...onInstitutionTypes,
  id: 'createInstitutionAlertType',
  summary: 'Opt into an alert type',
  description: 'Names the type and the channels; one row for each type.',
  scopes: ['alertMgmt:write'],
  method: 'POST',
  body: InstitutionAlertTypeInput,
  bodyFormat: 'json',
  hasOwnBodyRules: true,
  success: { status: 201, body: InstitutionAlertType },
  errors: [...writeErrors, 'nameUnknown', 'nameExists', 'idExists'],
  example: { body: { alertTypeName: 'CUSTOM_SAVEUP_ALERT', channelsOptd: 'EMAIL' } },
});

/** L11. */
export const updateInstitutionAlertType = operation({
  ...onInstitutionTypes,
  id: 'updateInstitutionAlertType',
  summary: 'Change an opt-in',
  description: 'Fewer channels, or INACTIVE, stop sending at once; preferences are kept.',
  scopes: ['alertMgmt:write'],
  method: 'PUT',
  body: InstitutionAlertTypeInput,
  bodyFormat: 'json',
  hasOwnBodyRules: true,
  success: { status: 200, body: InstitutionAlertType },
  errors: [...writeErrors, 'nameUnknown', 'idUnknown'],
  example: { body: { institutionAlertTypeId: '{{institutionAlertTypeId}}', channelsOptd: 'EMAIL,SMS' } },
});

/** L12. */
export const deleteInstitutionAlertType = operation({
  id: 'deleteInstitutionAlertType',
  product: 'alerts',
  family: alertManagementFamily,
  summary: 'Opt out of an alert type',
  description: 'The type no longer fires; preferences are kept.',
  scopes: ['alertMgmt:write'],
  method: 'DELETE',
  path: '/v1/institution-alert-types/{id}',
  aliases: ['/db-alerts-management/v1/institution-alert-types/{id}'],
  params: Type.Object({ id: AlertPathId }),
  success: { status: 204 },
  errors: ['idUnknown', 'institutionInvalid', 'institutionOnly', 'fieldInvalid'],
  example: { params: { id: '{{institutionAlertTypeId}}' } },
});
