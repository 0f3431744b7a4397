import type { listAlertTypes, listInstitutionAlertTypes } from '@openbranch/contract/alerts/catalogue-operations';
import type { AnswerOf } from '@openbranch/contract/operation';
import { formatChannels } from '../domain/alert-channel.ts';
import type { AlertType, InstitutionAlertType } from '../domain/alert-type.ts';

type AlertTypeAnswer = AnswerOf<typeof listAlertTypes>['alertTypes'][number];
type OptInAnswer = AnswerOf<typeof listInstitutionAlertTypes>['institutionAlertTypes'][number];

export function toAlertTypeAnswer(type: AlertType, institutionId: string): AlertTypeAnswer {
  return {
    alertTypeId: Number(type.alertTypeId),
    alertTypeName: type.alertTypeName,
    ...(type.displayName === undefined ? {} : { displayAlertTypeName: type.displayName }),
    ...(type.description === undefined ? {} : { description: type.description }),
    alertCategory: type.alertCategory,
    eventTypeDomain: type.eventDomain,
    applicableAccountTypes: type.applicableAccountTypes?.join(',') ?? 'ALL',
    channels: formatChannels(type.channels),
    ...(type.externalSystem === undefined ? {} : { externalSystem: type.externalSystem }),
    status: type.isActive ? 'ACTIVE' : 'INACTIVE',
    ...(type.isPlatforms ? {} : { institutionId }),
    ...(Object.keys(type.additionalInfo).length === 0 ? {} : { additionalInfo: type.additionalInfo }),
    ...(type.userInputType === undefined ? {} : { userInputType: type.userInputType }),
  };
}

export function toOptInAnswer(optIn: InstitutionAlertType, alertTypeName: string, institutionId: string): OptInAnswer {
  return {
    institutionAlertTypeId: Number(optIn.institutionAlertTypeId),
    alertTypeName,
    channelsOptd: formatChannels(optIn.channels),
    statusOptd: optIn.isActive ? 'ACTIVE' : 'INACTIVE',
    ...(optIn.reason === undefined ? {} : { reason: optIn.reason }),
    institutionId,
  };
}
