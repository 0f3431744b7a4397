import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultAccountsPolicy } from '../../../kernel/accounts-policy.ts';
import { decideAccountNumberForm, decideNumberForm, maskMicr, maskNumber } from './account-number.ts';

const number = fc.stringMatching(/^[0-9]{1,20}$/u);

test('a masked number shows its last four characters and gives away no other', () => {
  fc.assert(
    fc.property(number, fc.constantFrom('' as const, '*' as const), (whole, lead) => {
      const form = decideNumberForm(defaultAccountsPolicy, { isUnmasked: false, lead });
      if (!form.ok) throw new Error('The standard settings are good.');
      const shown = form.value.show(whole);
      expect(shown).toBe(whole.length <= 4 ? whole : lead + whole.slice(-4));
      expect(form.value.format(whole)).toBe(whole);
    }),
  );
});

test('whoever may see whole numbers sees them in the form of the institution', () => {
  const settings = { ...defaultAccountsPolicy, numberFormat: 'S-{number}' };
  const form = decideNumberForm(settings, { isUnmasked: true, lead: '*' });
  expect(form.ok && form.value.show('123456')).toBe('S-123456');
  // Nothing in a number is read as a pattern of the replacement.
  expect(form.ok && form.value.show('$&$1')).toBe('S-$&$1');
});

test.each(['', 'N'.repeat(9), 'N'.repeat(100), 'XXXX', 'last4', 'NN NN'])('a mask %j shows nobody anything', (maskFormat) => {
  const settings = { ...defaultAccountsPolicy, maskFormat };
  const masked = { isUnmasked: false, lead: '' } as const;
  expect(decideNumberForm(settings, masked)).toEqual({ ok: false, refusal: 'maskFormatInvalid' });
  expect(decideAccountNumberForm(settings, [], masked)).toEqual({ ok: false, refusal: 'maskFormatInvalid' });
  expect(decideNumberForm(settings, { ...masked, isUnmasked: true }).ok).toBe(true);
});

test('no mask shows no character, which would be all of them', () => {
  expect(maskNumber('123456', 1, '*')).toBe('*6');
  expect(() => maskNumber('123456', 0, '')).toThrow();
});

test('a MICR number keeps its first six digits and its length', () => {
  expect(maskMicr('0001234544712')).toBe('000123XXXXXXX');
  expect(maskMicr('0001')).toBe('0001');
});
