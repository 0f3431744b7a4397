import { randomBytes } from 'node:crypto';
import type { Institution } from '../../../kernel/institution.ts';
import { sendTogether } from '../../../platform/db/send-together.ts';
import type { Write } from '../../../platform/transactions/unit-of-work.ts';
import type { Registration } from '../domain/registration.ts';
import {
  type Admission,
  decideAdmission,
  decideDisclosureGate,
  type GateDecision,
  type MemberRecord,
  registrationAfter,
} from '../domain/registration-admission.ts';
import { isEmailAddress, toCallingCode, toCountry } from '../domain/registration-contact.ts';
import { insertContactMethods } from '../store/contact-methods.ts';
import { findUserById } from '../store/institution-users.ts';
import { findPersonalData, listUsersBySsn, savePersonalData } from '../store/personal-data.ts';
import { insertPostalAddresses } from '../store/postal-addresses.ts';
import {
  completeRegistration,
  findMember,
  insertRegisteredUser,
  isLoginNameTaken,
  removeFormerMember,
  tryLockMember,
} from '../store/registrations.ts';
import type { CustomersParts } from './customers-parts.ts';
import type { RegisteredIds } from './registration-answer.ts';
import type { AcceptanceSource, DisclosureToAccept } from './registration-disclosures.ts';
import { RegistrationRefusedError } from './registration-refused-error.ts';
import { sendWelcome } from './send-welcome.ts';

export interface AdmissionRequest {
  readonly institution: Institution;
  readonly now: Date;
  readonly memberNumber: string;
  readonly registration: Registration;
  /** A hash of the new password, or whether the password is that of the registration that waits for its disclosures. */
  readonly password:
    | { readonly kind: 'new'; readonly stored: { readonly passwordHash: string; readonly pepperId: string } }
    | { readonly kind: 'verified'; readonly institutionUserId: string; readonly matches: boolean };
  readonly gateMode: 'reject' | 'pend' | 'off';
  readonly refusesSamePerson: boolean;
  /** Who vouches for the acceptance of disclosures. */
  readonly source: AcceptanceSource;
}

type Parts = Pick<CustomersParts, 'personalData' | 'disclosures' | 'queueMessage' | 'canSend' | 'publicUrl' | 'bindDestinations'>;

/**
 * Makes the user, or completes one whose disclosures were waited for, in the caller's transaction.
 * @throws RegistrationRefusedError
 */
export async function admitRegistration(write: Write, parts: Parts, request: AdmissionRequest): Promise<RegisteredIds> {
  const { institution, memberNumber, registration } = request;
  const { institutionId } = institution;
  const { sql } = write;
  // Sent together, they run one after the other: what is read is read under the lock.
  const [isLocked, member, isTaken, required] = await Promise.all([
    tryLockMember(sql, institutionId, memberNumber),
    findMember(sql, institutionId, memberNumber),
    isLoginNameTaken(sql, institutionId, registration.loginName),
    parts.disclosures.listRequired(sql, institutionId, institution.policies.registration.requiredDisclosures),
  ]);
  if (!isLocked) throw new RegistrationRefusedError('registrationInProgress');
  const admission = decideAdmission(member, await completesPending(write, parts, request, member));
  if (!admission.ok) throw new RegistrationRefusedError(admission.refusal);
  if (admission.value.kind !== 'completion')
    await makeRoom(write, parts, request, { member, admission: admission.value, isTaken });
  const gate = decideDisclosureGate(required, registration.hasAcceptedDisclosure, request.gateMode);
  if (gate.kind === 'closed') {
    throw new RegistrationRefusedError('disclosuresNotAccepted', { detail: gate.missing.map(({ name }) => name).join(', ') });
  }
  return admission.value.kind === 'completion' && member.user !== undefined
    ? complete(write, parts, request, member.user.institutionUserId, gate)
    : create(write, parts, request, admission.value.kind === 'new' ? member.customerId : undefined, gate);
}

type OpenGate = Exclude<GateDecision<DisclosureToAccept>, { kind: 'closed' }>;

/** Writes down what the call accepts. */
async function acceptDisclosures(
  write: Write,
  { disclosures }: Parts,
  { institution: { institutionId }, source }: AdmissionRequest,
  institutionUserId: string,
  gate: OpenGate,
  isNewUser: boolean,
): Promise<void> {
  if (gate.kind === 'pending') return;
  await disclosures.recordAcceptances(write, source, {
    institutionId,
    institutionUserId,
    disclosures: gate.accepted,
    isNewUser,
  });
}

/** The same person with the same login and password as the registration that waits. */
async function completesPending(
  { sql }: Write,
  { personalData }: Parts,
  { institution: { institutionId }, password, registration }: AdmissionRequest,
  { user: pending }: MemberRecord,
): Promise<boolean> {
  if (password.kind !== 'verified' || !password.matches || pending?.institutionUserId !== password.institutionUserId)
    return false;
  const user = await findUserById(sql, institutionId, pending.institutionUserId);
  const known = await findPersonalData(sql, personalData, institutionId, pending.institutionUserId);
  return (
    user?.loginName.toLowerCase() === registration.loginName.toLowerCase() &&
    known?.ssn === registration.ssn &&
    known.birthDate === registration.birthDate
  );
}

interface Room {
  readonly member: MemberRecord;
  readonly admission: Exclude<Admission, { kind: 'completion' }>;
  /** Whether the login name was somebody's when the member was locked. */
  readonly isTaken: boolean;
}

