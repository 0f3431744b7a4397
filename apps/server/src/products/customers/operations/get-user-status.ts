import { getUserStatus } from '@openbranch/contract/customers/operations';
import type { QueryOf } from '@openbranch/contract/operation';
import { route } from '../../../http/route.ts';
import type { Institution } from '../../../kernel/institution.ts';
import { toInstitutionDateTime } from '../../../kernel/institution-time.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { Sql } from '../../../platform/db/database.ts';
import { stateAt } from '../domain/credential-state.ts';
import { type InstitutionUser, isCoveredBy } from '../domain/institution-user.ts';
import { parseCustomerId, parseInstitutionUserId, parseLoginName, parseMemberNumber } from '../domain/path-identifier.ts';
import { trueFlagsOf } from '../domain/status-flags.ts';
import {
  findUserByCustomerId,
  findUserById,
  findUserByLogin,
  findUserByMemberNumber,
  listSubUsers,
} from '../store/institution-users.ts';

/** U9: flags, counters, hold and last sign-in of a user. */
export const getUserStatusRoute = route(getUserStatus).handle(async (call) => {
  const { institution, principal, now, sql } = call;
  const { userIdType } = call.query;
  const found = await findUser(sql, institution.institutionId, userIdType, call.params.institutionUserId);
  if (!found.ok) throw call.error(found.refusal);
  const user = found.value;
  // A token of one user learns nothing of others, not even whether they exist.
  if (principal.user !== undefined && (user === undefined || !isCoveredBy(user, principal.user.institutionUserId))) {
    throw call.error('userNotCovered');
  }
  if (user === undefined) throw call.error('userNotFound');
  // Member numbers name retail users only.
  if (userIdType === 'HOST_USER_ID' && user.userType === 'BUSINESS') throw call.error('queryInvalid');
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

type IdType = QueryOf<typeof getUserStatus>['userIdType'];
type Found = Result<InstitutionUser | undefined, 'pathInvalid'>;

async function findUser(sql: Sql, institutionId: string, idType: IdType, value: string): Promise<Found> {
  switch (idType) {
    case 'INSTITUTION_USER_ID':
      return findBy(parseInstitutionUserId(value), (id) => findUserById(sql, institutionId, id));
    case 'LOGIN_ID':
      return findBy(parseLoginName(value), (login) => findUserByLogin(sql, institutionId, login));
    case 'CUSTOMER_ID':
    case 'LEGACY_USER_GUID':
      return findBy(parseCustomerId(value), (id) => findUserByCustomerId(sql, institutionId, id));
    case 'HOST_USER_ID':
      return findBy(parseMemberNumber(value), (member) => findUserByMemberNumber(sql, institutionId, member));
  }
}

async function findBy(
  identifier: string | undefined,
  find: (identifier: string) => Promise<InstitutionUser | undefined>,
): Promise<Found> {
  return identifier === undefined ? refuse('pathInvalid') : accept(await find(identifier));
}
