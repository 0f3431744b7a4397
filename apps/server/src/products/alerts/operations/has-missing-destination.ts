import type { Tx } from '../../../platform/db/database.ts';
import type { InstitutionUser } from '../../customers/index.ts';
import { destinationOf, type SubscriptionAction } from '../domain/subscription.ts';
import { listDestinations } from '../store/alert-destinations.ts';

/** Whether an action picks a destination that is none of the customer's alerts, or one of another protocol. */
export async function hasMissingDestination(
  tx: Tx,
  { institutionId, institutionUserId }: InstitutionUser,
  actions: readonly SubscriptionAction[],
): Promise<boolean> {
  const picked = actions.filter((action) => destinationOf(action) !== undefined);
  if (picked.length === 0) return false;
  const owner = { institutionId, institutionUserId, productId: 'DIGITAL', notificationAppId: 'ALERTS' };
  const destinations = await listDestinations(tx, owner);
  return picked.some(
    (action) => !destinations.some((one) => one.contactMethodId === destinationOf(action) && one.protocol === action.name),
  );
}
