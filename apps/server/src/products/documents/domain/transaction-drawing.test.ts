import { describe, expect, test } from 'vitest';
import type { Drawing } from '../../../kernel/drawing.ts';
import { drawDepositSlip } from './deposit-slip-drawing.ts';
import { type DrawnTransaction, drawTransaction } from './transaction-drawing.ts';

const cheque: DrawnTransaction = {
  type: 'CHECK',
  institutionName: 'Harbor Bank',
  ownerName: 'Pat Demo',
  accountNumber: '6789',
  routingNumber: '123456780',
  date: '2026-03-05',
  amountMinor: -123_450n,
  number: '201',
  merchantName: 'Oak Street Dentist',
  memo: 'March',
  description: 'Check 201',
};

const textsOf = (drawing: Drawing | undefined): string[] =>
  (drawing?.items ?? []).flatMap((item) => (item.kind === 'text' || item.kind === 'micr' ? [item.text] : []));

describe('a cheque', () => {
  test('tells who pays whom, how much in figures and words, when, and bears a line for machines', () => {
    const [front, back] = drawTransaction(cheque);
    expect([front?.view, back?.view]).toEqual(['FRONT', 'BACK']);
    expect(textsOf(front?.drawing)).toEqual(
      expect.arrayContaining([
        'Pat Demo',
        'Oak Street Dentist',
        'March',
        '201',
        '03/05/2026',
        '$1,234.50',
        'One thousand two hundred thirty-four and 50/100',
        'Harbor Bank',
        'A123456780A6789C201',
      ]),
    );
    expect(textsOf(back?.drawing)).toEqual(expect.arrayContaining(['Oak Street Dentist', 'For deposit', '03/05/2026']));
  });

  test('that was deposited is drawn by somebody else, and tells nothing of the account', () => {
    const [front] = drawTransaction({ ...cheque, type: 'DEPOSIT_CHECK', amountMinor: 5_000n });
    const texts = textsOf(front?.drawing);
    expect(texts).toEqual(expect.arrayContaining(['Pat Demo', 'Oak Street Dentist', '$50.00']));
    expect(texts.filter((text) => text.includes('6789') || text.includes('Harbor'))).toEqual([]);
  });

  test('without a payee on file is made out to its memo', () => {
    const [front] = drawTransaction({ ...cheque, merchantName: undefined });
    expect(textsOf(front?.drawing).filter((text) => text === 'March')).toHaveLength(1);
  });
});

describe('a deposit slip', () => {
  test('of a transaction tells account, date, reference and amount', () => {
    const slips = drawTransaction({ ...cheque, type: 'DEPOSIT_SLIP', amountMinor: 80_000n, number: '55' });
    expect(slips.map(({ view }) => view)).toEqual(['FRONT']);
    expect(textsOf(slips[0]?.drawing)).toEqual(expect.arrayContaining(['Pat Demo', '6789', '03/05/2026', '55', '$800.00']));
  });

  test('with more cheques than it has rows for adds up the rest, and the total is that of all', () => {
    const cheques = Array.from({ length: 8 }, (_, index) => ({ number: String(index), amountMinor: 1_000n }));
    const slip = { ...cheque, reference: undefined, cashMinor: 500n, cheques };
    const texts = textsOf(drawDepositSlip(slip));
    expect(texts).toEqual(expect.arrayContaining(['5 more cheques', '$50.00', 'Total', '$85.00']));
  });
});
