import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BodyFields, type FieldRefusal } from './body-fields.ts';

const refusalOf = (read: (fields: BodyFields) => unknown, members: Record<string, unknown>): FieldRefusal | undefined => {
  const fields = new BodyFields(members);
  read(fields);
  return fields.refusal;
};

test.each([
  [{}, 'attributeMissing'],
  [{ x: null }, 'attributeMissing'],
  [{ x: '' }, 'fieldRequired'],
  [{ x: 7 }, 'fieldInvalid'],
  [{ x: 'toolong' }, 'fieldInvalid'],
  [{ x: 'é' }, 'notPrintableAscii'],
  [{ x: 'fine' }, undefined],
])('a required text %j: %s', (members, refusal) => {
  expect(refusalOf((fields) => fields.text('x', { isRequired: true, maxLength: 5 }), members)).toBe(refusal);
});

test.each([
  [{ x: 0 }, undefined],
  [{ x: '12' }, undefined],
  [{ x: -1 }, 'fieldInvalid'],
  [{ x: 1.5 }, 'fieldInvalid'],
  [{ x: 'one' }, 'fieldInvalid'],
])('an id %j: %s', (members, refusal) => {
  expect(refusalOf((fields) => fields.id('x'), members)).toBe(refusal);
});

test('the first refusal stays, whichever object it was in', () => {
  const fields = new BodyFields({ inner: { y: 1 }, z: 'é' });
  fields.inside('inner').text('y', { maxLength: 5 });
  fields.text('z', { maxLength: 5 });
  expect(fields.refusal).toBe('fieldInvalid');
});

test('no body makes the reader fail, and what every object inherits is no member', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'constructor'), fc.anything()), (members) => {
      const fields = new BodyFields(members);
      fields.text('a', { maxLength: 9 });
      fields.id('b');
      fields.textMap('a', 9);
      fields.items('b', { most: 2 });
      fields.inside('a').flag('b');
      fields.choice('b', ['ONE']);
      expect(fields.has('toString')).toBe(false);
    }),
  );
});
