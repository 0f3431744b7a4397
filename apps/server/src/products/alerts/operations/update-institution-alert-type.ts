import { updateInstitutionAlertType } from '@openbranch/contract/alerts/catalogue-operations';
import { type Route, route } from '../../../http/route.ts';
import { namesOtherInstitution, readOptIn } from '../domain/alert-type-input.ts';
import { BodyFields } from '../domain/body-fields.ts';
import { findAlertTypeById, findAlertTypeByName } from '../store/alert-types.ts';
import { lockInstitutionAlertType, updateInstitutionAlertType as updateStoredOptIn } from '../store/institution-alert-types.ts';
import { toOptInAnswer } from './alert-type-answer.ts';
import { announceCatalogue } from './announce-catalogue.ts';
import { assertInstitution } from './assert-institution.ts';
import { assertNoUser } from './assert-no-user.ts';

/** L11: fewer channels, or INACTIVE, stop sending at once; preferences are kept. */
export const updateInstitutionAlertTypeRoute: Route = route(updateInstitutionAlertType).handle(async (call) => {
  assertInstitution(call);
  assertNoUser(call);
  const { institutionId } = call.institution;
  const fields = new BodyFields(call.body);
  const institutionAlertTypeId = fields.id('institutionAlertTypeId', true);
  const name = fields.neededText('alertTypeName', false, { maxLength: 256 });
  const isForeign = namesOtherInstitution(fields, institutionId);
  if (institutionAlertTypeId === undefined || fields.refusal !== undefined)
    throw call.error(fields.refusal ?? 'attributeMissing');
  if (isForeign) throw call.error('institutionInvalid');
  return call.write(async (write) => {
    const current = await lockInstitutionAlertType(write.sql, institutionId, institutionAlertTypeId);
    const type = current === undefined ? undefined : await findAlertTypeById(write.sql, institutionId, current.alertTypeId);
    if (current === undefined || type === undefined) throw call.error('idUnknown');
    if (name !== undefined && name.toUpperCase() !== type.alertTypeName) {
      const isKnown = (await findAlertTypeByName(write.sql, institutionId, name.toUpperCase())) !== undefined;
      throw call.error(isKnown ? 'valueInvalid' : 'nameUnknown');
    }
    const content = readOptIn(fields, type, current);
    if (!content.ok) throw call.error(content.refusal);
    const optIn = { ...current, ...content.value };
    await updateStoredOptIn(write.sql, institutionId, optIn);
    await announceCatalogue(write, institutionId);
    await write.audit('alert_opt_in_updated', { details: { alertTypeName: type.alertTypeName, isActive: optIn.isActive } });
    return toOptInAnswer(optIn, type.alertTypeName, institutionId);
  });
});
