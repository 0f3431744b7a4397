import { deleteInstitutionAlertType } from '@openbranch/contract/alerts/catalogue-operations';
import { type Route, route } from '../../../http/route.ts';
import { deleteInstitutionAlertType as deleteStoredOptIn } from '../store/institution-alert-types.ts';
import { announceCatalogue } from './announce-catalogue.ts';
import { assertInstitution } from './assert-institution.ts';
import { assertNoUser } from './assert-no-user.ts';

/** L12: the type no longer fires; preferences are kept. */
export const deleteInstitutionAlertTypeRoute: Route = route(deleteInstitutionAlertType).handle(async (call) => {
  assertInstitution(call);
  assertNoUser(call);
  const { institutionId } = call.institution;
  const institutionAlertTypeId = BigInt(call.params.id);
  if (institutionAlertTypeId === 0n) throw call.error('fieldInvalid');
  await call.write(async (write) => {
    if (!(await deleteStoredOptIn(write.sql, institutionId, institutionAlertTypeId))) throw call.error('idUnknown');
    await announceCatalogue(write, institutionId);
    await write.audit('alert_opt_in_deleted', { details: { institutionAlertTypeId: Number(institutionAlertTypeId) } });
  });
});
