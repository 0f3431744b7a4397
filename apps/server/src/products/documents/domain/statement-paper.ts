import type { Paper } from '../../../kernel/paper.ts';
import { digits, usDate } from './cheque-drawing.ts';

/** What a statement of one account is made of. Amounts are minor units as the ledger has them: positive is to the owner's good. */
export interface Statement {
  readonly institutionName: string;
  readonly ownerNames: readonly string[];
  readonly accountDescription: string;
  /** As the customer may see it. */
  readonly accountNumber: string;
  /** ISO 4217. */
  readonly currency: string;
  /** A loan or card tells what is owed. */
  readonly isOwed: boolean;
  /** YYYY-MM-DD, inclusive. */
  readonly from: string;
  readonly to: string;
  readonly openingMinor: bigint;
  /** Oldest first. */
  readonly rows: readonly StatementRow[];
  readonly madeAt: Date;
  readonly isPreview: boolean;
}

export interface StatementRow {
  readonly date: string;
  readonly text: string;
  readonly amountMinor: bigint;
}

export interface StatementTotals {
  readonly creditsMinor: bigint;
  readonly debitsMinor: bigint;
  readonly closingMinor: bigint;
}

export function totalsOf({ openingMinor, rows }: Pick<Statement, 'openingMinor' | 'rows'>): StatementTotals {
  const sumOf = (isWanted: (minor: bigint) => boolean): bigint =>
    rows.reduce((sum, { amountMinor }) => (isWanted(amountMinor) ? sum + amountMinor : sum), 0n);
  const creditsMinor = sumOf((minor) => minor > 0n);
  const debitsMinor = sumOf((minor) => minor < 0n);
  return { creditsMinor, debitsMinor, closingMinor: openingMinor + creditsMinor + debitsMinor };
}

export function layOutStatement(statement: Statement): Paper {
  const { creditsMinor, debitsMinor, closingMinor } = totalsOf(statement);
  const money = (minor: bigint): string => moneyText(minor, statement.currency);
  const balance = (minor: bigint): string => money(statement.isOwed ? -minor : minor);
  let running = statement.openingMinor;
  return {
    title: `${statement.isPreview ? 'Preview of your account statement' : 'Account statement'}`,
    issuer: statement.institutionName,
    recipient: [...shownOwners(statement.ownerNames), `${statement.accountDescription}, ${statement.accountNumber}`],
    facts: [
      { label: 'Period', value: `${usDate(statement.from)} to ${usDate(statement.to)}` },
      { label: statement.isOwed ? 'Owed before' : 'Opening balance', value: balance(statement.openingMinor) },
      { label: statement.isOwed ? 'Payments and credits' : 'Money in', value: money(creditsMinor) },
      { label: statement.isOwed ? 'Charges' : 'Money out', value: money(statement.isOwed ? -debitsMinor : debitsMinor) },
      { label: statement.isOwed ? 'Owed now' : 'Closing balance', value: balance(closingMinor) },
    ],
    table: {
      columns: [
        { heading: 'Date', share: 14, align: 'left' },
        { heading: 'Description', share: 50, align: 'left' },
        { heading: 'Amount', share: 18, align: 'right' },
        { heading: statement.isOwed ? 'Owed' : 'Balance', share: 18, align: 'right' },
      ],
      rows: statement.rows.map(({ date, text, amountMinor }) => {
        running += amountMinor;
        return [usDate(date), text, money(amountMinor), balance(running)];
      }),
      whenEmpty: 'No transactions in this period.',
    },
    notes: ['Please look this statement through and tell us of errors within 60 days.'],
    madeAt: statement.madeAt,
  };
}

/** The head of a page has room for so many lines. */
const mostOwners = 8;

function shownOwners(names: readonly string[]): readonly string[] {
  if (names.length <= mostOwners) return names;
  const shown = names.slice(0, mostOwners - 1);
  return [...shown, `and ${names.length - shown.length} others`];
}

function moneyText(minor: bigint, currency: string): string {
  const unit = currency === 'USD' ? '$' : `${currency} `;
  return minor < 0n ? `-${unit}${digits(-minor)}` : `${unit}${digits(minor)}`;
}
