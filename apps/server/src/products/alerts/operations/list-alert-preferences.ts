import { listAlertPreferences } from '@openbranch/contract/alerts/preference-operations';
import { type Route, route } from '../../../http/route.ts';
import { isTrue } from '../../../kernel/flag.ts';
import { hasPreference, listPreferences } from '../store/alert-preferences.ts';
import { listInstitutionPreferences } from '../store/institution-alert-preferences.ts';
import { findAlertUser } from './alert-user.ts';
import { assertInstitution } from './assert-institution.ts';
import { toDefaultAnswer, toPreferenceAnswer } from './preference-answer.ts';
import { wordsOf } from './words-of.ts';

/** L13: what the user wants; where that is nothing, what the institution presumes. */
export const listAlertPreferencesRoute: Route = route(listAlertPreferences).handle(async (call) => {
  assertInstitution(call);
  const { query, sql } = call;
  const found = await findAlertUser(call);
  if (!found.ok) throw call.error(found.refusal);
  const user = found.value;
  const filter = {
    customerId: user.customerId,
    accountId: query.accountId,
    accountExternalId: query.accountExternalId,
    externalId: query.externalId,
    alertTypeNames: wordsOf(query.alertTypes)?.map((word) => word.toUpperCase()),
  };
  const size = Number(query.pageSize ?? '100');
  const skip = Number(query.pageNo ?? '0') * size;
  const { institutionId } = user;

  if (query.externalId !== undefined) {
    const { externalId } = query;
    const everywhere = { customerId: undefined, accountId: undefined, accountExternalId: undefined, alertTypeNames: undefined };
    if (!(await hasPreference(sql, user, { ...everywhere, externalId }))) throw call.error('enrolmentUnknown');
  }
  const own = isTrue(query.default) ? [] : await listPreferences(sql, user, filter, { skip, size });
  const hasOwn = own.length > 0 || (!isTrue(query.default) && skip > 0 && (await hasPreference(sql, user, filter)));
  if (hasOwn) return { alertPreferences: own.map((one) => toPreferenceAnswer(one, institutionId)) };
  const presumed = await listInstitutionPreferences(sql, institutionId, filter.alertTypeNames);
  return { alertPreferences: presumed.slice(skip, skip + size).map((one) => toDefaultAnswer(one, institutionId)) };
});
