import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AccountUserFacts, usersByAccount } from './account-users.ts';
import { closestFirst, decideEntitlement } from './entitlement.ts';

const accountKey = fc.bigInt({ min: 1n, max: 3n });
const memberNumber = fc.constantFrom('m1', 'm2', 'm3');
const institutionUserId = fc.constantFrom('u1', 'u2', 'u3', 'u4');
const rolesByUser = fc.record({
  u1: fc.constantFrom('PRIMARY' as const, 'ENTITLED' as const),
  u2: fc.constantFrom('BUSINESS_ADMIN' as const, 'BUSINESS_USER' as const),
  u3: fc.constant('BUSINESS_USER' as const),
  u4: fc.constant('PRIMARY' as const),
});
const holdings = fc.uniqueArray(
  fc.record({ accountKey, memberNumber, ownership: fc.constantFrom('PRIMARY' as const, 'JOINT' as const, 'CROSS' as const) }),
  { selector: (one) => `${one.accountKey} ${one.memberNumber}` },
);
const links = fc.uniqueArray(fc.record({ memberNumber, institutionUserId }), {
  selector: (one) => `${one.memberNumber} ${one.institutionUserId}`,
});
const granted = fc.uniqueArray(
  fc.record({
    accountKey,
    institutionUserId,
    mayView: fc.boolean(),
    mayTransferFrom: fc.boolean(),
    mayTransferTo: fc.boolean(),
    isHistoryEntitled: fc.boolean(),
    isHidden: fc.boolean(),
    nickName: fc.constant(undefined),
  }),
  { selector: (one) => `${one.accountKey} ${one.institutionUserId}` },
);

test('whoever reaches a holder and may see the account is told of it once, at the customer who holds it the closest', () => {
  fc.assert(
    fc.property(holdings, links, granted, rolesByUser, (held, linked, grants, roles) => {
      const users = linked.map((one) => ({
        ...one,
        customerId: `customer of ${one.memberNumber}`,
        userRole: roles[one.institutionUserId],
      }));
      const facts: AccountUserFacts = { holdings: held, users, granted: grants };
      const found = usersByAccount(facts);
      for (const key of [1n, 2n, 3n])
        for (const user of ['u1', 'u2', 'u3', 'u4'] as const) {
          const ways = held.filter(
            (one) =>
              one.accountKey === key &&
              linked.some((link) => link.memberNumber === one.memberNumber && link.institutionUserId === user),
          );
          const onFile = grants.find((one) => one.accountKey === key && one.institutionUserId === user);
          const seen = (found.get(key) ?? []).filter((one) => one.institutionUserId === user);
          if (ways.length === 0 || decideEntitlement(roles[user], onFile) === undefined) expect(seen).toEqual([]);
          else expect(seen).toEqual([{ institutionUserId: user, customerId: `customer of ${closestOf(ways)}` }]);
        }
      expect([...found.values()].every((list) => list.length > 0)).toBe(true);
    }),
  );
});

function closestOf(ways: AccountUserFacts['holdings']): string | undefined {
  return [...ways].sort(closestFirst)[0]?.memberNumber;
}
