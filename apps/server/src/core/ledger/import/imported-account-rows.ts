import type { CopyValue } from '../../../platform/db/copy-rows.ts';
import type { ImportedAccount } from './imported-books.ts';

type Column = readonly [name: string, toValue: (account: ImportedAccount) => CopyValue];

/** The columns of `accounts`, each with where its value comes from. */
const columns: readonly Column[] = [
  ['account_key', (account) => account.accountKey],
  ['account_number', (account) => account.accountNumber],
  ['account_type', (account) => account.accountType],
  ['category', (account) => account.category],
  ['fi_account_type', (account) => account.fiAccountType],
  ['fi_raw_account_type', (account) => account.fiAccountType],
  ['description', (account) => account.description],
  ['routing_number', (account) => account.routingNumber],
  ['micr_number', (account) => account.micrNumber],
  ['opened_on', (account) => account.openedOn],
  ['closed_on', (account) => account.closedOn],
  ['status_flags', (account) => `{${(account.statusFlags ?? []).join(',')}}`],
  ['is_listed', (account) => account.isListed ?? true],
  ['is_hidden', (account) => account.isHidden ?? false],
  ['is_history_enabled', (account) => account.isHistoryEnabled ?? true],
  ['is_statement_enabled', (account) => account.isStatementEnabled ?? true],
  ['may_transfer_from', (account) => account.mayTransferFrom ?? true],
  ['may_transfer_to', (account) => account.mayTransferTo ?? true],
  ['transfer_restriction', (account) => account.transferRestriction],
  ['interest_rate', (account) => account.interestRate],
  ['interest_year_minor', (account) => account.interestYearMinor],
  ['interest_last_year_minor', (account) => account.interestLastYearMinor],
  ['overdraft_limit_minor', (account) => account.overdraftLimitMinor],
  ['overdraft_account_key', (account) => account.overdraftAccountKey],
  ['credit_limit_minor', (account) => account.creditLimitMinor],
  ['tpv_reference', (account) => account.tpvReference],
  ['tpv_product_code', (account) => account.tpvProductCode],
  ['last_statement_on', (account) => account.lastStatementOn],
  ['last_statement_minor', (account) => account.lastStatementMinor],
  ['payment_rule', (account) => account.loan?.paymentRule],
  ['payment_options', (account) => toArray(account.loan?.paymentOptions)],
  ['next_payment_minor', (account) => account.loan?.nextPaymentMinor],
  ['next_payment_on', (account) => account.loan?.nextPaymentOn],
  ['minimum_payment_minor', (account) => account.loan?.minimumPaymentMinor],
  ['escrow_minor', (account) => account.loan?.escrowMinor],
  ['interest_due_minor', (account) => account.loan?.interestDueMinor],
  ['fees_due_minor', (account) => account.loan?.feesDueMinor],
  ['original_loan_minor', (account) => account.loan?.originalLoanMinor],
  ['last_principal_minor', (account) => account.loan?.lastPrincipalMinor],
  ['loan_originated_on', (account) => account.loan?.originatedOn],
  ['principal_past_due_on', (account) => account.loan?.principalPastDueOn],
  ['matures_on', (account) => account.maturesOn],
  ['term_duration', (account) => account.term?.duration],
  ['term_type', (account) => account.term?.type],
  ['eligible_this_year_minor', (account) => account.eligibleThisYearMinor],
  ['eligible_last_year_minor', (account) => account.eligibleLastYearMinor],
  ['maximum_last_year_minor', (account) => account.maximumLastYearMinor],
];

export const importedAccountColumns: readonly string[] = ['institution_id', ...columns.map(([name]) => name)];

export function toImportedRow(institutionId: string, account: ImportedAccount): CopyValue[] {
  return [institutionId, ...columns.map(([, toValue]) => toValue(account))];
}

function toArray(words: readonly string[] | undefined): string | undefined {
  return words === undefined ? undefined : `{${words.join(',')}}`;
}
