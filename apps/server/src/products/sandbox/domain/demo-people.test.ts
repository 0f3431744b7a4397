import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSeededRandom, generatePeople } from './demo-people.ts';
import { planSeed } from './seed-plan.ts';

const deriveId = (name: string) => createHash('sha256').update(name).digest('hex').slice(0, 32);
const plan = planSeed(deriveId, ['accounts:read', 'institution-users:read'], (_, accountKey) => String(accountKey));

test('the same seed makes the same people on every machine', () => {
  expect(generatePeople(20, 7)).toEqual(generatePeople(20, 7));
  expect(generatePeople(5, 7)).toEqual(generatePeople(20, 7).slice(0, 5));
  expect(generatePeople(20, 8)).not.toEqual(generatePeople(20, 7));
  const random = createSeededRandom(42);
  expect([random(), random()]).toEqual([0.6011037519201636, 0.44829055899754167]);
});

test('every person has a different login name of 8 to 20 letters and digits, and an address that reaches nobody', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 99 }), fc.integer(), (count, seed) => {
      const people = generatePeople(count, seed);
      expect(new Set(people.map(({ loginName }) => loginName)).size).toBe(count);
      for (const { loginName, emailAddress, middleName } of people) {
        expect(loginName).toMatch(/^[a-z]+[0-9]{2}$/u);
        expect(loginName.length).toBeGreaterThanOrEqual(8);
        expect(loginName.length).toBeLessThanOrEqual(20);
        expect(emailAddress).toMatch(/^[a-z0-9.]+@example\.com$/u);
        expect(middleName).toMatch(/^[A-Z]$/u);
      }
    }),
    { numRuns: 200 },
  );
});

describe('the seed', () => {
  test('is the same each time', () => {
    expect(planSeed(deriveId, ['accounts:read', 'institution-users:read'], (_, accountKey) => String(accountKey))).toEqual(plan);
  });

  test('has two institutions, each with three applications and ten customers', () => {
    expect(plan.map(({ institutionId }) => institutionId)).toEqual(['00042', '00077']);
    for (const { applications, customers } of plan) {
      expect(applications.map(({ edition, grants }) => [edition, ...grants])).toEqual([
        ['v2', 'client_credentials'],
        ['v2', 'password', 'refresh_token'],
        ['v1', 'client_credentials', 'password'],
      ]);
      expect(customers).toHaveLength(10);
      expect(customers.filter(({ state }) => state === 'locked')).toHaveLength(1);
      expect(customers.filter(({ state }) => state === 'onHold')).toHaveLength(1);
      expect(customers.filter(({ userType }) => userType === 'BUSINESS')).toHaveLength(1);
    }
  });

  test('gives nothing the same identifier twice', () => {
    const customers = plan.flatMap((institution) => institution.customers);
    const applications = plan.flatMap((institution) => institution.applications);
    for (const ids of [
      customers.map(({ customerId }) => customerId),
      customers.map(({ institutionUserId }) => institutionUserId),
      customers.map(({ authId }) => authId),
    ]) {
      expect(new Set(ids).size).toBe(20);
    }
    expect(new Set(applications.map(({ clientId }) => clientId)).size).toBe(6);
    for (const { clientId } of applications) expect(clientId).toMatch(/^[0-9A-Za-z]{48}$/u);
  });

  test('has a sub-user who reaches the customer of its primary', () => {
    for (const { customers } of plan) {
      const subUser = customers.find(({ role }) => role === 'ENTITLED');
      const primary = customers.find(({ institutionUserId }) => institutionUserId === subUser?.parentInstitutionUserId);
      expect(primary).toMatchObject({ role: 'PRIMARY', userType: 'RETAIL', state: 'active' });
      expect(subUser?.reachedCustomerId).toBe(primary?.customerId);
      expect(subUser?.memberNumber).toBe(primary?.memberNumber);
      expect(subUser?.customerId).not.toBe(primary?.customerId);
    }
  });
});
