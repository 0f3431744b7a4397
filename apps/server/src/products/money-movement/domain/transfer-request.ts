import { accept, type Result, refuse } from '../../../kernel/result.ts';
import { isOverpayment } from './loan-payment.ts';
import type { AmountInput, TransferInput } from './transfer-input.ts';

/** Who asks, as far as the holders of a transfer go. */
export interface Requester {
  readonly userType: 'RETAIL' | 'BUSINESS';
  /** Customers or locations that the user reaches, its own first. */
  readonly customerIds: readonly string[];
}

/** What the caller wants, before anybody has looked at an account: the kinds of section 8.1 that show in the request alone. */
export type TransferRequest = {
  readonly amountMinor: bigint;
} & (
  | {
      readonly route: 'accounts';
      readonly fromCustomerId: string;
      readonly toCustomerId: string;
      readonly fromAccountId: string;
      readonly toAccountId: string;
    }
  | { readonly route: 'recipient'; readonly fromCustomerId: string; readonly fromAccountId: string; readonly recipientId: string }
  | { readonly route: 'validate-recipient'; readonly memberNumber: string; readonly accountNumber: string }
  | { readonly route: 'institution'; readonly side: 'source' | 'target'; readonly type: string }
);

/** Those that can be carried out here. */
export type OwnRequest = Extract<TransferRequest, { readonly route: 'accounts' | 'recipient' }>;

export type RequestRefusal =
  | 'fromAccountMissing'
  | 'toAccountMissing'
  | 'fromHolderInvalid'
  | 'toHolderMissing'
  | 'amountMissing'
  | 'amountInvalid'
  | 'typeInvalid'
  | 'toAccountNotFound'
  | 'taxpayersDiffer';

export interface RequestRules {
  readonly currency: string;
  /** A retail user's own customer stands in for a missing From holder. */
  readonly takesOwnHolder: boolean;
}

const institutionTypes = ['GENERAL_LEDGER', 'INSTITUTION_ACCOUNT'];

/** The first half of section 10: accounts named, holders, amount, and the kind as far as it shows here. */
export function decideRequest(
  input: TransferInput,
  requester: Requester,
  rules: RequestRules,
): Result<TransferRequest, RequestRefusal> {
  const { fromAccountId, toAccountId, type } = input;
  if (fromAccountId === undefined) return refuse('fromAccountMissing');
  const isInstitutions = type !== undefined && institutionTypes.includes(type);
  const toHolder = input.toHolder?.toLowerCase();
  const namesRecipient = toHolder !== undefined && !requester.customerIds.includes(toHolder) && type === undefined;
  if (toAccountId === undefined && !namesRecipient) return refuse('toAccountMissing');
  const fromHolder = findFromHolder(input, requester, rules);
  const isFromInstitution = isInstitutions && input.fromHolder === undefined;
  if (fromHolder === undefined && !isFromInstitution) return refuse('fromHolderInvalid');
  if (toHolder === undefined && needsToHolder(type, requester, isFromInstitution)) return refuse('toHolderMissing');
  const amount = decideAmount(input, rules.currency);
  if (!amount.ok) return amount;
  const amountMinor = amount.value;
  if (isInstitutions) {
    if (fromHolder !== undefined && toHolder !== undefined) return refuse('typeInvalid');
    return accept({ route: 'institution', side: isFromInstitution ? 'source' : 'target', type, amountMinor });
  }
  if (type === 'VALIDATE_RECIPIENT')
    return accept({
      route: 'validate-recipient',
      memberNumber: input.toHolder ?? '',
      accountNumber: toAccountId ?? '',
      amountMinor,
    });
  if (type !== undefined) return refuse('typeInvalid');
  if (fromHolder === undefined) return refuse('fromHolderInvalid');
  const from = { fromCustomerId: fromHolder, fromAccountId, amountMinor };
  if (toAccountId === undefined) {
    // Of a recipient nobody knows here whether it is a loan or a retirement account, and the kind comes before the recipient.
    if (isOverpayment(input.paymentOption) || input.isForPreviousYear === true) return refuse('typeInvalid');
    return accept({ route: 'recipient', recipientId: (toHolder ?? '').toUpperCase(), ...from });
  }
  // Two holders are two taxpayers: only a business has them, and moving money between them is not offered.
  if (toHolder !== undefined && toHolder !== fromHolder) {
    const isTheirs = requester.customerIds.includes(toHolder);
    return refuse(requester.userType === 'BUSINESS' && !isTheirs ? 'toAccountNotFound' : 'taxpayersDiffer');
  }
  return accept({ route: 'accounts', toCustomerId: fromHolder, toAccountId, ...from });
}

function findFromHolder(
  { fromHolder }: TransferInput,
  { userType, customerIds }: Requester,
  { takesOwnHolder }: RequestRules,
): string | undefined {
  if (fromHolder === undefined) return takesOwnHolder && userType === 'RETAIL' ? customerIds[0] : undefined;
  return customerIds.find((customerId) => customerId === fromHolder.toLowerCase());
}

function needsToHolder(type: string | undefined, { userType }: Requester, isFromInstitution: boolean): boolean {
  if (type === 'VALIDATE_RECIPIENT') return true;
  if (type !== undefined && institutionTypes.includes(type)) return isFromInstitution;
  return userType === 'BUSINESS';
}

const decimal = /^(\d{1,10})(?:\.(\d{1,2}))?$/u;

function decideAmount(
  { amounts, hasTwoAmounts }: TransferInput,
  currency: string,
): Result<bigint, 'amountMissing' | 'amountInvalid'> {
  if (hasTwoAmounts) return refuse('amountInvalid');
  if (amounts.length === 0 || amounts.some(({ amount }) => amount === undefined)) return refuse('amountMissing');
  let sum = 0n;
  for (const one of amounts) {
    const minor = toMinor(one, currency);
    if (minor === undefined) return refuse('amountInvalid');
    sum += minor;
  }
  return accept(sum);
}

function toMinor({ amount, currencyCode }: AmountInput, currency: string): bigint | undefined {
  const found = decimal.exec(amount ?? '');
  if (found === null || (currencyCode !== undefined && currencyCode !== currency)) return undefined;
  const minor = BigInt(found[1] ?? '0') * 100n + BigInt((found[2] ?? '').padEnd(2, '0'));
  return minor > 0n ? minor : undefined;
}
