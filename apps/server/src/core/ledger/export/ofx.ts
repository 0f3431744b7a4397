import { isOwed } from '../../../kernel/account-category.ts';
import type { Tx } from '../../../platform/db/database.ts';
import { toDecimalText } from './decimal-text.ts';
import type { ExportRequest, WriteText } from './export-request.ts';
import { eachLines, eachStatement, type Statement, type StatementAccount, type StatementLine } from './statements.ts';
import { element } from './xml-text.ts';

/** OFX 2.1.1: a statement for each account, banks' accounts before credit cards, as its message sets are ordered. */
export async function writeOfx(tx: Tx, request: ExportRequest, write: WriteText): Promise<void> {
  await write(`<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>
<OFX>
<SIGNONMSGSRSV1><SONRS><STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS><DTSERVER>${toTime(request.now)}</DTSERVER><LANGUAGE>ENG</LANGUAGE></SONRS></SIGNONMSGSRSV1>
`);
  await writeMessageSet(tx, request, write, banks);
  await writeMessageSet(tx, request, write, cards);
  await write('</OFX>\n');
}

interface MessageSet {
  readonly set: string;
  readonly response: string;
  readonly statement: string;
  isOf(account: StatementAccount): boolean;
  describe(account: StatementAccount, request: ExportRequest): string;
}

const isCard = ({ account_type: type }: StatementAccount): boolean => type === 'CREDIT_CARD_LOAN';

const cards: MessageSet = {
  ...{ set: 'CREDITCARDMSGSRSV1', response: 'CCSTMTTRNRS', statement: 'CCSTMTRS', isOf: isCard },
  describe: (account) => `<CCACCTFROM>${element('ACCTID', account.account_number, 22)}</CCACCTFROM>`,
};

const accountTypes: Readonly<Record<string, string>> = {
  ...{ SAVINGS: 'SAVINGS', MONEY_MARKET: 'MONEYMRKT', CERT_OF_DEPOSIT: 'CD', CSI_CERT_OF_DEPOSIT: 'CD' },
};

const banks: MessageSet = {
  ...{ set: 'BANKMSGSRSV1', response: 'STMTTRNRS', statement: 'STMTRS', isOf: (account) => !isCard(account) },
  describe: (account, { institutionId }) => {
    const type = isOwed(account) ? 'CREDITLINE' : (accountTypes[account.account_type] ?? 'CHECKING');
    const bank = element('BANKID', account.routing_number ?? institutionId, 9);
    return `<BANKACCTFROM>${bank}${element('ACCTID', account.account_number, 22)}<ACCTTYPE>${type}</ACCTTYPE></BANKACCTFROM>`;
  },
};

/** A message set without a statement may not stand there. */
async function writeMessageSet(tx: Tx, request: ExportRequest, write: WriteText, kind: MessageSet): Promise<void> {
  let isOpen = false;
  await eachStatement(tx, request, kind.isOf, async (statement) => {
    const { account, from, to, closingMinor } = statement;
    await write(`${isOpen ? '' : `<${kind.set}>\n`}<${kind.response}><TRNUID>${account.account_key}</TRNUID><STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS>
<${kind.statement}><CURDEF>${account.currency}</CURDEF>${kind.describe(account, request)}
<BANKTRANLIST><DTSTART>${toDay(from)}</DTSTART><DTEND>${toDay(to)}</DTEND>
`);
    isOpen = true;
    await eachLines(tx, request, account.account_key, (lines) => write(lines.map((line) => lineOf(line, statement)).join('')));
    await write(`</BANKTRANLIST><LEDGERBAL><BALAMT>${toDecimalText(closingMinor, account.currency)}</BALAMT><DTASOF>${toDay(to)}</DTASOF></LEDGERBAL>
</${kind.statement}></${kind.response}>
`);
  });
  if (isOpen) await write(`</${kind.set}>\n`);
}

function lineOf(line: StatementLine, { account }: Statement): string {
  const name = line.description ?? line.transaction_type.replaceAll('_', ' ');
  return (
    `<STMTTRN><TRNTYPE>${typeOf(line)}</TRNTYPE><DTPOSTED>${toDay(line.transaction_date)}</DTPOSTED><DTAVAIL>${toDay(line.effective_date)}</DTAVAIL>` +
    `<TRNAMT>${toDecimalText(line.amount_minor, account.currency)}</TRNAMT><FITID>${line.transaction_number}</FITID>` +
    `${element('CHECKNUM', line.check_number ?? undefined, 12)}${element('NAME', name, 32)}${element('MEMO', line.memo ?? undefined, 255)}</STMTTRN>\n`
  );
}

const transactionTypes: readonly (readonly [pattern: RegExp, type: string])[] = [
  [/^(CHECK|ACH_CHECK)$/u, 'CHECK'],
  [/DIVIDEND/u, 'DIV'],
  [/^INTEREST/u, 'INT'],
  [/FEE$|CHARGE/u, 'FEE'],
  [/ATM/u, 'ATM'],
  [/^POS_|PURCHASE/u, 'POS'],
  [/TRANSFER/u, 'XFER'],
  [/DIRECT_DEPOSIT/u, 'DIRECTDEP'],
  [/DEPOSIT/u, 'DEP'],
  [/AUTOMATIC_DEBIT/u, 'DIRECTDEBIT'],
  [/PAYMENT/u, 'PAYMENT'],
  [/CASH_ADVANCE|WITHDRAWAL/u, 'CASH'],
];

function typeOf({ transaction_type: type, amount_minor: amount }: StatementLine): string {
  const known = transactionTypes.find(([pattern]) => pattern.test(type));
  return known?.[1] ?? (amount < 0n ? 'DEBIT' : 'CREDIT');
}

/** Noon, so that no time zone makes another day of it. */
const toDay = (date: string): string => `${date.replaceAll('-', '')}120000`;

const toTime = (time: Date): string => time.toISOString().replace(/[-:T]|\..*$/gu, '');
