import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAdditionalInfo, toAdditionalInfo, toMinor } from './condition.ts';

test('an amount of at most two decimals keeps its value as minor units', () => {
  fc.assert(
    fc.property(fc.integer({ min: -99_999_999_999, max: 99_999_999_999 }), (minor) => {
      expect(toMinor(minor / 100)).toBe(BigInt(minor));
    }),
  );
  for (const amount of [0.001, 1.005, 1e13, Number.NaN, Number.POSITIVE_INFINITY, '1', undefined])
    expect(toMinor(amount)).toBeUndefined();
});

test('additionalInfo comes back as it was given', () => {
  const given = { threshold: 100.5, comparator: 'LT', currencyCode: 'USD', mood: { colour: 'blue' } };
  const read = readAdditionalInfo(given);
  expect(read.ok && toAdditionalInfo(read.value)).toEqual(given);
  const empty = readAdditionalInfo({});
  expect(empty.ok && toAdditionalInfo(empty.value)).toBeUndefined();
});

test.each([
  [{ threshold: '100' }, 'fieldInvalid'],
  [{ threshold: 1.001 }, 'fieldInvalid'],
  [{ comparator: 'EQ' }, 'valueInvalid'],
  [{ currencyCode: 'dollars' }, 'fieldInvalid'],
  [{ note: 'a\u0000' }, 'fieldInvalid'],
  [{ note: '\ud800' }, 'fieldInvalid'],
  [{ note: 'x'.repeat(5000) }, 'fieldInvalid'],
])('%# is refused', (given, refusal) => {
  expect(readAdditionalInfo(given)).toEqual({ ok: false, refusal });
});
