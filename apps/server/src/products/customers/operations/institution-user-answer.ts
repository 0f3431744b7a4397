import type { getInstitutionUser } from '@openbranch/contract/customers/institution-user-operations';
import type { Call } from '../../../http/call.ts';
import type { Institution } from '../../../kernel/institution.ts';
import { toInstitutionDateTime } from '../../../kernel/institution-time.ts';
import { stateAt } from '../domain/credential-state.ts';
import { fullNameOf, type InstitutionUser } from '../domain/institution-user.ts';
import { trueFlagsOf } from '../domain/status-flags.ts';

/** How the institution wants users to look. */
export interface UserLook {
  readonly institution: Institution;
  readonly now: Date;
  readonly fullName: Parameters<typeof fullNameOf>[1];
  readonly hidesWhileActive: boolean;
}

/** What the switches of an institution say of its users. */
export interface UserRules {
  readonly look: UserLook;
  /** Dates are shown whatever is expanded. */
  readonly showsAlwaysDates: boolean;
  /** CIF numbers are shown, and one must be on file. */
  readonly needsCifNumber: boolean;
}

export function userRulesOf(call: Pick<Call<typeof getInstitutionUser>, 'institution' | 'now' | 'switchOf'>): UserRules {
  const { institution, now } = call;
  return {
    look: {
      institution,
      now,
      fullName: call.switchOf(institution, 'user.fullname'),
      hidesWhileActive: call.switchOf(institution, 'isr.flags') === 'left out while active',
    },
    showsAlwaysDates: call.switchOf(institution, 'user.always_dates'),
    needsCifNumber: call.switchOf(institution, 'user.cif_number') === 'required',
  };
}

/** What is shown of a user and of a sub-user alike (contract sheet "Customers", section 9.1). */
export function identityOf(user: InstitutionUser) {
  return {
    institutionUserId: user.institutionUserId,
    institutionId: user.institutionId,
    ...(user.parentInstitutionUserId === undefined ? {} : { parentInstitutionUserId: user.parentInstitutionUserId }),
    institutionUserRole: user.userRole,
    institutionUserType: user.userType,
  };
}

export function loginOf(user: InstitutionUser, { institution, now, fullName, hidesWhileActive }: UserLook) {
  const state = stateAt(user.state, institution.policies.lockout, now);
  const { hold } = state;
  return {
    userId: user.authId,
    userName: user.loginName,
    lastName: user.lastName,
    firstName: user.firstName,
    ...(user.middleName === undefined ? {} : { middleName: user.middleName }),
    fullName: fullNameOf(user, fullName),
    ...(user.emailAddress === undefined ? {} : { email: user.emailAddress }),
    failedLoginCount: state.failedLoginCount,
    failedPasswordResetCount: state.failedPasswordResetCount,
    ...(hold === undefined ? {} : { holdDateTime: toInstitutionDateTime(hold.heldAt, institution.timeZone) }),
    ...(hold?.reason === undefined ? {} : { holdReason: hold.reason }),
    ...(hold?.initiatedBy === undefined ? {} : { holdInitiatedBy: hold.initiatedBy }),
    userStatus: trueFlagsOf(state, hidesWhileActive),
    additionalInfo: { entry: [{ key: 'legacyUserGuid', value: user.customerGuid }] },
  };
}
