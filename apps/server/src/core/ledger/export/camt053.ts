import type { Tx } from '../../../platform/db/database.ts';
import { toDecimalText } from './decimal-text.ts';
import type { ExportRequest, WriteText } from './export-request.ts';
import { eachLines, eachStatement, type Statement, type StatementLine } from './statements.ts';
import { element } from './xml-text.ts';

/** ISO 20022 camt.053.001.08: a bank-to-customer statement for each account, with its opening and closing balance. */
export async function writeCamt053(tx: Tx, request: ExportRequest, write: WriteText): Promise<void> {
  const created = `<CreDtTm>${request.now.toISOString()}</CreDtTm>`;
  await write(`<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
<GrpHdr><MsgId>${request.institutionId}-${request.now.getTime()}</MsgId>${created}</GrpHdr>
`);
  await eachStatement(
    tx,
    request,
    () => true,
    async (statement) => {
      const { account, from, to, openingMinor, closingMinor } = statement;
      await write(`<Stmt><Id>${account.account_key}-${from}-${to}</Id>${created}<FrToDt><FrDtTm>${from}T00:00:00</FrDtTm><ToDtTm>${to}T23:59:59</ToDtTm></FrToDt>
<Acct><Id><Othr>${element('Id', account.account_number, 34)}</Othr></Id><Ccy>${account.currency}</Ccy></Acct>
${balanceOf('OPBD', openingMinor, from, statement)}
${balanceOf('CLBD', closingMinor, to, statement)}
`);
      await eachLines(tx, request, account.account_key, (lines) => write(lines.map((line) => entryOf(line, statement)).join('')));
      await write('</Stmt>\n');
    },
  );
  await write('</BkToCstmrStmt></Document>\n');
}

function balanceOf(code: 'OPBD' | 'CLBD', minor: bigint, date: string, statement: Statement): string {
  return `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp>${amountOf(minor, statement)}<Dt><Dt>${date}</Dt></Dt></Bal>`;
}

/** Amounts have no sign here, but a word. */
function amountOf(minor: bigint, { account: { currency } }: Statement): string {
  const amount = toDecimalText(minor < 0n ? -minor : minor, currency);
  return `<Amt Ccy="${currency}">${amount}</Amt><CdtDbtInd>${minor < 0n ? 'DBIT' : 'CRDT'}</CdtDbtInd>`;
}

function entryOf(line: StatementLine, statement: Statement): string {
  const check = element('ChqNb', line.check_number ?? undefined, 35);
  const memo = element('Ustrd', line.memo ?? undefined, 140);
  const details = [check === '' ? '' : `<Refs>${check}</Refs>`, memo === '' ? '' : `<RmtInf>${memo}</RmtInf>`].join('');
  return (
    `<Ntry><NtryRef>${line.transaction_number}</NtryRef>${amountOf(line.amount_minor, statement)}<Sts><Cd>BOOK</Cd></Sts>` +
    `<BookgDt><Dt>${line.transaction_date}</Dt></BookgDt><ValDt><Dt>${line.effective_date}</Dt></ValDt>` +
    `<BkTxCd><Prtry>${element('Cd', line.transaction_type, 35)}</Prtry></BkTxCd>` +
    `${details === '' ? '' : `<NtryDtls><TxDtls>${details}</TxDtls></NtryDtls>`}${element('AddtlNtryInf', line.description ?? undefined, 500)}</Ntry>\n`
  );
}
