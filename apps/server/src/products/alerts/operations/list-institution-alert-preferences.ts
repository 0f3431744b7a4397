import { listInstitutionAlertPreferences } from '@openbranch/contract/alerts/preference-operations';
import { type Route, route } from '../../../http/route.ts';
import { listInstitutionPreferences } from '../store/institution-alert-preferences.ts';
import { assertInstitution } from './assert-institution.ts';
import { toInstitutionPreferenceAnswer } from './preference-answer.ts';
import { wordsOf } from './words-of.ts';

/** L18: what the institution presumes of users who said nothing. */
export const listInstitutionAlertPreferencesRoute: Route = route(listInstitutionAlertPreferences).handle(async (call) => {
  assertInstitution(call);
  const { institutionId } = call.institution;
  const names = wordsOf(call.query.alertTypes)?.map((word) => word.toUpperCase());
  const preferences = await listInstitutionPreferences(call.sql, institutionId, names);
  return { fiAlertPreferences: preferences.map((one) => toInstitutionPreferenceAnswer(one, institutionId)) };
});
