import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closestFirst, decideEntitlement, type Entitlement, type UserRole } from './entitlement.ts';

const roles = ['PRIMARY', 'ENTITLED', 'BUSINESS_ADMIN', 'BUSINESS_SECONDARY_ADMIN', 'BUSINESS_USER'] as const;
const role = fc.constantFrom<UserRole>(...roles);
const granted: fc.Arbitrary<Entitlement> = fc.record({
  mayView: fc.boolean(),
  mayTransferFrom: fc.boolean(),
  mayTransferTo: fc.boolean(),
  isHistoryEntitled: fc.boolean(),
  isHidden: fc.boolean(),
  nickName: fc.option(fc.string(), { nil: undefined }),
});

test('a primary and an administrator may everything that nobody took from them; others nothing that nobody granted', () => {
  for (const one of roles) {
    const found = decideEntitlement(one, undefined);
    if (one === 'PRIMARY' || one === 'BUSINESS_ADMIN')
      expect(found).toMatchObject({
        mayView: true,
        mayTransferFrom: true,
        mayTransferTo: true,
        isHistoryEntitled: true,
        isHidden: false,
      });
    else expect(found).toBeUndefined();
  }
});

test('what is on file counts for every role, and who may not view learns nothing', () => {
  fc.assert(
    fc.property(role, granted, (one, onFile) => {
      expect(decideEntitlement(one, onFile)).toEqual(onFile.mayView ? onFile : undefined);
    }),
  );
});

test('of several ways to one account the closest counts', () => {
  const ways = [{ ownership: 'CROSS' }, { ownership: 'JOINT' }, { ownership: 'PRIMARY' }] as const;
  expect([...ways].sort(closestFirst).map(({ ownership }) => ownership)).toEqual(['PRIMARY', 'JOINT', 'CROSS']);
});
