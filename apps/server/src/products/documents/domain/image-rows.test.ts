import { describe, expect, test } from 'vitest';
import { decideTransactionImage, earliestKept, type TransactionImageRequest } from './image-request.ts';
import { findImageRows, type ImageRow } from './image-rows.ts';

const row = (transactionNumber: bigint, more: Partial<ImageRow> = {}): ImageRow => ({
  transactionNumber,
  type: 'CHECK',
  imageType: 'CHECK',
  ...more,
});
const rows = [
  row(1n, { checkNumber: '000201' }),
  row(2n, { checkNumber: '202', imageType: undefined }),
  row(3n, { imageType: 'DEPOSIT_CHECK', type: 'DEPOSIT', checkNumber: '77' }),
  row(4n, { imageType: 'DEPOSIT_CHECK', type: 'DEPOSIT', checkNumber: '77' }),
  row(5n, { imageType: 'DEPOSIT_CHECK', type: 'DEPOSIT' }),
  row(6n, { imageType: 'DEPOSIT_SLIP', type: 'DEPOSIT', checkNumber: '202' }),
];
const matching = { identified: undefined, byIdentifier: true, transactionTypes: undefined };
const asked = (more: Partial<TransactionImageRequest>): TransactionImageRequest => ({
  ...{ type: 'CHECK', date: '2026-03-05', identifier: undefined, number: undefined },
  ...more,
});
const numbersOf = (request: TransactionImageRequest, how = {}) => {
  const found = findImageRows(rows, request, { ...matching, ...how });
  return found.ok ? found.value.map(({ transactionNumber }) => Number(transactionNumber)) : found.refusal;
};

describe('the transaction of an image', () => {
  test('is found by number without regard to leading zeros', () => {
    expect(numbersOf(asked({ number: '201' }))).toEqual([1]);
    expect(numbersOf(asked({ number: '999' }))).toBe('transactionNotFound');
  });

  test('that has no image of it is told apart from none at all', () => {
    expect(numbersOf(asked({ number: '202' }))).toBe('imageNotFound');
    expect(numbersOf(asked({ number: '201' }), { transactionTypes: ['DEPOSIT'] })).toBe('imageNotFound');
  });

  test('is found by its identifier where the institution matches those', () => {
    expect(numbersOf(asked({ identifier: 'x', number: '999' }), { identified: 1n })).toEqual([1]);
    expect(numbersOf(asked({ identifier: 'x', number: '999' }), { identified: 1n, byIdentifier: false })).toBe(
      'transactionNotFound',
    );
    expect(numbersOf(asked({ identifier: 'x' }), { identified: undefined })).toBe('transactionNotFound');
  });

  test('of deposits is found by identifier, or by reference where identifiers are not matched', () => {
    const slip = { type: 'DEPOSIT_SLIP', identifier: 'x' } as const;
    expect(numbersOf(asked({ ...slip, number: '202' }), { byIdentifier: false })).toEqual([6]);
    expect(numbersOf(asked(slip), { byIdentifier: false, identified: 6n })).toEqual([6]);
  });

  test('brings all cheques of its deposit', () => {
    expect(numbersOf(asked({ type: 'DEPOSIT_CHECK', identifier: 'x' }), { identified: 4n })).toEqual([3, 4]);
    expect(numbersOf(asked({ type: 'DEPOSIT_CHECK', identifier: 'x' }), { identified: 5n })).toEqual([5]);
  });
});

test('a number of a cheque is made of digits, and needed unless something else finds it', () => {
  const of = (transactionImageNumber: string | undefined, needsNumber = true) => {
    const decided = decideTransactionImage({ transactionDate: '2026-03-05', transactionImageNumber }, 'CHECK', needsNumber);
    return decided.ok ? decided.value.number : decided.refusal;
  };
  expect([of('00201'), of('0'), of('2a'), of(''), of(undefined), of(undefined, false)]).toEqual([
    '201',
    '0',
    'imageNumberInvalid',
    'imageNumberInvalid',
    'imageNumberInvalid',
    undefined,
  ]);
});

test('images are kept for whole years', () => {
  expect(earliestKept('2026-04-10', 7)).toBe('2019-04-10');
  // No day of a calendar, but still the bound between two that are.
  expect(earliestKept('2028-02-29', 7)).toBe('2021-02-29');
});
