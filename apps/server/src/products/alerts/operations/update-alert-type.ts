import { accountTypes } from '@openbranch/contract/accounts/account-types';
import { updateAlertType } from '@openbranch/contract/alerts/catalogue-operations';
import { type Route, route } from '../../../http/route.ts';
import { PostgresError } from '../../../platform/db/database.ts';
import { readAlertType } from '../domain/alert-type-input.ts';
import { BodyFields } from '../domain/body-fields.ts';
import {
  findAlertTypeById,
  findAlertTypeByName,
  lockAlertType,
  updateAlertType as updateStoredType,
} from '../store/alert-types.ts';
import { toAlertTypeAnswer } from './alert-type-answer.ts';
import { announceCatalogue } from './announce-catalogue.ts';
import { assertInstitution } from './assert-institution.ts';
import { assertNoUser } from './assert-no-user.ts';

/** L3: what is left out keeps its value; what refers to the type does so by its id, so a new name changes nothing there. */
export const updateAlertTypeRoute: Route = route(updateAlertType).handle(async (call) => {
  assertInstitution(call);
  assertNoUser(call);
  const { institutionId } = call.institution;
  const fields = new BodyFields(call.body);
  const alertTypeId = fields.id('alertTypeId', true);
  if (alertTypeId === undefined) throw call.error(fields.refusal ?? 'attributeMissing');
  try {
    return await call.write(async (write) => {
      const current = await lockAlertType(write.sql, institutionId, alertTypeId);
      if (current === undefined) {
        const isPlatforms = (await findAlertTypeById(write.sql, institutionId, alertTypeId)) !== undefined;
        throw call.error(isPlatforms ? 'notOwner' : 'idUnknown');
      }
      const content = readAlertType(fields, current, { institutionId, knownAccountTypes: accountTypes });
      if (!content.ok) throw call.error(content.refusal);
      const { alertTypeName } = content.value;
      const isRenamed = alertTypeName !== current.alertTypeName;
      if (isRenamed && (await findAlertTypeByName(write.sql, institutionId, alertTypeName)) !== undefined)
        throw call.error('alertTypeInvalid');
      await updateStoredType(write.sql, institutionId, alertTypeId, content.value);
      await announceCatalogue(write, institutionId);
      await write.audit('alert_type_updated', { details: { alertTypeName } });
      return toAlertTypeAnswer({ ...current, ...content.value }, institutionId);
    });
  } catch (error) {
    if (error instanceof PostgresError && error.constraint_name === 'alert_types__name') throw call.error('alertTypeInvalid');
    throw error;
  }
});
