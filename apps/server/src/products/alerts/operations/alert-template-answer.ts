import type { listAlertTemplates } from '@openbranch/contract/alerts/template-operations';
import type { AnswerOf } from '@openbranch/contract/operation';
import type { Institution } from '../../../kernel/institution.ts';
import { toInstitutionDateTime } from '../../../kernel/institution-time.ts';
import { type AlertTemplate, channelOfContent, contentTypes } from '../domain/alert-template.ts';

type TemplateAnswer = AnswerOf<typeof listAlertTemplates>['alertTemplateResources'][number];

export function toAlertTemplateAnswer(template: AlertTemplate, alertTypeName: string, institution: Institution): TemplateAnswer {
  const alertTemplateResourceId = Number(template.alertTemplateId);
  return {
    alertTemplateResourceId,
    alertTypeResourceId: Number(template.alertTypeId),
    alertTypeName,
    locale: template.locale,
    state: template.state,
    ...(template.externalSystem === undefined ? {} : { externalSystem: template.externalSystem }),
    ...(template.vendor === undefined ? {} : { vendor: template.vendor }),
    ...(template.isPlatforms ? {} : { institutionId: institution.institutionId }),
    lastUpdatedDttm: withMilliseconds(template.updatedAt, institution.timeZone),
    ...(Object.keys(template.variableMap).length === 0 ? {} : { variableMap: template.variableMap }),
    templateContents: contentTypes.flatMap((templateContentType) => {
      const templateContent = template.contents[templateContentType];
      return templateContent === undefined
        ? []
        : [{ alertTemplateResourceId, channelType: channelOfContent(templateContentType), templateContentType, templateContent }];
    }),
  };
}

/** A stamp that is compared when it comes back needs its milliseconds. */
function withMilliseconds(time: Date, timeZone: string): string {
  const text = toInstitutionDateTime(time, timeZone);
  const seconds = text.slice(0, 'yyyy-mm-ddThh:mm:ss'.length);
  return `${seconds}.${String(time.getUTCMilliseconds()).padStart(3, '0')}${text.slice(seconds.length)}`;
}
