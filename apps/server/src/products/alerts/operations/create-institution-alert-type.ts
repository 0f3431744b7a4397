import { createInstitutionAlertType } from '@openbranch/contract/alerts/catalogue-operations';
import { type Route, route } from '../../../http/route.ts';
import { namesOtherInstitution, readOptIn } from '../domain/alert-type-input.ts';
import { BodyFields } from '../domain/body-fields.ts';
import { findAlertTypeByName, holdAlertType } from '../store/alert-types.ts';
import { insertInstitutionAlertType, lockInstitutionAlertType } from '../store/institution-alert-types.ts';
import { toOptInAnswer } from './alert-type-answer.ts';
import { announceCatalogue } from './announce-catalogue.ts';
import { assertInstitution } from './assert-institution.ts';
import { assertNoUser } from './assert-no-user.ts';

/** L10: from now on the type may fire. */
export const createInstitutionAlertTypeRoute: Route = route(createInstitutionAlertType).handle(async (call) => {
  assertInstitution(call);
  assertNoUser(call);
  const { institutionId } = call.institution;
  const fields = new BodyFields(call.body);
  const institutionAlertTypeId = fields.id('institutionAlertTypeId');
  const name = fields.text('alertTypeName', { isRequired: true, maxLength: 256 });
  const isForeign = namesOtherInstitution(fields, institutionId);
  // The other members too: what cannot be read is refused before what is not known.
  readOptIn(fields, { channels: [] }, undefined);
  if (name === undefined || fields.refusal !== undefined) throw call.error(fields.refusal ?? 'attributeMissing');
  if (isForeign) throw call.error('institutionInvalid');
  return call.write(async (write) => {
    const type = await findAlertTypeByName(write.sql, institutionId, name.toUpperCase());
    if (type === undefined || !(await holdAlertType(write.sql, institutionId, type.alertTypeId))) throw call.error('nameUnknown');
    const content = readOptIn(fields, type, undefined);
    if (!content.ok) throw call.error(content.refusal);
    const isTaken =
      institutionAlertTypeId !== undefined &&
      (await lockInstitutionAlertType(write.sql, institutionId, institutionAlertTypeId)) !== undefined;
    if (isTaken) throw call.error('idExists');
    const optIn = await insertInstitutionAlertType(write.sql, institutionId, { ...content.value, alertTypeId: type.alertTypeId });
    if (optIn === undefined) throw call.error('nameExists');
    await announceCatalogue(write, institutionId);
    await write.audit('alert_opt_in_created', { details: { alertTypeName: type.alertTypeName } });
    return toOptInAnswer(optIn, type.alertTypeName, institutionId);
  });
});
