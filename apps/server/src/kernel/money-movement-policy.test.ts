import { expect, test } from 'vitest';
import { defaultMoneyMovementPolicy, parseMoneyMovementPolicy } from './money-movement-policy.ts';

test('what an institution has not set takes the default', () => {
  for (const stored of [undefined, null, {}, { other: 1 }])
    expect(parseMoneyMovementPolicy(stored)).toEqual(defaultMoneyMovementPolicy);
  expect(parseMoneyMovementPolicy({ transferLimitMinor: 5000, hasMemos: false })).toEqual({
    ...defaultMoneyMovementPolicy,
    transferLimitMinor: 5000n,
    hasMemos: false,
  });
});

test.each([
  ['currency', 'usd'],
  ['recipientProvider', 'x'],
  ['recipientAccountTypes', 'SAVINGS'],
  ['hasMemos', 'yes'],
  ['memoMaxLength', 0],
  ['overpaymentOptions', [1]],
  ['transferLimitMinor', -1],
  ['dailyLimitMinor', 1.5],
  ['recoveryHoldHours', 673],
  ['recoveryHoldLimitMinor', '100'],
  ['confirmationTemplate', 'x'.repeat(1001)],
  ['bankHolidays', ['2027-7-5']],
  ['bankHolidays', ['2027-02-29']],
  ['bankHolidays', ['Christmas']],
  ['bankHolidays', [20271225]],
  ['bankHolidays', Array.from({ length: 1001 }, () => '2028-01-01')],
])('%s out of range is refused by name', (name, value) => {
  expect(() => parseMoneyMovementPolicy({ [name]: value })).toThrow(new RegExp(`^Policy ${name} must be`, 'u'));
});
