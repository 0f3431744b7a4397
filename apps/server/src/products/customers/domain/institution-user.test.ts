import { expect, test } from 'vitest';
import { fullNameOf, type InstitutionUser, isCoveredBy } from './institution-user.ts';

const user: InstitutionUser = {
  institutionId: '00042',
  institutionUserId: '7F3A9C1E5B2D4860E0630A0B0C0D0E0F',
  authId: 'c1d2e3f4a5b611f08a9b0c1d2e3f4a5b',
  customerGuid: '5b0c9e1f7a2d4c3e8f60a1b2c3d4e5f6',
  userType: 'RETAIL',
  userRole: 'PRIMARY',
  parentInstitutionUserId: undefined,
  loginName: 'patdemo01',
  firstName: 'Pat',
  middleName: 'A',
  lastName: 'Demo',
  emailAddress: undefined,
  registeredAt: new Date('2026-03-01T00:00:00Z'),
  state: {
    registration: 'approved',
    lock: undefined,
    hold: undefined,
    mustChangePassword: false,
    isDeleted: false,
    hasInvalidEmail: false,
    hasAcceptedDisclosure: true,
    failedLoginCount: 0,
    failedPasswordResetCount: 0,
    lastLoginAt: undefined,
  },
};

test('a full name has the last name first; the other pattern swaps first and last (CR-38)', () => {
  expect(fullNameOf(user, 'last, first middle')).toBe('Demo, Pat A');
  expect(fullNameOf(user, 'first, last middle')).toBe('Pat, Demo A');
});

test('without a middle name there is no blank at the end', () => {
  const short = { ...user, middleName: undefined };
  expect(fullNameOf(short, 'last, first middle')).toBe('Demo, Pat');
  expect(fullNameOf(short, 'first, last middle')).toBe('Pat, Demo');
});

test('a token covers its own user and the sub-users of that user, nobody else', () => {
  const other = 'A'.repeat(32);
  expect(isCoveredBy(user, user.institutionUserId)).toBe(true);
  expect(isCoveredBy(user, other)).toBe(false);
  expect(isCoveredBy({ ...user, parentInstitutionUserId: other }, other)).toBe(true);
  expect(isCoveredBy({ ...user, parentInstitutionUserId: 'B'.repeat(32) }, other)).toBe(false);
});
