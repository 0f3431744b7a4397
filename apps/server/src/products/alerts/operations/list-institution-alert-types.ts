import { listInstitutionAlertTypes } from '@openbranch/contract/alerts/catalogue-operations';
import { type Route, route } from '../../../http/route.ts';
import { listAlertTypes } from '../store/alert-types.ts';
import { listInstitutionAlertTypes as listOptIns } from '../store/institution-alert-types.ts';
import { toOptInAnswer } from './alert-type-answer.ts';
import { assertInstitution } from './assert-institution.ts';
import { isSameWord } from './words-of.ts';

/** L9: what the institution opted into. */
export const listInstitutionAlertTypesRoute: Route = route(listInstitutionAlertTypes).handle(async (call) => {
  assertInstitution(call);
  const { institutionId } = call.institution;
  const { alertTypeName, externalSystem, statusOptd } = call.query;
  const [optIns, types] = await Promise.all([listOptIns(call.sql, institutionId), listAlertTypes(call.sql, institutionId)]);
  const typesById = new Map(types.map((type) => [type.alertTypeId, type]));
  const rows = optIns.flatMap((optIn) => {
    const type = typesById.get(optIn.alertTypeId);
    const isWanted =
      type !== undefined &&
      (alertTypeName === undefined || isSameWord(alertTypeName, type.alertTypeName)) &&
      (externalSystem === undefined || isSameWord(externalSystem, type.externalSystem)) &&
      (statusOptd === undefined || (statusOptd === 'ACTIVE') === optIn.isActive);
    return isWanted ? [toOptInAnswer(optIn, type.alertTypeName, institutionId)] : [];
  });
  return { institutionAlertTypes: rows.sort((one, other) => (one.alertTypeName < other.alertTypeName ? -1 : 1)) };
});
