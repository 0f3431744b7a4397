import type { ErrorTable } from '../family.ts';
import { customerProfileErrors } from './uxu.ts';

const { contactMethodNotFound, contactNotOnFile, softFailure, providerUnavailable, userNotLocked, noDigitalUser, ...generic } =
  customerProfileErrors;

/** Accounts with transactions (contract sheet "Accounts", section 11): like the profile, its token failures are 400. */
export const customerAccountsErrors = {
  ...generic,
  userMissing: { status: 400, code: 'UXU_10010', message: 'neither hostUserId nor loginId is there', kind: 'L' },
  userTwice: { status: 400, code: 'UXU_10014', message: 'only one of hostUserId and loginId is taken', kind: 'L' },
  stepRefused: { status: 500, code: 'UXU_30001', message: 'the accounts or their transactions cannot be read', kind: 'L' },
} as const satisfies ErrorTable;
