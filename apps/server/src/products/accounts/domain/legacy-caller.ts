import { accept, type Result, refuse } from '../../../kernel/result.ts';

/** Headers by which a V1 call says who the user is (contract sheet "Accounts", section 12). */
export interface LegacyCallerHeaders {
  readonly userType: string | undefined;
  readonly authId: string | undefined;
  readonly onBehalfOf: string | undefined;
}

/** Who is asked for: the primary of the customer, or the user with an authentication id. */
export type LegacyCaller =
  | { readonly kind: 'primary' }
  | { readonly kind: 'user'; readonly authId: string; readonly role: LegacyRole; readonly onBehalfOf: string | undefined };

type LegacyRole = 'ENTITLED' | 'BUSINESS_ADMIN' | 'BUSINESS_SECONDARY_ADMIN' | 'BUSINESS_USER';

type Refusal =
  | 'headerInvalid'
  | 'authIdMissing'
  | 'subUserAuthIdMissing'
  | 'notABusinessUserType'
  | 'notARetailUserType'
  | 'memberNumberMalformed';

/** A retail primary says nothing; every other user says what it is, and all but an administrator which one. */
export function decideLegacyCaller(
  customerType: 'RETAIL' | 'BUSINESS',
  headers: LegacyCallerHeaders,
): Result<LegacyCaller, Refusal> {
  return customerType === 'RETAIL' ? decideRetailCaller(headers) : decideBusinessCaller(headers);
}

const memberNumber = /^[0-9A-Za-z]{1,32}$/u;

function decideRetailCaller({ userType, authId, onBehalfOf }: LegacyCallerHeaders): Result<LegacyCaller, Refusal> {
  if (userType === undefined) return accept({ kind: 'primary' });
  if (userType !== 'ENTITLED') return refuse('notARetailUserType');
  if (authId === undefined) return refuse('subUserAuthIdMissing');
  if (onBehalfOf === undefined) return refuse('headerInvalid');
  if (!memberNumber.test(onBehalfOf)) return refuse('memberNumberMalformed');
  return accept({ kind: 'user', authId, role: 'ENTITLED', onBehalfOf });
}

const businessRoles: ReadonlyMap<string, LegacyRole> = new Map([
  ['PRIMARY_ADMIN', 'BUSINESS_ADMIN'],
  ['SECONDARY_ADMIN', 'BUSINESS_SECONDARY_ADMIN'],
  ['BUSINESS_USER', 'BUSINESS_USER'],
]);

function decideBusinessCaller({ userType, authId }: LegacyCallerHeaders): Result<LegacyCaller, Refusal> {
  if (userType === undefined) return refuse('headerInvalid');
  const role = businessRoles.get(userType);
  if (role === undefined) return refuse('notABusinessUserType');
  if (authId !== undefined) return accept({ kind: 'user', authId, role, onBehalfOf: undefined });
  return role === 'BUSINESS_ADMIN' ? accept({ kind: 'primary' }) : refuse('authIdMissing');
}

export interface LegacyUser {
  readonly userRole: string;
  readonly customers: readonly { readonly customerId: string; readonly memberNumber: string }[];
}

/** Whether the user that was found is the one that the headers speak of, and reaches the customer of the path. */
export function decideLegacyUser(
  caller: LegacyCaller,
  user: LegacyUser | undefined,
  customerId: string,
): Result<undefined, 'notEntitled' | 'memberNumberInvalid'> {
  if (user === undefined || !user.customers.some((one) => one.customerId === customerId)) return refuse('notEntitled');
  if (caller.kind === 'primary') return accept(undefined);
  if (user.userRole !== caller.role) return refuse('notEntitled');
  const isPrimarys = caller.onBehalfOf === undefined || user.customers.some((one) => one.memberNumber === caller.onBehalfOf);
  return isPrimarys ? accept(undefined) : refuse('memberNumberInvalid');
}
