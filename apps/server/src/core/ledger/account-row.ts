import { isOwed } from '../../kernel/account-category.ts';
import type { Sql, Tx } from '../../platform/db/database.ts';
import type { CoreAccount, HeldAccount, LoanTerms, LockedAccount } from '../port.ts';

/** `a` account, `b` balance, `o` the account that covers its overdraft, `p` its primary holder. */
export const accountColumns = (sql: Sql | Tx) => sql`
  a.*, b.ledger_minor, b.held_minor, o.account_number as overdraft_account_number, p.primary_holder_name`;

/** The tables behind the columns. The institution stands in each by itself, so that a distributed database finds it. */
export const besideAccount = (sql: Sql | Tx, institutionId: string) => sql`
  join account_balances b on b.institution_id = ${institutionId} and b.account_key = a.account_key
  left join accounts o on o.institution_id = ${institutionId} and o.account_key = a.overdraft_account_key
  left join lateral (
    select concat_ws(' ', m.first_name, m.last_name) as primary_holder_name
    from account_holders ph join core_members m on m.institution_id = ${institutionId} and m.member_number = ph.member_number
    where ph.institution_id = ${institutionId} and ph.account_key = a.account_key and ph.ownership = 'PRIMARY'
    order by ph.member_number limit 1) p on true`;

/** What decides on a movement: the same names in every statement that asks for it. */
export const lockedColumns = (sql: Sql | Tx) => sql`
  a.account_key, a.category, a.currency, a.closed_on, a.status_flags, a.may_transfer_from, a.may_transfer_to,
  a.transfer_restriction, a.overdraft_limit_minor, a.credit_limit_minor, a.payment_rule, a.payment_options,
  a.next_payment_minor, a.next_payment_on, a.minimum_payment_minor, a.escrow_minor, a.interest_due_minor, a.fees_due_minor,
  a.original_loan_minor, a.last_principal_minor, a.loan_originated_on, a.principal_past_due_on, a.eligible_this_year_minor,
  a.eligible_last_year_minor, b.ledger_minor, b.held_minor`;

export interface LockedAccountRow {
  readonly account_key: bigint;
  readonly category: CoreAccount['category'];
  readonly currency: string;
  readonly ledger_minor: bigint;
  readonly held_minor: bigint;
  readonly closed_on: string | null;
  readonly status_flags: readonly string[];
  readonly may_transfer_from: boolean;
  readonly may_transfer_to: boolean;
  readonly transfer_restriction: Exclude<CoreAccount['transferRestriction'], undefined> | null;
  readonly overdraft_limit_minor: bigint | null;
  readonly credit_limit_minor: bigint | null;
  readonly payment_rule: Exclude<LoanTerms['paymentRule'], undefined> | null;
  readonly payment_options: readonly string[] | null;
  readonly next_payment_minor: bigint | null;
  readonly next_payment_on: string | null;
  readonly minimum_payment_minor: bigint | null;
  readonly escrow_minor: bigint | null;
  readonly interest_due_minor: bigint | null;
  readonly fees_due_minor: bigint | null;
  readonly original_loan_minor: bigint | null;
  readonly last_principal_minor: bigint | null;
  readonly loan_originated_on: string | null;
  readonly principal_past_due_on: string | null;
  readonly eligible_this_year_minor: bigint | null;
  readonly eligible_last_year_minor: bigint | null;
}

export interface AccountRow extends LockedAccountRow {
  readonly account_number: string;
  readonly account_type: string;
  readonly fi_account_type: number;
  readonly fi_raw_account_type: number;
  readonly description: string;
  readonly primary_holder_name: string | null;
  readonly routing_number: string | null;
  readonly micr_number: string | null;
  readonly opened_on: string;
  readonly is_listed: boolean;
  readonly is_hidden: boolean;
  readonly is_history_enabled: boolean;
  readonly is_statement_enabled: boolean;
  readonly interest_rate: string | null;
  readonly interest_year_minor: bigint | null;
  readonly interest_last_year_minor: bigint | null;
  readonly overdraft_account_number: string | null;
  readonly tpv_reference: string | null;
  readonly tpv_product_code: string | null;
  readonly last_statement_on: string | null;
  readonly last_statement_minor: bigint | null;
  readonly matures_on: string | null;
  readonly term_duration: number | null;
  readonly term_type: string | null;
  readonly maximum_last_year_minor: bigint | null;
}

