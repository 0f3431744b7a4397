import type { Core } from '../../../core/index.ts';
import type { Institution } from '../../../kernel/institution.ts';
import { toInstitutionDate } from '../../../kernel/institution-time.ts';
import type { Sql } from '../../../platform/db/database.ts';
import { isRegDBound, type RegDUse, regDMonthOf, regDTypes, regDUseOf } from '../domain/regulation-d.ts';
import type { UserAccount } from './accounts-of-user.ts';

/** What of a call decides which month it is. */
interface DatedCall {
  readonly institution: Institution;
  readonly now: Date;
  readonly sql: Sql;
}

export type RegDUses = (account: UserAccount) => RegDUse;

const unused: RegDUse = { transferCount: 0, chequeCount: 0 };

/** What of this month's allowance each account has used: one statement for all that regulation D binds, none without them. */
export async function readRegDUses(
  core: Pick<Core, 'countDebits'>,
  { institution, now, sql }: DatedCall,
  accounts: readonly UserAccount[],
): Promise<RegDUses> {
  const bound = accounts.filter(({ accountType }) => isRegDBound(accountType)).map(({ accountKey }) => accountKey);
  if (bound.length === 0) return () => unused;
  const counts = await core.countDebits(sql, {
    institutionId: institution.institutionId,
    accountKeys: bound,
    types: regDTypes,
    ...regDMonthOf(toInstitutionDate(now, institution.timeZone)),
  });
  return ({ accountKey }) => regDUseOf(accountKey, counts);
}
