import { randomInt } from 'node:crypto';
import { registerCustomer } from '@openbranch/contract/customers/registration-operations';
import type { AnswerOf } from '@openbranch/contract/operation';
import type { Call } from '../../../http/call.ts';
import { type Route, route } from '../../../http/route.ts';
import { toInstitutionDate } from '../../../kernel/institution-time.ts';
import { recordActivity } from '../../../platform/audit/record-activity.ts';
import { PostgresError, type Sql } from '../../../platform/db/database.ts';
import { decideRegistration, type Registration } from '../domain/registration.ts';
import { readRegistration } from '../domain/registration-input.ts';
import { findCredentialById } from '../store/credentials.ts';
import { findMember } from '../store/registrations.ts';
import { type AdmissionRequest, admitRegistration } from './admit-registration.ts';
import type { CustomersParts } from './customers-parts.ts';
import { toRegistrationAnswer } from './registration-answer.ts';
import { RegistrationRefusedError } from './registration-refused-error.ts';

type RegistrationCall = Call<typeof registerCustomer>;

/** R1: gives a member a login. A refusal leaves nothing but its row in the activity log. */
export function registerCustomerRoute(parts: CustomersParts): Route {
  return route(registerCustomer).handle(async (call) => {
    try {
      return await register(call, parts);
    } catch (error) {
      const refused = toRefusal(error);
      if (refused === undefined) throw error;
      await recordRefusal(call, refused);
      throw call.errorWith(refused.refusal, refused.details);
    }
  });
}

async function register(call: RegistrationCall, parts: CustomersParts): Promise<AnswerOf<typeof registerCustomer>> {
  const { institution } = call;
  const registration = readInput(call);
  const memberNumber = registration.memberNumber ?? (await newMemberNumber(call.sql, institution.institutionId));
  const password = await preparePassword(call, parts, registration, memberNumber);
  const request: AdmissionRequest = {
    institution,
    now: call.now,
    memberNumber,
    registration,
    password,
    gateMode: call.switchOf(institution, 'registration.disclosure_gate'),
    refusesSamePerson: call.switchOf(institution, 'registration.same_person') === 'refuse',
    evidence: {
      clientId: call.principal.application.clientId,
      traceId: call.traceId,
      originatingIp: call.clientAddress,
    },
  };
  const form = {
    hasPlainBirthDate: call.switchOf(institution, 'registration.birthdate_plain'),
    hasMaskedSsn: call.switchOf(institution, 'registration.mask_ssn'),
  };
  await parts.personalData.prepare(institution.institutionId);
  return call.write(async (write) =>
    toRegistrationAnswer(institution, await admitRegistration(write, parts, request), registration, form),
  );
}

function readInput(call: RegistrationCall): Registration {
  const { institution } = call;
  const input = readRegistration(call.body);
  if (input === undefined) throw new RegistrationRefusedError('bodyInvalid');
  const decision = decideRegistration(input, {
    institutionId: institution.institutionId,
    credentials: institution.policies.credentials,
    charsetRule: call.switchOf(institution, 'login.charset_rule'),
    memberNumberRule: call.switchOf(institution, 'registration.member_number'),
    maxDestinations: Number(call.switchOf(institution, 'registration.max_destinations')),
    today: toInstitutionDate(call.now, institution.timeZone),
  });
  if (decision.ok) return decision.registration;
  const [first, ...others] = decision.refusals;
  const tellsAll = call.switchOf(institution, 'registration.collect_errors');
  throw new RegistrationRefusedError(first, tellsAll ? { others } : {});
}

/** Outside the transaction, since a hash takes its time. */
async function preparePassword(
  { sql, institution: { institutionId } }: RegistrationCall,
  { hasher }: CustomersParts,
  { password, hasAcceptedDisclosure }: Registration,
  memberNumber: string,
): Promise<AdmissionRequest['password']> {
  const { user } = await findMember(sql, institutionId, memberNumber);
  if (user?.registration !== 'pending_disclosure' || !hasAcceptedDisclosure)
    return { kind: 'new', stored: await hasher.hash(password) };
  const credential = await findCredentialById(sql, institutionId, user.institutionUserId);
  return {
    kind: 'verified',
    institutionUserId: user.institutionUserId,
    matches: await hasher.verify(credential?.password, password),
  };
}

/** Ten digits that no member has. Two registrations at once that draw the same one: the later one is refused as in progress. */
async function newMemberNumber(sql: Sql, institutionId: string): Promise<string> {
  for (;;) {
    const drawn = `${randomInt(1, 10)}${String(randomInt(0, 1_000_000_000)).padStart(9, '0')}`;
    if ((await findMember(sql, institutionId, drawn)).customerId === undefined) return drawn;
  }
}

/** Two transactions that take the same login name or member at once: the database lets one through. */
function toRefusal(error: unknown): RegistrationRefusedError | undefined {
  if (error instanceof RegistrationRefusedError) return error;
  if (!(error instanceof PostgresError) || error.code !== '23505') return undefined;
  if (error.constraint_name === 'institution_users__login_name') return new RegistrationRefusedError('loginIdTaken');
  return error.constraint_name === 'customers__member_number'
    ? new RegistrationRefusedError('registrationInProgress')
    : undefined;
}

/** In a transaction of its own: that of the registration has been rolled back. */
async function recordRefusal(call: RegistrationCall, { refusal }: RegistrationRefusedError): Promise<void> {
  await call.sql.begin((tx) =>
    recordActivity(tx, {
      institutionId: call.institution.institutionId,
      occurredAt: call.now,
      kind: 'user_registration_refused',
      clientId: call.principal.application.clientId,
      operation: registerCustomer.id,
      traceId: call.traceId,
      address: call.clientAddress,
      details: {
        channel: 'TPV_API',
        userProduct: 'THIRD_PARTY_REGISTRATION',
        result: 'Failure',
        code: registerCustomer.family.errors[refusal].code,
        refusal,
      },
    }),
  );
}
