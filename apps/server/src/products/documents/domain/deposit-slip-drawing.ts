import type { Drawing, DrawingItem } from '../../../kernel/drawing.ts';
import { digits, usDate } from './cheque-drawing.ts';

/** What a deposit slip says. Amounts are minor units. */
export interface DepositSlip {
  readonly institutionName: string;
  readonly ownerName: string;
  readonly accountNumber: string;
  readonly date: string;
  readonly reference: string | undefined;
  readonly cashMinor: bigint;
  readonly cheques: readonly { readonly number: string; readonly amountMinor: bigint }[];
}

const [width, height] = [1200, 550];
const firstRow = 150;
const rowHeight = 50;
/** As many as there is room for; what is more is one row. */
const mostRows = 5;

export function drawDepositSlip(slip: DepositSlip): Drawing {
  const rows = rowsOf(slip);
  const totalMinor = slip.cheques.reduce((sum, { amountMinor }) => sum + amountMinor, slip.cashMinor);
  const totalY = firstRow + rows.length * rowHeight + 20;
  return {
    width,
    height,
    items: [
      { kind: 'box', x: 0, y: 0, width, height, fill: 'white' },
      { kind: 'box', x: 12, y: 12, width: width - 24, height: height - 24, stroke: '#b4b4b4' },
      { kind: 'text', x: 50, y: 75, size: 34, text: 'Deposit', weight: 'bold' },
      { kind: 'text', x: 1150, y: 75, size: 26, text: slip.institutionName, anchor: 'end', widest: 640 },
      ...label(50, 150, 'Name', slip.ownerName),
      ...label(50, 240, 'Account', slip.accountNumber),
      ...label(50, 330, 'Date', usDate(slip.date)),
      ...(slip.reference === undefined ? [] : label(50, 420, 'Reference', slip.reference)),
      ...rows.flatMap(([text, minor], index) => amountRow(text, minor, firstRow + index * rowHeight)),
      ...amountRow('Total', totalMinor, totalY, 'bold'),
    ],
  };
}

function rowsOf({ cashMinor, cheques }: DepositSlip): readonly (readonly [string, bigint])[] {
  const cash: readonly (readonly [string, bigint])[] = [['Cash', cashMinor]];
  const single = cheques.map(({ number, amountMinor }) => [`Cheque ${number}`, amountMinor] as const);
  if (single.length < mostRows) return [...cash, ...single];
  const rest = cheques.slice(mostRows - 2);
  return [
    ...cash,
    ...single.slice(0, mostRows - 2),
    [`${rest.length} more cheques`, rest.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)],
  ];
}

function label(x: number, y: number, name: string, value: string): DrawingItem[] {
  return [
    { kind: 'text', x, y: y - 32, size: 18, text: name },
    { kind: 'text', x, y, size: 28, text: value, widest: 560 },
    { kind: 'line', from: { x, y: y + 10 }, to: { x: 620, y: y + 10 }, width: 2 },
  ];
}

function amountRow(text: string, minor: bigint, y: number, weight: 'regular' | 'bold' = 'regular'): DrawingItem[] {
  return [
    { kind: 'text', x: 690, y, size: 24, text, weight, widest: 220 },
    { kind: 'text', x: 1150, y, size: 28, text: `$${digits(minor)}`, weight, anchor: 'end', widest: 230 },
    { kind: 'line', from: { x: 680, y: y + 10 }, to: { x: 1150, y: y + 10 }, width: 1 },
  ];
}
