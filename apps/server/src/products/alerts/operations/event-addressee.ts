import type { Institution } from '../../../kernel/institution.ts';
import type { Principal } from '../../../kernel/principal.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { Sql } from '../../../platform/db/database.ts';
import { findUserByLogin, listUsersOfCustomer } from '../../customers/index.ts';
import { namedLocation } from '../domain/addressed-location.ts';
import type { KnownAddressee } from '../domain/alert-event.ts';
import type { EventInput } from '../domain/event-input.ts';
import { findRetailUserByMemberNumber } from './alert-user.ts';

interface AddressingCall {
  readonly institution: Institution;
  readonly principal: Principal;
  readonly sql: Sql;
  readonly query: { readonly hostUserId?: string | undefined; readonly loginId?: string | undefined };
  header(name: string): string | undefined;
}

/**
 * Who is meant (contract sheet "Alerts", section 4.7): the user that the query names, else the customer of the body, else
 * of the header, else the addresses that the event brought. A token of a user means that user, and no other.
 */
export async function findAddressee(call: AddressingCall, event: EventInput): Promise<Result<KnownAddressee, 'unknown'>> {
  const { institution, principal, sql, query } = call;
  const { institutionId } = institution;
  const { hostUserId, loginId } = query;
  if (hostUserId !== undefined && loginId !== undefined) return refuse('unknown');
  const own = principal.user?.institutionUserId;
  const to = (institutionUserIds: readonly string[], customerId?: string): Result<KnownAddressee, 'unknown'> => {
    const isCovered = own === undefined || institutionUserIds.every((one) => one === own);
    return institutionUserIds.length === 0 || !isCovered
      ? refuse('unknown')
      : accept({ kind: 'users', institutionUserIds, customerId });
  };
  if (loginId !== undefined) {
    const user = loginId.length > 256 ? undefined : await findUserByLogin(sql, institutionId, loginId);
    return to(user === undefined ? [] : [user.institutionUserId]);
  }
  if (hostUserId !== undefined) {
    const user = await findRetailUserByMemberNumber(sql, institutionId, hostUserId);
    return to(user === undefined ? [] : [user.institutionUserId]);
  }
  const header = namedLocation([call.header('institutionCustomerId')]);
  const customerId = event.customerId ?? (header.ok ? header.value : undefined);
  if (customerId !== undefined) {
    const users = await listUsersOfCustomer(sql, institutionId, customerId);
    if (own === undefined) return to(users, customerId);
    return to(
      users.filter((one) => one === own),
      customerId,
    );
  }
  if (own !== undefined) return to([own]);
  return event.addresses === undefined ? refuse('unknown') : accept({ kind: 'addresses', addresses: event.addresses });
}
