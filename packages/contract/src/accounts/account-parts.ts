import Type from 'typebox';
import { oneOf } from '../one-of.ts';
import { accountTypes } from './account-types.ts';

/** What several documents say of an account (contract sheet "Accounts", sections 4.3 and 4.4). */

export const AccountCategory = oneOf(['DEPOSIT', 'LOAN', 'INVESTMENT', 'TIERED_LOAN', 'CROSS_USER_ACCOUNT']);

export const AccountTypeName = Type.String({ enum: [...accountTypes], description: 'Type of the account.' });

/** The list of the customers' family has no TRUST; such an account is UNKNOWN there. */
export const CustomerAccountTypeName = Type.String({
  enum: accountTypes.filter((name) => name !== 'TRUST'),
  description: 'Type of the account.',
});

export const AccountStatus = Type.Object({
  open: Type.Boolean(),
  closed: Type.Boolean(),
  negativeBalance: Type.Boolean(),
  delinquent: Type.Boolean(),
  inCollection: Type.Boolean(),
  overLimit: Type.Boolean(),
  writtenOff: Type.Boolean(),
  creditBalance: Type.Boolean(),
  paymentCoupon: Type.Boolean(),
  retirementPlan: Type.Boolean(),
  retPlanOwnedByDeceased: Type.Boolean(),
  approved: Type.Optional(Type.Boolean()),
  notApproved: Type.Optional(Type.Boolean()),
  deleted: Type.Optional(Type.Boolean()),
  verified: Type.Optional(Type.Boolean()),
});

export const OwnershipType = oneOf(['PRIMARY', 'JOINT', 'CROSS']);
