/** A decision on the statements of an account, as far as the report needs it. */
interface Choice {
  readonly loginName: string;
  readonly accountId: string;
  readonly isAccepted: boolean;
}

interface ReportedAccount {
  readonly accountNumber: string;
  readonly accountType: string;
}

type ReportRecord<Of extends Choice> = Of & { readonly account: ReportedAccount };

/**
 * The records of a report, by login name and account number.
 *
 * @param accounts By the id that decisions name; one that is missing cannot be read.
 * @returns `isComplete` is false when a decision of the wanted type of account is left out: it is no acceptance, or its
 *   account cannot be read.
 */
export function toReportRecords<Of extends Choice>(
  choices: readonly Of[],
  accounts: ReadonlyMap<string, ReportedAccount>,
  accountType: string | undefined,
): { readonly records: readonly ReportRecord<Of>[]; readonly isComplete: boolean } {
  let isComplete = true;
  const records: ReportRecord<Of>[] = [];
  for (const choice of choices) {
    const account = accounts.get(choice.accountId);
    if (account !== undefined && accountType !== undefined && account.accountType !== accountType) continue;
    if (account === undefined || !choice.isAccepted) isComplete = false;
    else records.push({ ...choice, account });
  }
  records.sort(
    (one, other) => order(one.loginName, other.loginName) || order(one.account.accountNumber, other.account.accountNumber),
  );
  return { records, isComplete };
}

function order(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
