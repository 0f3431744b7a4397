import { updateAlertTemplate } from '@openbranch/contract/alerts/template-operations';
import type { Call } from '../../../http/call.ts';
import { type Route, route } from '../../../http/route.ts';
import { isTrue } from '../../../kernel/flag.ts';
import type { Tx } from '../../../platform/db/database.ts';
import type { AlertTemplate } from '../domain/alert-template.ts';
import { decideTemplate, readTemplate, type TemplateInput } from '../domain/alert-template-input.ts';
import {
  archivePublished,
  hasPlatformTemplate,
  lockAlertTemplate,
  lockNewestDraft,
  updateAlertTemplate as updateStoredTemplate,
} from '../store/alert-templates.ts';
import { findAlertTypeById } from '../store/alert-types.ts';
import { toAlertTemplateAnswer } from './alert-template-answer.ts';
import { announceCatalogue } from './announce-catalogue.ts';
import { assertInstitution } from './assert-institution.ts';
import { assertNoUser } from './assert-no-user.ts';
import { findTemplateType } from './find-template-type.ts';

type UpdateCall = Call<typeof updateAlertTemplate>;

/** L7: changes, publishes or archives a template. */
export const updateAlertTemplateRoute: Route = route(updateAlertTemplate).handle(async (call) => {
  assertInstitution(call);
  assertNoUser(call);
  const { institution, now } = call;
  const { institutionId } = institution;
  if (isTrue(call.query.default)) throw call.error('notOwner');
  const input = readTemplate(call.body, false, institutionId);
  if (!input.ok) throw call.error(input.refusal);
  return call.write(async (write) => {
    const current = await findMeant(call, write.sql, input.value);
    const alertTypeId = await typeAfter(call, write.sql, input.value, current);
    const decided = decideTemplate(input.value, current, alertTypeId, now);
    if (!decided.ok) throw call.error(decided.refusal);
    if (decided.value.state === 'PUBLISHED')
      await archivePublished(write.sql, institutionId, decided.value, current.alertTemplateId);
    const template = await updateStoredTemplate(write.sql, institutionId, current.alertTemplateId, decided.value);
    const alertTypeName = (await findAlertTypeById(write.sql, institutionId, alertTypeId))?.alertTypeName ?? '';
    await announceCatalogue(write, institutionId);
    await write.audit('alert_template_updated', {
      details: { alertTypeName, locale: template.locale, state: template.state },
    });
    return toAlertTemplateAnswer(template, alertTypeName, institution);
  });
});

/** By id, else the newest draft of the type and locale. */
async function findMeant(call: UpdateCall, tx: Tx, input: TemplateInput): Promise<AlertTemplate> {
  const { institutionId } = call.institution;
  if (input.alertTemplateId !== undefined) {
    const found = await lockAlertTemplate(tx, institutionId, input.alertTemplateId);
    if (found !== undefined) return found;
    throw call.error((await hasPlatformTemplate(tx, input.alertTemplateId)) ? 'notOwner' : 'idUnknown');
  }
  if (input.alertTypeId === undefined && input.alertTypeName === undefined) throw call.error('attributeMissing');
  const type = await findTemplateType(tx, institutionId, input);
  if (!type.ok) throw call.error(type.refusal);
  const draft = await lockNewestDraft(tx, institutionId, type.value.alertTypeId, input.locale ?? 'en_US');
  if (draft === undefined) throw call.error('idUnknown');
  return draft;
}

/** A template may be given to another type. */
async function typeAfter(call: UpdateCall, tx: Tx, input: TemplateInput, current: AlertTemplate): Promise<bigint> {
  if (input.alertTypeId === undefined && input.alertTypeName === undefined) return current.alertTypeId;
  const type = await findTemplateType(tx, call.institution.institutionId, input);
  if (!type.ok) throw call.error(type.refusal);
  return type.value.alertTypeId;
}
