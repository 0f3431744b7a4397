import fc from 'fast-check';
import { expect, test } from 'vitest';
import { absolute, toAmount, toDecimalText, toMoney } from './money.ts';

const minor = fc.bigInt({ min: -(10n ** 15n) + 1n, max: 10n ** 15n - 1n });

test.each([
  [1230n, 12.3, '12.30'],
  [-5n, -0.05, '-0.05'],
  [0n, 0, '0.00'],
  [100n, 1, '1.00'],
  [999_999_999_999_999n, 9_999_999_999_999.99, '9999999999999.99'],
])('%s minor units are %s in JSON and %s in XML', (amount, number, text) => {
  expect(toAmount(amount)).toBe(number);
  expect(toDecimalText(amount)).toBe(text);
});

test('no cent is lost or made on the way to JSON: the text of the number is the amount, with at most two decimals', () => {
  fc.assert(
    fc.property(minor, (amount) => {
      const text = JSON.stringify(toAmount(amount));
      expect(text).toMatch(/^-?\d+(?:\.\d{1,2})?$/u);
      const [whole = '', decimals = ''] = text.replace('-', '').split('.');
      expect(BigInt(whole + decimals.padEnd(2, '0'))).toBe(absolute(amount));
      expect(text.startsWith('-')).toBe(amount < 0n);
    }),
  );
});

test('XML and JSON say the same amount, and XML always has two decimals', () => {
  fc.assert(
    fc.property(minor, (amount) => {
      expect(toDecimalText(amount)).toMatch(/^-?\d+\.\d\d$/u);
      expect(Number(toDecimalText(amount))).toBe(toAmount(amount));
    }),
  );
});

test('an amount that JSON cannot carry exactly is a mistake of ours, not a rounded number', () => {
  expect(() => toAmount(10n ** 15n)).toThrow('too large');
  expect(() => toMoney(-(10n ** 15n), 'USD')).toThrow('too large');
});
