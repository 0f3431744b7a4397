import type { Drawing, DrawingItem } from '../../../kernel/drawing.ts';
import { amountInWords } from './amount-in-words.ts';

/** What a cheque says. Amounts are minor units. */
export interface Cheque {
  readonly institutionName: string;
  readonly drawerName: string;
  readonly payee: string;
  readonly memo: string | undefined;
  readonly number: string;
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly amountMinor: bigint;
  readonly routingNumber: string;
  readonly accountNumber: string;
}

/** 6 by 2¾ inches, as a personal cheque is. */
const [width, height] = [1200, 550];
const grey = '#b4b4b4';

export function drawChequeFront(cheque: Cheque): Drawing {
  return {
    width,
    height,
    items: [
      ...frame(),
      { kind: 'text', x: 50, y: 70, size: 30, text: cheque.drawerName, weight: 'bold', widest: 620 },
      { kind: 'text', x: 1150, y: 65, size: 34, text: cheque.number, weight: 'bold', anchor: 'end', widest: 300 },
      { kind: 'text', x: 790, y: 140, size: 20, text: 'Date' },
      { kind: 'text', x: 860, y: 136, size: 28, text: usDate(cheque.date) },
      rule(850, 1150, 145),
      { kind: 'text', x: 50, y: 205, size: 18, text: 'Pay to the' },
      { kind: 'text', x: 50, y: 228, size: 18, text: 'order of' },
      { kind: 'text', x: 160, y: 222, size: 32, text: cheque.payee, widest: 720 },
      rule(150, 900, 232),
      { kind: 'box', x: 925, y: 185, width: 225, height: 52, stroke: 'black' },
      {
        kind: 'text',
        x: 1138,
        y: 222,
        size: 30,
        text: `$${digits(cheque.amountMinor)}`,
        weight: 'bold',
        anchor: 'end',
        widest: 205,
      },
      { kind: 'text', x: 50, y: 298, size: 28, text: amountInWords(cheque.amountMinor), widest: 960 },
      rule(50, 1020, 308),
      { kind: 'text', x: 1035, y: 303, size: 20, text: 'dollars' },
      { kind: 'text', x: 50, y: 370, size: 26, text: cheque.institutionName, weight: 'bold', widest: 700 },
      { kind: 'text', x: 50, y: 437, size: 18, text: 'For' },
      ...(cheque.memo === undefined ? [] : [line(95, 435, 24, cheque.memo, 480)]),
      rule(90, 590, 445),
      line(720, 435, 30, cheque.drawerName, 420),
      rule(700, 1150, 445),
      { kind: 'micr', x: 60, y: 520, text: micrLine(cheque) },
    ],
  };
}

export function drawChequeBack({ payee, date, institutionName }: Cheque): Drawing {
  return {
    width,
    height,
    items: [
      ...frame(),
      { kind: 'text', x: 50, y: 60, size: 22, text: 'Endorse here' },
      line(60, 120, 30, payee, 560),
      rule(50, 640, 130),
      rule(50, 640, 185),
      rule(50, 640, 240),
      { kind: 'text', x: 50, y: 275, size: 16, text: 'Do not write, stamp or sign below this line' },
      rule(50, 640, 285),
      { kind: 'box', x: 700, y: 60, width: 440, height: 170, stroke: grey },
      { kind: 'text', x: 720, y: 105, size: 24, text: 'For deposit', weight: 'bold' },
      line(720, 150, 22, institutionName, 400),
      { kind: 'text', x: 720, y: 195, size: 22, text: usDate(date) },
    ],
  };
}

/** Transit number, account, serial number: the order of a personal cheque. */
function micrLine({ routingNumber, accountNumber, number }: Cheque): string {
  return `A${onlyDigits(routingNumber)}A${onlyDigits(accountNumber)}C${onlyDigits(number)}`;
}

const onlyDigits = (text: string): string => text.replace(/[^0-9]/g, '').slice(0, 20);

function frame(): DrawingItem[] {
  return [
    { kind: 'box', x: 0, y: 0, width, height, fill: 'white' },
    { kind: 'box', x: 12, y: 12, width: width - 24, height: height - 24, stroke: grey },
  ];
}

function rule(fromX: number, toX: number, y: number): DrawingItem {
  return { kind: 'line', from: { x: fromX, y }, to: { x: toX, y }, width: 2 };
}

function line(x: number, y: number, size: number, text: string, widest: number): DrawingItem {
  return { kind: 'text', x, y, size, text, widest };
}

/** MM/DD/YYYY */
export function usDate(date: string): string {
  return `${date.slice(5, 7)}/${date.slice(8, 10)}/${date.slice(0, 4)}`;
}

/** 1,234.50 */
export function digits(minor: bigint): string {
  const whole = String(minor / 100n).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${whole}.${String(minor % 100n).padStart(2, '0')}`;
}
