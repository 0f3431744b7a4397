import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { AccountAddressee, AddressedEvent, AlertEvent } from '../domain/alert-event.ts';

/** Who may see each of the accounts, by account key, each with the customer through whom; in a fixed number of statements. */
export type ListAccountUsers = (
  sql: Sql | Tx,
  institutionId: string,
  accountKeys: readonly bigint[],
) => Promise<ReadonlyMap<bigint, readonly { readonly institutionUserId: string; readonly customerId: string }[]>>;

/**
 * Finds out who is told of the events of accounts. Such an event becomes one for each user, of the customer through whom
 * that user reaches the account; one of an account that nobody sees is left out.
 */
export async function addressEvents<Event extends AlertEvent>(
  sql: Sql | Tx,
  institutionId: string,
  events: readonly Event[],
  listAccountUsers: ListAccountUsers,
): Promise<readonly (Event & AddressedEvent)[]> {
  const accountKeys = new Set(events.flatMap(({ addressee }) => (addressee.kind === 'account' ? [addressee.accountKey] : [])));
  const users = accountKeys.size === 0 ? undefined : await listAccountUsers(sql, institutionId, [...accountKeys]);
  const usersOf = ({ accountKey }: AccountAddressee) => users?.get(accountKey) ?? [];
  return events.flatMap((event): (Event & AddressedEvent)[] => {
    const { addressee } = event;
    if (addressee.kind !== 'account') return [{ ...event, addressee }];
    return usersOf(addressee).map(({ institutionUserId, customerId }) => ({
      ...event,
      isOfMoney: true,
      addressee: { kind: 'users', institutionUserIds: [institutionUserId], customerId },
    }));
  });
}
