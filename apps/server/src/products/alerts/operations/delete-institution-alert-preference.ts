import { deleteInstitutionAlertPreference } from '@openbranch/contract/alerts/preference-operations';
import { type Route, route } from '../../../http/route.ts';
import { deleteInstitutionPreference } from '../store/institution-alert-preferences.ts';
import { announceCatalogue } from './announce-catalogue.ts';
import { assertInstitution } from './assert-institution.ts';
import { assertNoUser } from './assert-no-user.ts';

/** L21: nothing is presumed any more. */
export const deleteInstitutionAlertPreferenceRoute: Route = route(deleteInstitutionAlertPreference).handle(async (call) => {
  assertInstitution(call);
  assertNoUser(call);
  const { institutionId } = call.institution;
  const id = BigInt(call.params.institutionAlertPreferenceId);
  await call.write(async (write) => {
    if (!(await deleteInstitutionPreference(write.sql, institutionId, id))) throw call.error('institutionPreferenceUnknown');
    await announceCatalogue(write, institutionId);
    await write.audit('institution_alert_preference_deleted', { details: { institutionAlertPreferenceId: Number(id) } });
  });
});
