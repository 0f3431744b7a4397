import { accept, type Result, refuse } from '../../../kernel/result.ts';
import { type AlertChannel, parseChannels } from './alert-channel.ts';
import { type AlertType, type InstitutionAlertType, parseAccountTypes, toAlertTypeName, toEventDomain } from './alert-type.ts';
import type { BodyFields, FieldRefusal } from './body-fields.ts';

/** What a caller may say of a type. */
export type AlertTypeContent = Omit<AlertType, 'alertTypeId' | 'defaultComparator' | 'isMandatory' | 'isPlatforms'>;

const statuses = ['ACTIVE', 'INACTIVE'] as const;

/** `''` clears, absent keeps. */
export function cleared(given: string | undefined, current: string | undefined): string | undefined {
  if (given === undefined) return current;
  return given === '' ? undefined : given;
}

/** The institution that a body may name is that of the token. */
export function namesOtherInstitution(fields: BodyFields, institutionId: string): boolean {
  const named = fields.text('institutionId', { maxLength: 64 });
  return named !== undefined && named !== '' && named !== institutionId;
}

/**
 * Reads a new type, or a change of one.
 * @param current undefined for a new type.
 */
export function readAlertType(
  fields: BodyFields,
  current: AlertType | undefined,
  { institutionId, knownAccountTypes }: { readonly institutionId: string; readonly knownAccountTypes: readonly string[] },
): Result<AlertTypeContent, FieldRefusal | 'alertTypeInvalid' | 'channelInvalid' | 'institutionInvalid'> {
  const isNew = current === undefined;
  const name = fields.neededText('alertTypeName', isNew, { maxLength: 256 });
  const category = fields.neededText('alertCategory', isNew, { maxLength: 32 });
  const domain = fields.neededText('eventTypeDomain', isNew, { maxLength: 64 });
  const channels = fields.neededText('channels', isNew, { maxLength: 256 });
  const displayName = fields.text('displayAlertTypeName', { maxLength: 100, isUnicode: true });
  const description = fields.text('description', { maxLength: 500, isUnicode: true });
  const accountTypes = fields.text('applicableAccountTypes', { maxLength: 2000 });
  const externalSystem = fields.text('externalSystem', { maxLength: 64 });
  const userInputType = fields.text('userInputType', { maxLength: 64 });
  const additionalInfo = fields.textMap('additionalInfo', 1000);
  const status = fields.choice('status', statuses);
  const isForeign = namesOtherInstitution(fields, institutionId);
  if (fields.refusal !== undefined) return refuse(fields.refusal);
  if (isForeign) return refuse('institutionInvalid');

  const alertTypeName = name === undefined ? current?.alertTypeName : toAlertTypeName(name);
  const eventDomain = domain === undefined ? current?.eventDomain : toEventDomain(domain);
  if (alertTypeName === undefined || eventDomain === undefined) return refuse('alertTypeInvalid');
  const parsed = readChannels(channels, current?.channels);
  if (!parsed.ok) return parsed;
  const applicable =
    accountTypes === undefined ? accept(current?.applicableAccountTypes) : parseAccountTypes(accountTypes, knownAccountTypes);
  if (!applicable.ok) return applicable;
  return accept({
    alertTypeName,
    displayName: cleared(displayName, current?.displayName),
    description: cleared(description, current?.description),
    alertCategory: category ?? current?.alertCategory ?? '',
    eventDomain,
    applicableAccountTypes: applicable.value,
    channels: parsed.value,
    externalSystem: cleared(externalSystem, current?.externalSystem),
    isActive: status === undefined ? (current?.isActive ?? true) : status === 'ACTIVE',
    additionalInfo: additionalInfo ?? current?.additionalInfo ?? {},
    userInputType: cleared(userInputType, current?.userInputType),
  });
}

/** At least one. */
function readChannels(
  text: string | undefined,
  current: readonly AlertChannel[] = [],
): Result<readonly AlertChannel[], 'channelInvalid' | 'fieldRequired'> {
  if (text === undefined) return accept(current);
  const parsed = parseChannels(text);
  if (!parsed.ok) return parsed;
  return parsed.value.length === 0 ? refuse('fieldRequired') : parsed;
}

export type OptInContent = Omit<InstitutionAlertType, 'institutionAlertTypeId' | 'alertTypeId'>;

/**
 * Reads a new opt-in, or a change of one.
 * @param type The type that it is about, whose channels are all that can be opted into.
 */
export function readOptIn(
  fields: BodyFields,
  type: Pick<AlertType, 'channels'>,
  current: InstitutionAlertType | undefined,
): Result<OptInContent, FieldRefusal | 'channelInvalid'> {
  const channels = fields.neededText('channelsOptd', current === undefined, { maxLength: 256 });
  const status = fields.choice('statusOptd', statuses);
  const reason = fields.text('reason', { maxLength: 255, isUnicode: true });
  if (fields.refusal !== undefined) return refuse(fields.refusal);
  const parsed = readChannels(channels, current?.channels);
  if (!parsed.ok) return parsed;
  if (channels !== undefined && !parsed.value.every((channel) => type.channels.includes(channel)))
    return refuse('channelInvalid');
  return accept({
    channels: parsed.value,
    isActive: status === undefined ? (current?.isActive ?? true) : status === 'ACTIVE',
    reason: cleared(reason, current?.reason),
  });
}
