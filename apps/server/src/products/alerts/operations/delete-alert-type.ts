import { deleteAlertType } from '@openbranch/contract/alerts/catalogue-operations';
import { type Route, route } from '../../../http/route.ts';
import { deleteAlertType as deleteStoredType, findAlertTypeById } from '../store/alert-types.ts';
import { announceCatalogue } from './announce-catalogue.ts';
import { assertInstitution } from './assert-institution.ts';
import { assertNoUser } from './assert-no-user.ts';

/** L4: the type with its templates, opt-in and preferences; the history stays. */
export const deleteAlertTypeRoute: Route = route(deleteAlertType).handle(async (call) => {
  assertInstitution(call);
  assertNoUser(call);
  const { institutionId } = call.institution;
  const alertTypeId = BigInt(call.params.id);
  if (alertTypeId === 0n) throw call.error('fieldInvalid');
  await call.write(async (write) => {
    const type = await findAlertTypeById(write.sql, institutionId, alertTypeId);
    if (type?.isPlatforms === true) throw call.error('notOwner');
    if (type === undefined || !(await deleteStoredType(write.sql, institutionId, alertTypeId))) throw call.error('idUnknown');
    await announceCatalogue(write, institutionId);
    await write.audit('alert_type_deleted', { details: { alertTypeName: type.alertTypeName } });
  });
});
