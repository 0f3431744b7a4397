/** Types of accounts on the wire (contract sheet "Accounts", section 4.4; "Disclosures", section 4.7). */
export const accountTypes = [
  'SAVINGS',
  'CHECKING',
  'MONEY_MARKET',
  'BROKERAGE',
  'TRUST',
  'LINE_OF_CREDIT_LOAN',
  'TCL_CREDIT_LINE',
  'UNKNOWN',
  'KEOGH',
  'RETIREMENT_401K',
  'CERT_OF_DEPOSIT',
  'CSI_CERT_OF_DEPOSIT',
  'CREDIT_CARD_LOAN',
  'INSTALLMENT_LOAN',
  'CONSUMER_LOAN',
  'COMMERCIAL_LOAN',
  'MORTGAGE_LOAN',
  'RESIDENTIAL_MORTGAGE_LOAN',
  'COMMERCIAL_REFI_LOAN',
  'HOME_EQUITY_LOAN',
  'GENERAL_LEDGER_ACCOUNT',
  'GENERAL_LEDGER_CODE',
  'TCL_MASTER',
  'TCL_NOTE',
  'USER_DEFINED',
  'RETIREMENT_IRA',
] as const;

export type AccountType = (typeof accountTypes)[number];

export function isAccountType(text: string): text is AccountType {
  const known: readonly string[] = accountTypes;
  return known.includes(text);
}
