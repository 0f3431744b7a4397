import { deleteAlertTemplate } from '@openbranch/contract/alerts/template-operations';
import { type Route, route } from '../../../http/route.ts';
import { BodyFields } from '../domain/body-fields.ts';
import { deleteAlertTemplate as deleteStoredTemplate, hasPlatformTemplate } from '../store/alert-templates.ts';
import { announceCatalogue } from './announce-catalogue.ts';
import { assertInstitution } from './assert-institution.ts';
import { assertNoUser } from './assert-no-user.ts';

/** L8: the id stands in the query, in the path or in the body (CR-50); without one nothing is deleted. */
export const deleteAlertTemplateRoute: Route = route(deleteAlertTemplate).handle(async (call) => {
  assertInstitution(call);
  assertNoUser(call);
  const { institutionId } = call.institution;
  const inPath: unknown = Reflect.get(call.params, 'id');
  const named = [
    new BodyFields({ id: inPath }),
    // A parameter that is there and empty is no number.
    new BodyFields({ id: call.query.id }),
    new BodyFields(call.body),
  ].map((fields) => ({ id: fields.id('id'), refusal: fields.refusal }));
  if (named.some(({ refusal }) => refusal !== undefined)) throw call.error('fieldInvalid');
  const [alertTemplateId, ...others] = new Set(named.map(({ id }) => id).filter((id) => id !== undefined));
  if (alertTemplateId === undefined) throw call.error('attributeMissing');
  if (others.length > 0) throw call.error('pathBodyMismatch');
  await call.write(async (write) => {
    if (await hasPlatformTemplate(write.sql, alertTemplateId)) throw call.error('notOwner');
    if (!(await deleteStoredTemplate(write.sql, institutionId, alertTemplateId))) throw call.error('idUnknown');
    await announceCatalogue(write, institutionId);
    await write.audit('alert_template_deleted', { details: { alertTemplateId: Number(alertTemplateId) } });
  });
});
