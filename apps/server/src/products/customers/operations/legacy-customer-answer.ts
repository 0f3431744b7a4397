import type { Institution } from '../../../kernel/institution.ts';
import { toInstitutionDateTime, toLegacyDate } from '../../../kernel/institution-time.ts';
import { type CredentialState, stateAt } from '../domain/credential-state.ts';
import type { InstitutionUser, ReachedCustomer } from '../domain/institution-user.ts';
import { flagsOf } from '../domain/status-flags.ts';
import type { BillPayCredential } from '../store/bill-pay-credentials.ts';

interface LegacyCustomerFacts {
  readonly institution: Institution;
  readonly now: Date;
  readonly user: InstitutionUser;
  /** The customer that the login reaches first. */
  readonly customer: ReachedCustomer | undefined;
  readonly billPay: BillPayCredential | undefined;
}

/** Contract sheet "Customers", section 12: the members that we know. */
export function toLegacyCustomer({ institution, now, user, customer, billPay }: LegacyCustomerFacts) {
  const { timeZone } = institution;
  const state = stateAt(user.state, institution.policies.lockout, now);
  const { hold, lastLoginAt } = state;
  const middle = user.middleName === undefined ? '' : ` ${user.middleName}`;
  return {
    id: { type: 'GUID' as const, value: user.customerGuid },
    fiId: { value: institution.institutionId },
    name: `${user.firstName}${middle} ${user.lastName}`,
    ...(customer === undefined ? {} : { memberNumber: customer.memberNumber }),
    memberRegistrationDate: toLegacyDate(user.registeredAt, timeZone),
    ...(hold === undefined ? {} : { memberHoldDate: toLegacyDate(hold.heldAt, timeZone) }),
    ...(hold?.reason === undefined ? {} : { memberHoldDesc: hold.reason }),
    ...hostCredentialOf(customer),
    person: { contactInfo: user.emailAddress === undefined ? {} : { emailAddress: user.emailAddress } },
    channelInfos: {
      channelInfo: [
        {
          channelType: 'WEB' as const,
          credential: { loginId: user.loginName },
          userStatus: legacyStatusOf(state, now, billPay),
          failedLoginCount: state.failedLoginCount,
          ...(lastLoginAt === undefined
            ? {}
            : {
                lastLoginDate: toLegacyDate(lastLoginAt, timeZone),
                lastLoginDateTime: toInstitutionDateTime(lastLoginAt, timeZone),
              }),
        },
      ],
    },
    billPayEnabled: billPay !== undefined,
    ...(billPay === undefined
      ? {}
      : {
          billPayCredential: {
            loginId: billPay.loginId,
            ...(billPay.newLoginId === undefined ? {} : { newLoginId: billPay.newLoginId }),
          },
        }),
  };
}

function hostCredentialOf(customer: ReachedCustomer | undefined) {
  if (customer?.hostLoginId === undefined) return {};
  const { hostLoginId, cifNumber } = customer;
  return { hostCredential: { loginId: hostLoginId, ...(cifNumber === undefined ? {} : { cifNumber }) } };
}

const dayMs = 86_400_000;

/** Five flags are always there, the others only when they are true. */
function legacyStatusOf(state: CredentialState, now: Date, billPay: BillPayCredential | undefined) {
  const { active, locked, onHold, registered, reset } = flagsOf(state);
  const { lastLoginAt, registration } = state;
  return {
    active,
    locked,
    onHold,
    registered,
    reset,
    ...trueOnes({
      acceptedDisclosure: state.hasAcceptedDisclosure,
      fiApprovalPending: registration === 'pending_approval',
      fiApproved: registration === 'approved',
      fiRejected: registration === 'rejected',
      invalidEmailId: state.hasInvalidEmail,
      mustChangePassword: state.mustChangePassword,
      needsToAcceptDisclosure: registration === 'pending_disclosure',
      newUser: lastLoginAt === undefined,
    }),
    ...(billPay === undefined ? {} : { billpayId: billPay.loginId }),
    ...(lastLoginAt === undefined
      ? {}
      : { daysInactive: Math.max(0, Math.floor((now.getTime() - lastLoginAt.getTime()) / dayMs)) }),
  };
}

function trueOnes<Flags extends Readonly<Record<string, boolean>>>(flags: Flags): Partial<Flags>;
function trueOnes(flags: Readonly<Record<string, boolean>>): Readonly<Record<string, boolean>> {
  return Object.fromEntries(Object.entries(flags).filter(([, isSet]) => isSet));
}
