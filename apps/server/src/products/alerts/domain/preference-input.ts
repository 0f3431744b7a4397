import { accept, type Result, refuse } from '../../../kernel/result.ts';
import { type AlertChannel, toAlertChannel } from './alert-channel.ts';
import { toAlertTypeName } from './alert-type.ts';
import { cleared, namesOtherInstitution } from './alert-type-input.ts';
import { BodyFields, type FieldRefusal } from './body-fields.ts';
import type { PreferenceScope } from './choose-preference.ts';
import { type AdditionalInfo, noCondition, readAdditionalInfo } from './condition.ts';

type Refusal =
  | Exclude<FieldRefusal, 'attributeMissing'>
  | 'nullNotAllowed'
  | 'institutionInvalid'
  | 'channelInvalid'
  | 'alertTypeInvalid';

/** Preferences answer a missing member with a code of their own. */
function toRefusal(refusal: FieldRefusal): Refusal {
  return refusal === 'attributeMissing' ? 'nullNotAllowed' : refusal;
}

/** What a body says of a preference of a user or of the institution; undefined was left out. */
export interface PreferenceInput {
  /** The id in the body, which must be that of the path. */
  readonly preferenceId: bigint | undefined;
  readonly alertTypeName: string | undefined;
  readonly channel: AlertChannel | undefined;
  readonly isOpted: boolean | undefined;
  readonly additionalInfo: AdditionalInfo | undefined;
}

export interface UserPreferenceInput extends PreferenceInput {
  readonly location: string | undefined;
  readonly allowsCallback: boolean | undefined;
  readonly externalId: string | undefined;
  /** Given as a whole, or left out as a whole. */
  readonly account: Omit<PreferenceScope, 'externalId'> | undefined;
}

/** Fields that both kinds have, at the same or another place of the body. */
function readInput(
  top: BodyFields,
  details: BodyFields,
  isNew: boolean,
  institutionId: string,
  idName: string,
): Result<PreferenceInput, Refusal> {
  const preferenceId = details.id(idName);
  const name = details.neededText('alertTypeName', isNew, { maxLength: 256 });
  const channelWord = details.neededText('channelTypeName', isNew, { maxLength: 64 });
  const isOpted = top.flag('alertOpted', isNew);
  const infoMembers = top.members('additionalInfo');
  const isForeign = namesOtherInstitution(details, institutionId);
  if (top.refusal !== undefined) return refuse(toRefusal(top.refusal));
  if (isForeign) return refuse('institutionInvalid');
  const channel = channelWord === undefined ? undefined : toAlertChannel(channelWord);
  if (channelWord !== undefined && channel === undefined) return refuse('channelInvalid');
  const alertTypeName = name === undefined ? undefined : toAlertTypeName(name);
  if (name !== undefined && alertTypeName === undefined) return refuse('alertTypeInvalid');
  const info = infoMembers === undefined ? accept(undefined) : readAdditionalInfo(infoMembers);
  if (!info.ok) return info;
  return accept({ preferenceId, alertTypeName, channel, isOpted, additionalInfo: info.value });
}

/** Reads the body of a preference of the institution; one that says nothing is refused. */
export function readInstitutionPreference(
  body: Readonly<Record<string, unknown>>,
  isNew: boolean,
  institutionId: string,
): Result<PreferenceInput, Refusal> {
  if (Object.values(body).every((value) => value === undefined || value === null)) return refuse('nullNotAllowed');
  const fields = new BodyFields(body);
  return readInput(fields, fields, isNew, institutionId, 'institutionAlertPrefId');
}

/** Reads the body of a preference of a user. */
export function readUserPreference(
  body: Readonly<Record<string, unknown>>,
  isNew: boolean,
  institutionId: string,
): Result<UserPreferenceInput, Refusal> {
  const fields = new BodyFields(body);
  const details = fields.inside('alertPreferenceDetails', isNew);
  const location = details.text('institutionCustomerId', {
    maxLength: 36,
    pattern: /^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/iu,
  });
  const externalId = details.text('externalId', { maxLength: 128 });
  const allowsCallback = fields.flag('allowCallback');
  const account = readAccount(fields);
  const input = readInput(fields, details, isNew, institutionId, 'alertPrefId');
  return input.ok ? accept({ ...input.value, location, externalId, allowsCallback, account }) : input;
}

function readAccount(fields: BodyFields): UserPreferenceInput['account'] {
  if (!fields.has('alertPreferenceAccountDetails')) return undefined;
  const account = fields.inside('alertPreferenceAccountDetails');
  const accountId = account.text('accountId', { maxLength: 43, pattern: /^[A-Za-z0-9_-]{43}$/u });
  const accountExternalId = account.text('accountExternalId', { maxLength: 128 });
  const cardNumber = account.text('cardNumber', { maxLength: 32, pattern: /^[0-9 -]*[0-9]{4}$/u });
  return {
    accountId: cleared(accountId, undefined),
    accountExternalId: cleared(accountExternalId, undefined),
    // The rest of a card number is nothing that we want to know.
    cardNumber: cleared(cardNumber, undefined)?.slice(-4),
  };
}

export const noAdditionalInfo: AdditionalInfo = { condition: noCondition, others: {} };
