import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ContactInfoBody, parseContactChange } from './contact-change.ts';
import { maskContact } from './mask-contact.ts';

const address = { address1: '1 Sample Row', city: 'Springdale', state: 'NJ' };
const parsed = (body: ContactInfoBody) => {
  const result = parseContactChange(body);
  return result.ok ? result.value : result.refusal;
};

describe('a change of contact data', () => {
  test('a number of the US needs no calling code', () => {
    expect(parsed({ phoneNumber: { oldPhoneNumber: 2_015_550_142, newPhoneNumber: '2015550143' } })).toEqual({
      phone: { old: { countryCode: '1', number: '2015550142' }, new: { countryCode: '1', number: '2015550143' } },
      emailAddress: undefined,
      postalAddress: undefined,
    });
  });

  test('a blank address line is absent, and the country is the US by default', () => {
    expect(parsed({ postalAddress: { ...address, address2: ' ', state: 'nj' } })).toMatchObject({
      postalAddress: {
        streetAddress1: '1 Sample Row',
        streetAddress2: undefined,
        state: 'NJ',
        country: 'US',
        postalCode: undefined,
      },
    });
  });

  test.each([
    [7047, 'US', '07047'],
    ['07047', 'US', '07047'],
    ['07047-1234', 'US', '07047-1234'],
    ['070471234', 'US', '070471234'],
    ['SW1A 1AA', 'GB', 'SW1A 1AA'],
    [10_115, 'DE', '10115'],
  ])('postal code %s of %s is %s', (postalCode, country, expected) => {
    expect(parsed({ postalAddress: { ...address, country, postalCode } })).toMatchObject({
      postalAddress: { postalCode: expected },
    });
  });

  test.each([
    ['West Virginia', 'WV'],
    ['CALIFORNIA', 'CA'],
    ['dc', 'DC'],
    ['Puerto Rico', 'PR'],
  ])('state %s is %s', (state, expected) => {
    expect(parsed({ postalAddress: { ...address, state } })).toMatchObject({ postalAddress: { state: expected } });
  });

  test('a state of another country stays as it is written', () => {
    expect(parsed({ postalAddress: { ...address, state: 'Bayern', country: 'de' } })).toMatchObject({
      postalAddress: { state: 'Bayern', country: 'DE' },
    });
  });

  test('of any body is read or refused, and never breaks', () => {
    const text = fc.option(fc.string({ unit: 'binary', maxLength: 80 }), { nil: undefined });
    const group = fc.dictionary(
      fc.constantFrom('emailAddress', 'newPhoneNumber', 'address1', 'city', 'state', 'postalCode', 'country'),
      text.map((some) => some ?? ''),
    );
    fc.assert(
      fc.property(group, group, group, (phoneNumber, email, postalAddress) => {
        const result = parseContactChange({ phoneNumber, email, postalAddress });
        if (result.ok) expect(result.value.phone?.new.number).toMatch(/^\d{4,15}$/u);
      }),
    );
  });
});

test('a masked contact shows the last four digits, or the first letter and the domain', () => {
  expect(['2015550142', '123', 'pat@example.com', 'p@x.org'].map(maskContact)).toEqual([
    '******0142',
    '123',
    'p***@example.com',
    'p***@x.org',
  ]);
});
