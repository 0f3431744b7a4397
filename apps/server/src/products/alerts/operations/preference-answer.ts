import type { listAlertPreferences, listInstitutionAlertPreferences } from '@openbranch/contract/alerts/preference-operations';
import type { AnswerOf } from '@openbranch/contract/operation';
import { toAdditionalInfo } from '../domain/condition.ts';
import type { StoredPreference } from '../store/alert-preferences.ts';
import type { StoredInstitutionPreference } from '../store/institution-alert-preferences.ts';

type PreferenceAnswer = AnswerOf<typeof listAlertPreferences>['alertPreferences'][number];
type InstitutionPreferenceAnswer = AnswerOf<typeof listInstitutionAlertPreferences>['fiAlertPreferences'][number];

export function toPreferenceAnswer(preference: StoredPreference, institutionId: string): PreferenceAnswer {
  const { externalId, accountId, accountExternalId, cardNumber } = preference.scope;
  const account = {
    ...(accountId === undefined ? {} : { accountId }),
    ...(accountExternalId === undefined ? {} : { accountExternalId }),
    ...(cardNumber === undefined ? {} : { cardNumber }),
  };
  const additionalInfo = toAdditionalInfo(preference.additionalInfo);
  return {
    alertOpted: preference.isOpted,
    alertPreferenceDetails: {
      alertPrefId: Number(preference.alertPreferenceId),
      alertTypeName: preference.alertTypeName,
      channelTypeName: preference.channel,
      ...(externalId === undefined ? {} : { externalId }),
      institutionCustomerId: preference.customerId,
      institutionId,
    },
    ...(Object.keys(account).length === 0 ? {} : { alertPreferenceAccountDetails: account }),
    ...(additionalInfo === undefined ? {} : { additionalInfo }),
    allowCallback: preference.allowsCallback,
    defaultPreferences: false,
  };
}

/** What the institution presumes, shown to a user who said nothing. */
export function toDefaultAnswer(preference: StoredInstitutionPreference, institutionId: string): PreferenceAnswer {
  const additionalInfo = toAdditionalInfo(preference.additionalInfo);
  return {
    alertOpted: preference.isOpted,
    alertPreferenceDetails: {
      alertPrefId: 0,
      alertTypeName: preference.alertTypeName,
      channelTypeName: preference.channel,
      institutionId,
    },
    ...(additionalInfo === undefined ? {} : { additionalInfo }),
    defaultPreferences: true,
  };
}

export function toInstitutionPreferenceAnswer(
  preference: StoredInstitutionPreference,
  institutionId: string,
): InstitutionPreferenceAnswer {
  const additionalInfo = toAdditionalInfo(preference.additionalInfo);
  return {
    institutionAlertPrefId: Number(preference.institutionAlertPreferenceId),
    alertTypeName: preference.alertTypeName,
    channelTypeName: preference.channel,
    alertOpted: preference.isOpted,
    institutionId,
    ...(additionalInfo === undefined ? {} : { additionalInfo }),
  };
}
