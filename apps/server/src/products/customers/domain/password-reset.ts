import type { PasscodePolicy } from '../../../kernel/passcode-policy.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { ContactMethod } from './contact-method.ts';
import type { CredentialState } from './credential-state.ts';

/** Who may get a passcode, where, and how often (contract sheet "Customers", sections 2 and 5). */

export type PasscodeChannel = 'SMS' | 'VOICE' | 'EMAIL';

export interface PasscodeTarget {
  readonly contactMethodId: string;
  readonly channel: PasscodeChannel;
  /** Address, or `+`, country code and digits. */
  readonly recipient: string;
}

/** What a caller asked for. */
export interface PasscodeRequest {
  readonly contactMethodId: string;
  readonly protocol: 'SMS' | 'VOICE' | undefined;
}

/** @param body As sent: a number stands for its digits, `destinationId` for `contactMethodId` (CR-30). */
export function parsePasscodeRequest(body: {
  readonly contactMethodId?: string | number;
  readonly destinationId?: string | number;
  readonly protocol?: string;
}): Result<PasscodeRequest, 'requestInvalid'> {
  const contactMethodId = String(body.contactMethodId ?? body.destinationId ?? '').trim();
  const { protocol } = body;
  if (contactMethodId === '') return refuse('requestInvalid');
  if (protocol !== undefined && protocol !== 'SMS' && protocol !== 'VOICE') return refuse('requestInvalid');
  return accept({ contactMethodId, protocol });
}

/** The way that a method is reached; undefined for those that carry no passcodes. */
function toTarget(method: ContactMethod, protocol?: 'SMS' | 'VOICE'): PasscodeTarget | undefined {
  const { contactMethodId, contactInfo, countryCode } = method;
  switch (method.protocol) {
    case 'EMAIL':
      return protocol === undefined ? { contactMethodId, channel: 'EMAIL', recipient: contactInfo } : undefined;
    case 'SMS':
    case 'VOICE':
      return { contactMethodId, channel: protocol ?? method.protocol, recipient: `+${countryCode ?? ''}${contactInfo}` };
    default:
      return undefined;
  }
}

/** SMS and VOICE stand for each other on one phone number; an e-mail address takes neither. */
export function chooseTarget(
  methods: readonly ContactMethod[],
  request: PasscodeRequest,
  allowsEmail: boolean,
): Result<PasscodeTarget, 'contactMethodNotFound' | 'requestInvalid'> {
  const method = methods.find(({ contactMethodId, isActivated }) => isActivated && contactMethodId === request.contactMethodId);
  if (method === undefined || toTarget(method) === undefined) return refuse('contactMethodNotFound');
  const target = toTarget(method, request.protocol);
  if (target === undefined || (target.channel === 'EMAIL' && !allowsEmail)) return refuse('requestInvalid');
  return accept(target);
}

/** For a person who names no method: the one of the wished channel, else the primary one; the list has that first. */
export function chooseDefaultTarget(
  methods: readonly ContactMethod[],
  wish: PasscodeChannel | undefined,
  policy: PasscodePolicy,
  now: Date,
): PasscodeTarget | undefined {
  const active = methods.filter(({ isActivated }) => isActivated);
  const settled = active.filter((method) => !isRecentlyChanged(method, policy, now));
  const candidates = [...settled, ...active].flatMap((method) => toTarget(method) ?? []);
  return candidates.find(({ channel }) => channel === wish) ?? candidates[0];
}

function isRecentlyChanged({ changedAt }: ContactMethod, policy: PasscodePolicy, now: Date): boolean {
  return changedAt !== undefined && now.getTime() - changedAt.getTime() < policy.contactChangeHours * 3_600_000;
}

/** How often passcodes were sent, all counted before this one. */
export interface PastSends {
  /** To the same number or address, of whatever user. */
  readonly lastToRecipientAt: Date | undefined;
  /** To the user or to the number or address. */
  readonly inQuarterHour: number;
  readonly inDay: number;
  readonly byInstitutionInDay: number;
}

export type SendRefusal =
  | 'on_hold'
  | 'not_approved'
  | 'too_many_wrong_passcodes'
  | 'too_many_sends'
  | 'institution_ceiling'
  | 'contact_changed_recently';

export interface SendFacts {
  readonly state: CredentialState;
  readonly methods: readonly ContactMethod[];
  readonly target: PasscodeTarget;
  readonly sends: PastSends;
  /** Wrong passcodes in the window of 24 hours that is open now. */
  readonly failures: number;
  readonly policy: PasscodePolicy;
  /** What was sent since then has answered the call: the call may be looked at twice. */
  readonly askedAt: Date;
  readonly now: Date;
}

/** `not yet`: nothing is sent and the passcode that is on its way stays good. */
export function decideSend(facts: SendFacts): Result<'send' | 'not yet', SendRefusal> {
  const { state, sends, policy, now } = facts;
  if (state.registration !== 'approved' || state.isDeleted) return refuse('not_approved');
  if (state.hold !== undefined) return refuse('on_hold');
  if (facts.failures >= policy.triesPerDay) return refuse('too_many_wrong_passcodes');
  if (isHeldBackByChange(facts)) return refuse('contact_changed_recently');
  const lastMs = sends.lastToRecipientAt?.getTime() ?? -Infinity;
  if (lastMs >= facts.askedAt.getTime() || now.getTime() - lastMs < policy.resendSeconds * 1000) return accept('not yet');
  if (sends.inQuarterHour >= policy.sendsPerQuarterHour || sends.inDay >= policy.sendsPerDay) return refuse('too_many_sends');
  if (sends.byInstitutionInDay >= policy.institutionSendsPerDay) return refuse('institution_ceiling');
  return accept('send');
}

/** Whoever has just moved a contact method to a phone of their own must not get the passcode there. */
function isHeldBackByChange({ methods, target, policy, now }: SendFacts): boolean {
  const chosen = methods.find(({ contactMethodId }) => contactMethodId === target.contactMethodId);
  if (chosen === undefined || !isRecentlyChanged(chosen, policy, now)) return false;
  return methods.some(
    (method) => method.isActivated && toTarget(method) !== undefined && !isRecentlyChanged(method, policy, now),
  );
}

/** A user who could not sign in with a new password either gets no session for one. */
export function mayResetPassword(state: CredentialState): boolean {
  return state.registration === 'approved' && state.hold === undefined && !state.isDeleted;
}

/** Who is told of a new password: each number and address once, all but the one that has carried the passcode. */
export function recipientsOfNotice(methods: readonly ContactMethod[], usedContactMethodId: string): readonly PasscodeTarget[] {
  const targets = methods.filter(({ isActivated }) => isActivated).flatMap((method) => toTarget(method) ?? []);
  const used = targets.find(({ contactMethodId }) => contactMethodId === usedContactMethodId)?.recipient;
  const once = [...new Map([...targets].reverse().map((target) => [target.recipient, target])).values()].reverse();
  const others = once.filter(({ recipient }) => recipient !== used);
  // Somebody must be told, and be it the one who already knows.
  return others.length > 0 ? others : once;
}

/** People type blanks and dashes between the digits. */
export function normalisePasscode(text: string): string {
  return text.replace(/[\s-]/gu, '');
}
