import { getUserStatus } from '@openbranch/contract/customers/operations';
import { route } from '../../../http/route.ts';
import type { Institution } from '../../../kernel/institution.ts';
import { toInstitutionDateTime } from '../../../kernel/institution-time.ts';
import { stateAt } from '../domain/credential-state.ts';
import type { InstitutionUser } from '../domain/institution-user.ts';
import { trueFlagsOf } from '../domain/status-flags.ts';
import { listSubUsers } from '../store/institution-users.ts';
import { findAddressedUser } from './find-addressed-user.ts';

/** U9: flags, counters, hold and last sign-in of a user. */
export const getUserStatusRoute = route(getUserStatus).handle(async (call) => {
  const { institution, principal, now, sql } = call;
  const { userIdType } = call.query;
  const found = await findAddressedUser(sql, principal, userIdType, call.params.institutionUserId);
  if (!found.ok) throw call.error(found.refusal);
  const user = found.value;
  const hidesWhileActive = call.switchOf(institution, 'isr.flags') === 'left out while active';
  const hasSubUsers = user.userType === 'RETAIL' && user.userRole === 'PRIMARY';
  const subUsers = hasSubUsers ? await listSubUsers(sql, institution.institutionId, user.institutionUserId) : [];
  return {
    ...statusOf(user, institution, now, hidesWhileActive),
    ...(user.parentInstitutionUserId === undefined ? {} : { parentInstitutionUserId: user.parentInstitutionUserId }),
    ...(subUsers.length === 0
      ? {}
      : { subUsers: subUsers.map((subUser) => statusOf(subUser, institution, now, hidesWhileActive)) }),
  };
});

function statusOf(user: InstitutionUser, institution: Institution, now: Date, hidesWhileActive: boolean) {
  const state = stateAt(user.state, institution.policies.lockout, now);
  const { hold, lastLoginAt } = state;
  return {
    institutionUserId: user.institutionUserId,
    ...trueFlagsOf(state, hidesWhileActive),
    additionalInfo: {
      failedLoginCount: state.failedLoginCount,
      failedPasswordResetCount: state.failedPasswordResetCount,
      ...(lastLoginAt === undefined ? {} : { lastLoginDateTime: toInstitutionDateTime(lastLoginAt, institution.timeZone) }),
      ...(hold === undefined ? {} : { holdDateTime: toInstitutionDateTime(hold.heldAt, institution.timeZone) }),
      ...(hold?.reason === undefined ? {} : { holdReason: hold.reason }),
      ...(hold?.initiatedBy === undefined ? {} : { holdInitiatedBy: hold.initiatedBy }),
    },
  };
}