/** Person and login name must be free; what a rejected registration has left goes. */
async function makeRoom(
  { sql }: Write,
  { personalData }: Parts,
  { institution: { institutionId }, registration, refusesSamePerson }: AdmissionRequest,
  { member, admission, isTaken }: Room,
): Promise<void> {
  const isReplaced = admission.kind === 'instead' && member.customerId !== undefined;
  if (isReplaced) await removeFormerMember(sql, institutionId, member.customerId);
  if (refusesSamePerson) {
    for (const other of await listUsersBySsn(sql, personalData, institutionId, registration.ssn)) {
      const known = await findPersonalData(sql, personalData, institutionId, other);
      if (known?.birthDate === registration.birthDate) throw new RegistrationRefusedError('alreadyRegistered');
    }
  }
  // The name may have been that of who has just been removed.
  const isStillTaken = isTaken && (!isReplaced || (await isLoginNameTaken(sql, institutionId, registration.loginName)));
  if (isStillTaken) throw new RegistrationRefusedError('loginIdTaken');
}

async function create(
  write: Write,
  parts: Parts,
  request: AdmissionRequest,
  knownCustomerId: string | undefined,
  gate: OpenGate,
): Promise<RegisteredIds> {
  const { institution, now, memberNumber, registration, password } = request;
  const { institutionId } = institution;
  // The registration that was waited for has been rejected while the password was verified.
  if (password.kind !== 'new') throw new RegistrationRefusedError('registrationInProgress');
  const ids = {
    customerId: knownCustomerId ?? randomBytes(16).toString('hex'),
    institutionUserId: randomBytes(16).toString('hex').toUpperCase(),
    authId: randomBytes(16).toString('hex'),
    memberNumber,
  };
  const state = registrationAfter(gate.kind, institution.policies.registration.needsApproval);
  const hasInvalidEmail = !isEmailAddress(registration.emailAddress);
  const user = { ...ids, institutionId, registration, state, hasInvalidEmail, password: password.stored, registeredAt: now };
  // Sent together, in this order: each refers to rows of the one before.
  await sendTogether([
    insertRegisteredUser(write.sql, user, knownCustomerId !== undefined),
    savePersonalData(write.sql, parts.personalData, institutionId, ids.institutionUserId, registration),
    insertContacts(write, parts, request, ids.institutionUserId),
    acceptDisclosures(write, parts, request, ids.institutionUserId, gate, true),
    announce(write, parts, request, ids.institutionUserId, gate),
  ]);
  return ids;
}

/** The row in the activity log, and the welcome to whoever may go on. */
async function announce(
  write: Write,
  parts: Parts,
  { institution, now, registration: { emailAddress, firstName } }: AdmissionRequest,
  institutionUserId: string,
  gate: OpenGate,
): Promise<void> {
  const state = registrationAfter(gate.kind, institution.policies.registration.needsApproval);
  const details = { channel: 'TPV_API', userProduct: 'THIRD_PARTY_REGISTRATION', result: 'Success', state };
  await sendTogether([
    write.audit('user_registered', { institutionUserId, details }),
    gate.kind === 'open'
      ? sendWelcome(write, parts, { institution, now, institutionUserId, emailAddress, firstName })
      : undefined,
  ]);
}

async function insertContacts(
  { sql }: Write,
  { bindDestinations }: Parts,
  { institution: { institutionId }, now, registration }: AdmissionRequest,
  institutionUserId: string,
): Promise<void> {
  const methods = registration.destinations.map(({ protocol, contactInfo, countryCode }, index) => ({
    protocol,
    contactInfo,
    countryCode: protocol === 'EMAIL' ? undefined : toCallingCode(countryCode),
    methodType: protocol === 'EMAIL' ? ('PERSONAL_EMAIL' as const) : ('HOME_CELLPHONE' as const),
    isActivated: true,
    isValidated: false,
    isFromHost: false,
    // The first is the text message to the first phone.
    isPrimary: index === 0,
    enrolledAt: now,
    changedAt: undefined,
  }));
  const addresses = registration.addresses.map(({ address1, address2, address3, city, state, postalCode, country }, index) => ({
    addressType: 'PHYSICAL_HOME_ADDRESS' as const,
    streetAddress1: address1,
    streetAddress2: address2,
    streetAddress3: address3,
    city,
    state,
    postalCode,
    country: toCountry(country),
    isPrimary: index === 0,
    isFromHost: false,
    startsAt: undefined,
    endsAt: undefined,
  }));
  await sendTogether([
    insertContactMethods(sql, institutionId, institutionUserId, methods),
    insertPostalAddresses(sql, institutionId, institutionUserId, addresses),
    bindDestinations(sql, institutionId, [institutionUserId]),
  ]);
}

async function complete(
  write: Write,
  parts: Parts,
  request: AdmissionRequest,
  institutionUserId: string,
  gate: OpenGate,
): Promise<RegisteredIds> {
  const { institution, memberNumber } = request;
  const { institutionId, policies } = institution;
  const user = await findUserById(write.sql, institutionId, institutionUserId);
  if (user === undefined) throw new RegistrationRefusedError('registrationInProgress');
  const state = registrationAfter('open', policies.registration.needsApproval);
  // Decisions first and then the credential, as whoever accepts them one by one does: else two such calls could each hold
  // what the other one waits for.
  await acceptDisclosures(write, parts, request, institutionUserId, gate, false);
  // The last disclosure was accepted by another call meanwhile.
  if (!(await completeRegistration(write.sql, institutionId, institutionUserId, state)))
    throw new RegistrationRefusedError('alreadyRegistered');
  await announce(write, parts, request, institutionUserId, gate);
  return { customerId: user.customerGuid, authId: user.authId, memberNumber };
}
