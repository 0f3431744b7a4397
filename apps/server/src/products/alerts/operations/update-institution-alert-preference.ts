import { updateInstitutionAlertPreference } from '@openbranch/contract/alerts/preference-operations';
import { type Route, route } from '../../../http/route.ts';
import { readInstitutionPreference } from '../domain/preference-input.ts';
import { isPreferenceTaken } from '../store/alert-preferences.ts';
import { lockInstitutionPreference, updateInstitutionPreference } from '../store/institution-alert-preferences.ts';
import { announceCatalogue } from './announce-catalogue.ts';
import { assertInstitution } from './assert-institution.ts';
import { assertNoUser } from './assert-no-user.ts';
import { findOfferedType } from './find-offered-type.ts';
import { toInstitutionPreferenceAnswer } from './preference-answer.ts';

/** L20: what is left out keeps its value; only another type or channel is checked. */
export const updateInstitutionAlertPreferenceRoute: Route = route(updateInstitutionAlertPreference).handle(async (call) => {
  assertInstitution(call);
  assertNoUser(call);
  const { institutionId } = call.institution;
  const id = BigInt(call.params.institutionAlertPreferenceId);
  const input = readInstitutionPreference(call.body, false, institutionId);
  if (!input.ok) throw call.error(input.refusal);
  if (input.value.preferenceId !== undefined && input.value.preferenceId !== id) throw call.error('preferenceMismatch');
  try {
    return await call.write(async (write) => {
      const current = await lockInstitutionPreference(write.sql, institutionId, id);
      if (current === undefined) throw call.error('institutionPreferenceUnknown');
      const { alertTypeName = current.alertTypeName, channel = current.channel } = input.value;
      const isMoved = alertTypeName !== current.alertTypeName || channel !== current.channel;
      const offered = isMoved ? await findOfferedType(write.sql, institutionId, alertTypeName, channel) : undefined;
      if (offered?.ok === false) throw call.error(offered.refusal);
      const changed = {
        institutionAlertPreferenceId: id,
        alertTypeId: offered?.value.alertTypeId ?? current.alertTypeId,
        alertTypeName,
        channel,
        isOpted: input.value.isOpted ?? current.isOpted,
        additionalInfo: input.value.additionalInfo ?? current.additionalInfo,
      };
      await updateInstitutionPreference(write.sql, institutionId, id, changed);
      await announceCatalogue(write, institutionId);
      await write.audit('institution_alert_preference_updated', {
        details: { alertTypeName, channel, isOpted: changed.isOpted },
      });
      return toInstitutionPreferenceAnswer(changed, institutionId);
    });
  } catch (error) {
    if (isPreferenceTaken(error)) throw call.error('preferenceInvalid');
    throw error;
  }
});
