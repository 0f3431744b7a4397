import { accountTypes } from '@openbranch/contract/accounts/account-types';
import { createAlertType } from '@openbranch/contract/alerts/catalogue-operations';
import { type Route, route } from '../../../http/route.ts';
import { readAlertType } from '../domain/alert-type-input.ts';
import { BodyFields } from '../domain/body-fields.ts';
import { findAlertTypeById, findAlertTypeByName, insertAlertType } from '../store/alert-types.ts';
import { toAlertTypeAnswer } from './alert-type-answer.ts';
import { announceCatalogue } from './announce-catalogue.ts';
import { assertInstitution } from './assert-institution.ts';
import { assertNoUser } from './assert-no-user.ts';

/** L2: a type of the institution's own. */
export const createAlertTypeRoute: Route = route(createAlertType).handle(async (call) => {
  assertInstitution(call);
  assertNoUser(call);
  const { institutionId } = call.institution;
  const fields = new BodyFields(call.body);
  const alertTypeId = fields.id('alertTypeId');
  const content = readAlertType(fields, undefined, { institutionId, knownAccountTypes: accountTypes });
  if (!content.ok) throw call.error(content.refusal);
  return call.write(async (write) => {
    if (alertTypeId !== undefined && (await findAlertTypeById(write.sql, institutionId, alertTypeId)) !== undefined)
      throw call.error('idExists');
    if ((await findAlertTypeByName(write.sql, institutionId, content.value.alertTypeName)) !== undefined)
      throw call.error('nameExists');
    const type = await insertAlertType(write.sql, institutionId, content.value);
    // Somebody else took the name between the two statements.
    if (type === undefined) throw call.error('nameExists');
    await announceCatalogue(write, institutionId);
    await write.audit('alert_type_created', { details: { alertTypeName: type.alertTypeName } });
    return toAlertTypeAnswer(type, institutionId);
  });
});