export interface HeldAccountRow extends AccountRow {
  readonly member_number: string;
  readonly ownership: HeldAccount['ownership'];
}

export function fromAccountRow(row: AccountRow): CoreAccount {
  return {
    ...fromLockedRow(row),
    accountNumber: row.account_number,
    accountType: row.account_type,
    fiAccountType: row.fi_account_type,
    fiRawAccountType: row.fi_raw_account_type,
    description: row.description,
    primaryHolderName: row.primary_holder_name ?? undefined,
    routingNumber: row.routing_number ?? undefined,
    micrNumber: row.micr_number ?? undefined,
    openedOn: row.opened_on,
    isListed: row.is_listed,
    isHidden: row.is_hidden,
    isHistoryEnabled: row.is_history_enabled,
    isStatementEnabled: row.is_statement_enabled,
    interestRate: row.interest_rate === null ? undefined : Number(row.interest_rate),
    interestYearMinor: row.interest_year_minor ?? undefined,
    interestLastYearMinor: row.interest_last_year_minor ?? undefined,
    overdraftAccountNumber: row.overdraft_account_number ?? undefined,
    tpvReference: row.tpv_reference ?? undefined,
    tpvProductCode: row.tpv_product_code ?? undefined,
    lastStatementOn: row.last_statement_on ?? undefined,
    lastStatementMinor: row.last_statement_minor ?? undefined,
    maturesOn: row.matures_on ?? undefined,
    term: row.term_duration === null || row.term_type === null ? undefined : { duration: row.term_duration, type: row.term_type },
    maximumLastYearMinor: row.maximum_last_year_minor ?? undefined,
  };
}

export function fromLockedRow(row: LockedAccountRow): LockedAccount {
  return {
    accountKey: row.account_key,
    category: row.category,
    currency: row.currency,
    balance: { ledgerMinor: row.ledger_minor, heldMinor: row.held_minor },
    closedOn: row.closed_on ?? undefined,
    statusFlags: row.status_flags,
    mayTransferFrom: row.may_transfer_from,
    mayTransferTo: row.may_transfer_to,
    transferRestriction: row.transfer_restriction ?? undefined,
    overdraftLimitMinor: row.overdraft_limit_minor ?? undefined,
    creditLimitMinor: row.credit_limit_minor ?? undefined,
    loan: loanOf(row),
    eligibleThisYearMinor: row.eligible_this_year_minor ?? undefined,
    eligibleLastYearMinor: row.eligible_last_year_minor ?? undefined,
  };
}

function loanOf(row: LockedAccountRow): LoanTerms {
  return {
    paymentRule: row.payment_rule ?? undefined,
    paymentOptions: row.payment_options ?? undefined,
    nextPaymentMinor: row.next_payment_minor ?? undefined,
    nextPaymentOn: row.next_payment_on ?? undefined,
    minimumPaymentMinor: row.minimum_payment_minor ?? undefined,
    payOffMinor: owedOf(row),
    escrowMinor: row.escrow_minor ?? undefined,
    interestDueMinor: row.interest_due_minor ?? undefined,
    feesDueMinor: row.fees_due_minor ?? undefined,
    originalLoanMinor: row.original_loan_minor ?? undefined,
    lastPrincipalMinor: row.last_principal_minor ?? undefined,
    originatedOn: row.loan_originated_on ?? undefined,
    principalPastDueOn: row.principal_past_due_on ?? undefined,
  };
}

/** All that is owed at this moment: it changes with every posting, whoever books it. */
function owedOf(row: LockedAccountRow): bigint | undefined {
  if (!isOwed(row)) return undefined;
  return row.ledger_minor < 0n ? -row.ledger_minor : 0n;
}
