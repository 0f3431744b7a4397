import { listAlertTemplates } from '@openbranch/contract/alerts/template-operations';
import { type Route, route } from '../../../http/route.ts';
import { isTrue } from '../../../kernel/flag.ts';
import { type AlertChannel, toAlertChannel } from '../domain/alert-channel.ts';
import { type AlertTemplate, channelOfContent, contentTypes, templateStates } from '../domain/alert-template.ts';
import { toLocale } from '../domain/locale.ts';
import { listAlertTemplates as listStoredTemplates } from '../store/alert-templates.ts';
import { listAlertTypes } from '../store/alert-types.ts';
import { toAlertTemplateAnswer } from './alert-template-answer.ts';
import { assertInstitution } from './assert-institution.ts';
import { wordsOf } from './words-of.ts';

/** L5: templates of the institution and of the platform. */
export const listAlertTemplatesRoute: Route = route(listAlertTemplates).handle(async (call) => {
  assertInstitution(call);
  const { institution, query, sql } = call;
  const channels = wordsOf(query.channel)?.map(toAlertChannel);
  if (channels?.includes(undefined) === true) throw call.error('channelInvalid');
  const states = wordsOf(query.state)?.map((word) => templateStates.find((state) => state === word.toUpperCase()));
  if (states?.includes(undefined) === true) throw call.error('valueInvalid');
  if (query.id !== undefined && !/^[0-9]{1,18}$/u.test(query.id)) throw call.error('fieldInvalid');
  const locale = query.locale === undefined ? undefined : toLocale(query.locale);
  if (query.locale !== undefined && locale === undefined) throw call.error('valueInvalid');

  const types = await listAlertTypes(sql, institution.institutionId);
  const names = new Map(types.map((type) => [type.alertTypeId, type.alertTypeName]));
  const wantedNames = wordsOf(query.alertTypeName)?.map((word) => word.toUpperCase());
  const templates = await listStoredTemplates(sql, institution.institutionId, {
    alertTemplateId: query.id === undefined ? undefined : BigInt(query.id),
    alertTypeIds:
      wantedNames === undefined
        ? undefined
        : types.filter((type) => wantedNames.includes(type.alertTypeName)).map((type) => type.alertTypeId),
    locale,
    states: states?.filter((state) => state !== undefined),
    isPlatforms: isTrue(query.default),
  });
  const wantedChannels = channels?.filter((channel) => channel !== undefined);
  return {
    alertTemplateResources: templates.flatMap((template) => {
      const trimmed = wantedChannels === undefined ? template : trimTo(template, wantedChannels);
      return Object.keys(trimmed.contents).length === 0
        ? []
        : [toAlertTemplateAnswer(trimmed, names.get(template.alertTypeId) ?? '', institution)];
    }),
  };
});

/** Only the contents of these channels. */
function trimTo(template: AlertTemplate, channels: readonly AlertChannel[]): AlertTemplate {
  const kept = contentTypes.filter((one) => template.contents[one] !== undefined && channels.includes(channelOfContent(one)));
  return { ...template, contents: Object.fromEntries(kept.map((one) => [one, template.contents[one]])) };
}
