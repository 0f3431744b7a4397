import { getAlertPreference } from '@openbranch/contract/alerts/preference-operations';
import { type Route, route } from '../../../http/route.ts';
import { findPreference } from '../store/alert-preferences.ts';
import { findAlertUser, isAtNamedLocation } from './alert-user.ts';
import { assertInstitution } from './assert-institution.ts';
import { toPreferenceAnswer } from './preference-answer.ts';

/** L15: one that is unknown and one of another user answer the same. */
export const getAlertPreferenceRoute: Route = route(getAlertPreference).handle(async (call) => {
  assertInstitution(call);
  const user = await findAlertUser(call);
  if (!user.ok) throw call.error(user.refusal);
  const preference = await findPreference(call.sql, user.value, BigInt(call.params.alertPreferenceId));
  if (preference === undefined || !isAtNamedLocation(user.value, preference)) throw call.error('preferenceUnknown');
  return toPreferenceAnswer(preference, user.value.institutionId);
});
