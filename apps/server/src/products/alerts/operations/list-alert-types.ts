import { listAlertTypes } from '@openbranch/contract/alerts/catalogue-operations';
import { type Route, route } from '../../../http/route.ts';
import { listAlertTypes as listStoredTypes } from '../store/alert-types.ts';
import { toAlertTypeAnswer } from './alert-type-answer.ts';
import { assertInstitution } from './assert-institution.ts';
import { isSameWord } from './words-of.ts';

/** L1: the types of the platform and of the institution. */
export const listAlertTypesRoute: Route = route(listAlertTypes).handle(async (call) => {
  assertInstitution(call);
  const { institutionId } = call.institution;
  const { alertCategory, alertTypeName, externalSystem } = call.query;
  const types = await listStoredTypes(call.sql, institutionId);
  const wanted = types.filter(
    (type) =>
      (alertCategory === undefined || isSameWord(alertCategory, type.alertCategory)) &&
      (alertTypeName === undefined || isSameWord(alertTypeName, type.alertTypeName)) &&
      (externalSystem === undefined || isSameWord(externalSystem, type.externalSystem)),
  );
  return { alertTypes: wanted.map((type) => toAlertTypeAnswer(type, institutionId)) };
});
