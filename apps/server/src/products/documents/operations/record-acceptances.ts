import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { Write } from '../../../platform/transactions/unit-of-work.ts';
import type { Disclosure } from '../domain/disclosure.ts';
import type { UserDisclosure } from '../domain/user-disclosure.ts';
import type { DecisionSource } from '../store/disclosure-evidence.ts';
import { findDisclosures } from '../store/institution-disclosures.ts';
import { lockAndListDecisions } from '../store/user-disclosures.ts';
import { newRowId, recordDecisions } from './record-decisions.ts';

/** The enabled disclosures among the given names: what a registration has to accept. */
export async function listRequiredDisclosures(
  sql: Sql | Tx,
  institutionId: string,
  names: readonly string[],
): Promise<readonly Disclosure[]> {
  return (await findDisclosures(sql, institutionId, { names })).filter(({ isEnabled }) => isEnabled);
}

export interface Acceptances {
  readonly institutionId: string;
  readonly institutionUserId: string;
  readonly disclosures: readonly Disclosure[];
  /** True when nothing can have been decided before. */
  readonly isNewUser: boolean;
}

/** Writes that a user accepts disclosures by registering. */
export async function recordAcceptances(
  write: Write,
  source: DecisionSource,
  { institutionId, institutionUserId, disclosures, isNewUser }: Acceptances,
): Promise<void> {
  const user = { institutionId, institutionUserId, institutionCustomerId: undefined };
  const known = isNewUser ? [] : await lockAndListDecisions(write.sql, user);
  const changes = disclosures.map((disclosure) => {
    const before = known.find(
      (row) => row.accountId === undefined && row.disclosure.institutionDisclosureId === disclosure.institutionDisclosureId,
    );
    return { before, after: accepted(user, disclosure, before, source.now) };
  });
  await recordDecisions(write, institutionId, source, changes);
}

function accepted(
  user: { readonly institutionUserId: string; readonly institutionCustomerId: string | undefined },
  disclosure: Disclosure,
  before: UserDisclosure | undefined,
  now: Date,
): UserDisclosure {
  const { institutionUserId, institutionCustomerId } = user;
  return {
    institutionUserDisclosureId: before?.institutionUserDisclosureId ?? newRowId(),
    institutionUserId,
    institutionCustomerId,
    disclosure,
    accountId: undefined,
    status: 'ACCEPTED',
    statusAt: now,
    paperWaiver: before?.paperWaiver,
  };
}
