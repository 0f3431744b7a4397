import { expect, test } from 'vitest';
import { defaultPasscodePolicy } from '../../../kernel/passcode-policy.ts';
import type { ContactMethod } from './contact-method.ts';
import type { CredentialState } from './credential-state.ts';
import {
  chooseDefaultTarget,
  decideSend,
  normalisePasscode,
  parsePasscodeRequest,
  recipientsOfNotice,
} from './password-reset.ts';

const now = new Date('2026-06-19T12:00:00Z');
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);

function method(
  contactMethodId: string,
  protocol: ContactMethod['protocol'],
  contactInfo: string,
  changedAt?: Date,
): ContactMethod {
  return {
    contactMethodId,
    institutionUserId: 'A',
    protocol,
    contactInfo,
    countryCode: protocol === 'EMAIL' ? undefined : '1',
    methodType: 'UNKNOWN',
    isActivated: true,
    isValidated: true,
    isFromHost: false,
    isPrimary: false,
    enrolledAt: hoursAgo(1000),
    changedAt,
  };
}

const text = method('1', 'SMS', '2015550101');
const voice = method('2', 'VOICE', '2015550101');
const mail = method('3', 'EMAIL', 'pat@example.com');
const state: CredentialState = {
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
};
const target = { contactMethodId: '1', channel: 'SMS', recipient: '+12015550101' } as const;
const sends = { lastToRecipientAt: undefined, inQuarterHour: 0, inDay: 0, byInstitutionInDay: 0 };
const facts = {
  state,
  methods: [text, voice, mail],
  target,
  sends,
  failures: 0,
  policy: defaultPasscodePolicy,
  askedAt: now,
  now,
};

test('one number is told of a new password once, and not the one that carried the passcode', () => {
  expect(recipientsOfNotice([text, voice, mail], '3').map(({ recipient, channel }) => [recipient, channel])).toEqual([
    ['+12015550101', 'SMS'],
  ]);
  expect(recipientsOfNotice([text, voice, mail], '2').map(({ recipient }) => recipient)).toEqual(['pat@example.com']);
});

test('with one contact method only, that one is told', () => {
  expect(recipientsOfNotice([text, voice], '1').map(({ recipient }) => recipient)).toEqual(['+12015550101']);
});

test('a person gets the passcode by the wished channel, else by the first method, and rather not by one just changed', () => {
  const wished = (methods: readonly ContactMethod[], wish?: 'SMS' | 'VOICE' | 'EMAIL') =>
    chooseDefaultTarget(methods, wish, defaultPasscodePolicy, now)?.contactMethodId;
  expect(wished([text, voice, mail], 'EMAIL')).toBe('3');
  expect(wished([text, mail], 'VOICE')).toBe('1');
  expect(wished([method('4', 'SMS', '2015550199', hoursAgo(1)), mail])).toBe('3');
  expect(wished([method('4', 'SMS', '2015550199', hoursAgo(1))])).toBe('4');
  expect(wished([{ ...text, isActivated: false }, method('5', 'TOKEN', 'device')])).toBeUndefined();
});

test.each([
  ['everything fits', {}, 'send'],
  ['asked again after 59 s', { sends: { ...sends, lastToRecipientAt: new Date(now.getTime() - 59_000) } }, 'not yet'],
  [
    'looked at twice, as after a crash',
    { sends: { ...sends, lastToRecipientAt: new Date(now.getTime() - 90_000) }, askedAt: new Date(now.getTime() - 91_000) },
    'not yet',
  ],
  ['asked again after 60 s', { sends: { ...sends, lastToRecipientAt: new Date(now.getTime() - 60_000) } }, 'send'],
  ['the third in a quarter of an hour', { sends: { ...sends, inQuarterHour: 2, inDay: 2 } }, 'send'],
  ['the fourth in a quarter of an hour', { sends: { ...sends, inQuarterHour: 3, inDay: 3 } }, 'too_many_sends'],
  ['the seventh in a day', { sends: { ...sends, inDay: 6 } }, 'too_many_sends'],
  ['the institution has sent its share', { sends: { ...sends, byInstitutionInDay: 20_000 } }, 'institution_ceiling'],
  ['nine wrong passcodes', { failures: 9 }, 'send'],
  ['ten wrong passcodes', { failures: 10 }, 'too_many_wrong_passcodes'],
  ['on hold', { state: { ...state, hold: { heldAt: now, reason: undefined, initiatedBy: undefined } } }, 'on_hold'],
  ['locked', { state: { ...state, lock: { lockedAt: now, reason: 'FAILED_LOGINS' as const } } }, 'send'],
  ['not approved', { state: { ...state, registration: 'pending_approval' as const } }, 'not_approved'],
  [
    'changed an hour ago, another one there',
    { methods: [{ ...text, changedAt: hoursAgo(1) }, mail] },
    'contact_changed_recently',
  ],
  ['changed an hour ago, the only one', { methods: [{ ...text, changedAt: hoursAgo(1) }] }, 'send'],
  [
    'changed an hour ago, the other one too',
    {
      methods: [
        { ...text, changedAt: hoursAgo(1) },
        { ...mail, changedAt: hoursAgo(2) },
      ],
    },
    'send',
  ],
  ['changed a day ago', { methods: [{ ...text, changedAt: hoursAgo(24) }, mail] }, 'send'],
])('whether a passcode goes out: %s', (_what, change, outcome) => {
  const decision = decideSend({ ...facts, ...change });
  expect(decision.ok ? decision.value : decision.refusal).toBe(outcome);
});

test('a request names a contact method by either name, as text or number', () => {
  expect(parsePasscodeRequest({ contactMethodId: '7' })).toEqual({
    ok: true,
    value: { contactMethodId: '7', protocol: undefined },
  });
  expect(parsePasscodeRequest({ destinationId: 7, protocol: 'VOICE' })).toEqual({
    ok: true,
    value: { contactMethodId: '7', protocol: 'VOICE' },
  });
  for (const body of [{}, { contactMethodId: ' ' }, { contactMethodId: '7', protocol: 'EMAIL' }])
    expect(parsePasscodeRequest(body)).toEqual({ ok: false, refusal: 'requestInvalid' });
});

test('people may put blanks and dashes between digits', () => {
  expect(normalisePasscode(' 048-213 ')).toBe('048213');
});
