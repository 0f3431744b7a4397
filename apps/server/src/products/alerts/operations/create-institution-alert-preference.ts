import { createInstitutionAlertPreference } from '@openbranch/contract/alerts/preference-operations';
import { type Route, route } from '../../../http/route.ts';
import { noAdditionalInfo, readInstitutionPreference } from '../domain/preference-input.ts';
import { insertInstitutionPreference } from '../store/institution-alert-preferences.ts';
import { announceCatalogue } from './announce-catalogue.ts';
import { assertInstitution } from './assert-institution.ts';
import { assertNoUser } from './assert-no-user.ts';
import { findOfferedType } from './find-offered-type.ts';
import { toInstitutionPreferenceAnswer } from './preference-answer.ts';

/** L19: presumed of users who said nothing; one for each type and channel. */
export const createInstitutionAlertPreferenceRoute: Route = route(createInstitutionAlertPreference).handle(async (call) => {
  assertInstitution(call);
  assertNoUser(call);
  const { institutionId } = call.institution;
  const input = readInstitutionPreference(call.body, true, institutionId);
  if (!input.ok) throw call.error(input.refusal);
  const { alertTypeName, channel, isOpted, additionalInfo = noAdditionalInfo } = input.value;
  if (alertTypeName === undefined || channel === undefined || isOpted === undefined) throw call.error('nullNotAllowed');
  return call.write(async (write) => {
    const type = await findOfferedType(write.sql, institutionId, alertTypeName, channel);
    if (!type.ok) throw call.error(type.refusal);
    const preference = { alertTypeId: type.value.alertTypeId, channel, isOpted, additionalInfo };
    const institutionAlertPreferenceId = await insertInstitutionPreference(write.sql, institutionId, preference);
    if (institutionAlertPreferenceId === undefined) throw call.error('preferenceInvalid');
    await announceCatalogue(write, institutionId);
    await write.audit('institution_alert_preference_created', { details: { alertTypeName, channel, isOpted } });
    return toInstitutionPreferenceAnswer({ ...preference, institutionAlertPreferenceId, alertTypeName }, institutionId);
  });
});
