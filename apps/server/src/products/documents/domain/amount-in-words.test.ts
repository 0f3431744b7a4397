import fc from 'fast-check';
import { expect, test } from 'vitest';
import { amountInWords } from './amount-in-words.ts';

test.each([
  [0n, 'Zero and 00/100'],
  [5n, 'Zero and 05/100'],
  [100n, 'One and 00/100'],
  [1_999n, 'Nineteen and 99/100'],
  [123_450n, 'One thousand two hundred thirty-four and 50/100'],
  [10_000_000n, 'One hundred thousand and 00/100'],
  [100_000_100n, 'One million one and 00/100'],
])('%s cents are %s', (minor, words) => {
  expect(amountInWords(minor)).toBe(words);
});

const values: Readonly<Record<string, bigint>> = {
  ...Object.fromEntries(
    'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'
      .split(' ')
      .map((word, index) => [word, BigInt(index)]),
  ),
  ...Object.fromEntries(
    'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ').map((word, index) => [word, BigInt(index + 2) * 10n]),
  ),
};
const scales: Readonly<Record<string, bigint>> = {
  thousand: 10n ** 3n,
  million: 10n ** 6n,
  billion: 10n ** 9n,
  trillion: 10n ** 12n,
};

/** Reads the words back, as whoever pays the cheque does. */
function read(text: string): bigint {
  const [words = '', cents = ''] = text.toLowerCase().split(' and ');
  let [total, group] = [0n, 0n];
  for (const word of words.split(/[ -]/u)) {
    const scale = scales[word];
    if (scale !== undefined) [total, group] = [total + group * scale, 0n];
    else group = word === 'hundred' ? group * 100n : group + (values[word] ?? 0n);
  }
  return (total + group) * 100n + BigInt(cents.replace('/100', ''));
}

test('whatever the amount, its words are read as that amount', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), (minor) => {
      expect(read(amountInWords(minor))).toBe(minor);
    }),
  );
});
