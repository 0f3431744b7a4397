import type { Institution } from '../../../kernel/institution.ts';
import { toInstitutionDateTimeMs } from '../../../kernel/institution-time.ts';
import type { Disclosure } from '../domain/disclosure.ts';
import type { UserDisclosure } from '../domain/user-disclosure.ts';

export function toDisclosureAnswer(institutionId: string, { institutionDisclosureId, name, data, isEnabled }: Disclosure) {
  return {
    institutionDisclosureId,
    institutionId,
    institutionDisclosureName: name,
    ...(data === undefined ? {} : { institutionDisclosureData: data, institutionDisclosureDataType: 'URL' as const }),
    institutionDisclosureStatus: isEnabled,
  };
}

export function toUserDisclosureAnswer({ institutionId, timeZone }: Institution, row: UserDisclosure) {
  const { disclosure, accountId, paperWaiver } = row;
  return {
    institutionUserDisclosureId: row.institutionUserDisclosureId,
    institutionId,
    institutionUserId: row.institutionUserId,
    institutionDisclosureName: disclosure.name,
    institutionDisclosureId: disclosure.institutionDisclosureId,
    institutionUserDisclosureStatus: row.status,
    institutionUserDisclosureStatusUpdateDateTime: toInstitutionDateTimeMs(row.statusAt, timeZone),
    ...(paperWaiver === undefined ? {} : { paperWaiver }),
    ...(accountId === undefined ? {} : { accountId }),
  };
}
