import type { deleteDestination } from '@openbranch/contract/alerts/destination-operations';
import type { Call } from '../../../http/call.ts';
import { lockContactMethods } from '../../customers/index.ts';
import { deleteDestinations, listDestinations } from '../store/alert-destinations.ts';
import type { AlertsParts } from './alerts-parts.ts';
import { findDestinationOwner } from './find-destination-owner.ts';
import { queueDestinationNotices } from './queue-destination-notices.ts';

type Refusal = 'selectorInvalid' | 'customerNotFound' | 'applicationNotFound' | 'destinationNotFound';

/** Either of the two operations that delete. */
interface DeleteCall extends Pick<Call<typeof deleteDestination>, 'institution' | 'now' | 'sql' | 'write'> {
  readonly params: { readonly product_id: string; readonly notification_app_id: string; readonly di_ficustomer: string };
  error(name: Refusal): Error;
}

const destinationId = /^[0-9]{1,18}$/u;

/** L29 and L30. @param selected Only this one; undefined is all of them. */
export async function unbindDestinations(
  call: DeleteCall,
  parts: Pick<AlertsParts, 'queueMessage' | 'canSend'>,
  selected: string | undefined,
): Promise<void> {
  const owner = await findDestinationOwner(call);
  if (!owner.ok) throw call.error(owner.refusal);
  if (selected !== undefined && !destinationId.test(selected)) throw call.error('destinationNotFound');
  const { institutionId, institutionUserId } = owner.value;
  await call.write(async (write) => {
    const contacts = await lockContactMethods(write.sql, institutionId, institutionUserId);
    if (contacts === undefined) throw call.error('customerNotFound');
    const { institution, now } = call;
    // Those that are unbound hear of it too.
    const before = await listDestinations(write.sql, owner.value);
    const isThere = selected === undefined || before.some(({ contactMethodId }) => contactMethodId === String(BigInt(selected)));
    if (!isThere) throw call.error('destinationNotFound');
    if (before.length === 0) return;
    await queueDestinationNotices(parts, write.sql, { institution, now, contacts, exceptIds: new Set() });
    const unbound = await deleteDestinations(write.sql, owner.value, selected);
    await write.audit('alert_destinations_deleted', { institutionUserId, details: { unbound } });
  });
}
