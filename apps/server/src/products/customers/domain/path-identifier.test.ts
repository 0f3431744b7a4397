import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCustomerId, parseInstitutionUserId, parseLoginName, parseMemberNumber } from './path-identifier.ts';

const lower = '5b0c9e1f7a2d4c3e8f60a1b2c3d4e5f6';
const dashed = '5b0c9e1f-7a2d-4c3e-8f60-a1b2c3d4e5f6';

/** Any text: controls, symbols and halves of surrogate pairs as well. */
const anyText = (maxLength: number) =>
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength }).map((units) => String.fromCharCode(...units));

test('a customer id is taken in any case, with dashes or without, and means the same', () => {
  for (const text of [lower, lower.toUpperCase(), dashed, dashed.toUpperCase()]) expect(parseCustomerId(text)).toBe(lower);
});

test.each([
  '',
  lower.slice(1),
  `${lower}0`,
  `${lower.slice(1)}g`,
  ` ${lower.slice(1)}`,
  `${lower}\n`,
  dashed.replace('-', ''),
  `{${dashed}}`,
  '5b0c9e1f7-a2d-4c3e-8f60-a1b2c3d4e5f6',
])('%j is no customer id', (text) => {
  expect(parseCustomerId(text)).toBeUndefined();
});

test('an institution user id is 32 hexadecimal digits in any case', () => {
  expect(parseInstitutionUserId(lower)).toBe(lower.toUpperCase());
  expect(parseInstitutionUserId(lower.toUpperCase())).toBe(lower.toUpperCase());
  expect(parseInstitutionUserId(dashed)).toBeUndefined();
  expect(parseInstitutionUserId(`${lower}\n`)).toBeUndefined();
});

test('a member number has at most 32 letters and digits', () => {
  expect(parseMemberNumber('1000200030')).toBe('1000200030');
  expect(parseMemberNumber('A'.repeat(32))).toBe('A'.repeat(32));
  for (const text of ['', 'A'.repeat(33), '10-20', '10 20', "1'or'1"]) expect(parseMemberNumber(text)).toBeUndefined();
});

test('a login name has 1 to 256 printable characters and is not blank', () => {
  expect(parseLoginName('ann.miller@example.com')).toBe('ann.miller@example.com');
  expect(parseLoginName('a'.repeat(256))).toHaveLength(256);
  for (const text of ['', '   ', 'a'.repeat(257), 'zo\u00eb', 'ann\n']) expect(parseLoginName(text)).toBeUndefined();
});

test('no text makes them throw, and what they accept they accept again', () => {
  const parsers = [parseCustomerId, parseInstitutionUserId, parseMemberNumber, parseLoginName];
  fc.assert(
    fc.property(anyText(50), (text) =>
      parsers.every((parse) => {
        const parsed = parse(text);
        return parsed === undefined || parse(parsed) === parsed;
      }),
    ),
  );
});
