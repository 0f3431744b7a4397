import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { RecipientDetails } from './recipient.ts';

const names = ['memberNumber', 'accountNumber', 'accountType', 'passCode', 'email', 'nickName', 'fullName'] as const;
type FieldName = (typeof names)[number];

/** Contract sheet "Money movement", section 3. */
const limits: Readonly<Record<Exclude<FieldName, 'nickName' | 'accountType'>, number>> = {
  memberNumber: 16,
  accountNumber: 32,
  passCode: 32,
  email: 64,
  fullName: 80,
};

/** Only what was sent is there; a blank text is an empty one. */
export type RecipientInput = { readonly [Name in FieldName | 'id']?: string };

export interface RecipientRules {
  /** Type of provider of the institution. */
  readonly provider: string;
  readonly allowedAccountTypes: readonly string[];
  /** Every type that the API knows. */
  readonly knownAccountTypes: readonly string[];
  readonly nickNameMaxLength: number;
  /** What a new recipient must have, beside the account. */
  readonly needsPassCode: boolean;
  readonly needsNickName: boolean;
}

export type RecipientRefusal =
  | 'providerMissing'
  | 'providerUnknown'
  | 'fieldNotSupported'
  | 'fieldMissing'
  | 'fieldTooLong'
  | 'emailInvalid'
  | 'accountTypeInvalid';

/** Texts, and numbers where digits are meant; anything else is not a field of a recipient. */
export function readRecipient(body: object): Result<RecipientInput, 'fieldMissing'> {
  const input: Partial<Record<FieldName | 'id', string>> = {};
  for (const name of [...names, 'id'] as const) {
    const value: unknown = Object.hasOwn(body, name) ? Reflect.get(body, name) : undefined;
    if (value === undefined) continue;
    if (typeof value !== 'string' && typeof value !== 'number') return refuse('fieldMissing');
    input[name] = String(value).trim();
  }
  return accept(input);
}

/** A new recipient from what was sent (contract sheet "Money movement", sections 3 and 6). */
export function decideNewRecipient(input: RecipientInput, rules: RecipientRules): Result<RecipientDetails, RecipientRefusal> {
  const provider = checkProvider(input, rules);
  if (provider !== undefined) return refuse(provider);
  const needed: readonly FieldName[] = [
    'accountNumber',
    ...(rules.provider === 'GENERIC' ? (['memberNumber', 'accountType'] as const) : []),
    ...(rules.needsPassCode ? (['passCode'] as const) : []),
    ...(rules.needsNickName ? (['nickName'] as const) : []),
  ];
  if (needed.some((name) => isBlank(input[name]))) return refuse('fieldMissing');
  const form = checkForm(input, rules);
  if (form !== undefined) return refuse(form);
  return accept(toDetails((name) => input[name]));
}

/** What a recipient becomes when only some fields were sent; a blank optional one is cleared. */
export function decideChangedRecipient(
  input: RecipientInput,
  before: RecipientDetails,
  rules: RecipientRules,
): Result<RecipientDetails, RecipientRefusal> {
  const provider = checkProvider(input, rules);
  if (provider !== undefined) return refuse(provider);
  const needed: readonly FieldName[] = [
    'accountNumber',
    'memberNumber',
    'accountType',
    'nickName',
    ...(rules.needsPassCode ? (['passCode'] as const) : []),
  ];
  if (needed.some((name) => input[name] === '')) return refuse('fieldMissing');
  const form = checkForm(input, rules);
  if (form !== undefined) return refuse(form);
  return accept(toDetails((name) => input[name] ?? before[name]));
}

/** Fields whose change makes a validation worth while. */
export function hasOtherAccount(one: RecipientDetails, other: RecipientDetails): boolean {
  return (['memberNumber', 'accountNumber', 'accountType', 'passCode'] as const).some((name) => one[name] !== other[name]);
}

function checkProvider(input: RecipientInput, { provider }: RecipientRules): RecipientRefusal | undefined {
  if (provider === '') return 'providerMissing';
  if (provider !== 'GENERIC' && provider !== 'NONGENERIC') return 'providerUnknown';
  const derived = [input.memberNumber, input.accountType, input.fullName];
  return provider === 'NONGENERIC' && derived.some((value) => value !== undefined) ? 'fieldNotSupported' : undefined;
}

function checkForm(input: RecipientInput, rules: RecipientRules): RecipientRefusal | undefined {
  const isTooLong = (name: keyof typeof limits) => (input[name]?.length ?? 0) > limits[name];
  const hasTooLong = (['memberNumber', 'accountNumber', 'passCode', 'email', 'fullName'] as const).some(isTooLong);
  if (hasTooLong || (input.nickName?.length ?? 0) > rules.nickNameMaxLength) return 'fieldTooLong';
  if (!isBlank(input.email) && !/^[^\s@]{1,64}@[^\s@.]+(?:\.[^\s@.]+)+$/u.test(input.email ?? '')) return 'emailInvalid';
  const { accountType } = input;
  if (accountType === undefined) return undefined;
  const isTaken = rules.knownAccountTypes.includes(accountType) && rules.allowedAccountTypes.includes(accountType);
  return isTaken ? undefined : 'accountTypeInvalid';
}

function toDetails(find: (name: FieldName) => string | undefined): RecipientDetails {
  const present = (name: FieldName) => {
    const value = find(name);
    return isBlank(value) ? undefined : value;
  };
  return {
    memberNumber: present('memberNumber'),
    accountNumber: present('accountNumber') ?? '',
    accountType: present('accountType'),
    passCode: present('passCode'),
    email: present('email'),
    nickName: present('nickName'),
    fullName: present('fullName'),
  };
}

function isBlank(value: string | undefined): boolean {
  return value === undefined || value === '';
}
