import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toDecimalText } from './decimal-text.ts';
import { element } from './xml-text.ts';

test.each([
  [0n, 'USD', '0.00'],
  [-5n, 'USD', '-0.05'],
  [123_456n, 'USD', '1234.56'],
  [1_234n, 'JPY', '1234'],
  [-1n, 'BHD', '-0.001'],
])('%i minor units of %s are %s', (minor, currency, text) => {
  expect(toDecimalText(minor, currency)).toBe(text);
});

test('the decimals of an amount are the amount, however large it is', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n }), (minor) => {
      expect(BigInt(toDecimalText(minor, 'USD').replace('.', ''))).toBe(minor);
    }),
  );
});

test('no text ends its element, begins another, or holds what XML forbids', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
      const made = element('N', text, 30);
      expect(made).toMatch(/^(<N>[^<>\p{Cc}\p{Cs}\uFFFE\uFFFF]+<\/N>)?$/u);
    }),
  );
  expect(element('N', 'a & b\n\t<c>', 30)).toBe('<N>a &amp; b &lt;c&gt;</N>');
  expect(element('N', '  ', 30)).toBe('');
  expect(element('N', 'x'.repeat(40), 30)).toBe(`<N>${'x'.repeat(30)}</N>`);
});
