import { expect, test } from 'vitest';
import { exportKeysOf } from './export-keys.ts';

const gym = { transactionDate: '2026-04-06', amountMinor: -1_250n, type: 'AUTOMATIC_DEBIT', text: 'Gym fee' };

test('the keys of a debit are those of the contract', () => {
  expect(exportKeysOf(gym, '-5:EST')).toEqual({
    ofxTid: '20260406000000[-5:EST]*-12.50*10**Gym fee',
    dcTid: '20260406*-1250*10**Gym fee',
    ccTid: '04/06/2026*12.50*10**Gym fee',
  });
});

test('a credit has no sign, and an unknown code is 0', () => {
  const back = { ...gym, amountMinor: 5n, type: 'RETURN_OF_GOODS' };
  expect(exportKeysOf(back, '-8:PST')).toMatchObject({
    dcTid: '20260406*5*600**Gym fee',
    ccTid: '04/06/2026*0.05*600**Gym fee',
  });
  expect(exportKeysOf({ ...back, type: 'CHECK' }, '-8:PST').ofxTid).toBe('20260406000000[-8:PST]*0.05*0**Gym fee');
});
