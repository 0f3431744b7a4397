import { kindOf } from './disclosure.ts';
import type { UserDisclosure } from './user-disclosure.ts';

/**
 * Whether a user has accepted online statements of the account. Where statements are chosen for each account the
 * decision on the account counts, and the user's own where there is none.
 */
export function hasAcceptedStatements(rows: readonly UserDisclosure[], accountId: string, multiStatement: boolean): boolean {
  const decisions = rows.filter(({ disclosure }) => kindOf(disclosure.name) === 'OLS');
  const ofUser = decisions.find((row) => row.accountId === undefined);
  const ofAccount = multiStatement ? decisions.find((row) => row.accountId === accountId) : undefined;
  return (ofAccount ?? ofUser)?.status === 'ACCEPTED';
}
