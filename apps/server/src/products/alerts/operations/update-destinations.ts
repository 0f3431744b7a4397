import { updateDestinations } from '@openbranch/contract/alerts/destination-operations';
import type { Call } from '../../../http/call.ts';
import { type Route, route } from '../../../http/route.ts';
import type { Write } from '../../../platform/transactions/unit-of-work.ts';
import { changeContactMethods, type LockedContacts, lockContactMethods } from '../../customers/index.ts';
import { type BoundDestination, type DestinationChange, readDestinationChanges } from '../domain/destination.ts';
import { applyDestinationChange, settlePrimaries } from '../domain/settle-destinations.ts';
import { type DestinationOwner, listDestinations, saveDestinations } from '../store/alert-destinations.ts';
import type { AlertsParts } from './alerts-parts.ts';
import { toDestinationsAnswer } from './destinations-answer.ts';
import { findDestinationOwner } from './find-destination-owner.ts';
import { queueDestinationNotices } from './queue-destination-notices.ts';

type UpdateCall = Call<typeof updateDestinations>;
type Parts = Pick<AlertsParts, 'queueMessage' | 'canSend'>;

/** L28: changes the destinations that are listed, all or none. */
export function updateDestinationsRoute(parts: Parts): Route {
  return route(updateDestinations).handle(async (call) => {
    const changes = readDestinationChanges(call.body);
    if (!changes.ok) throw call.errorWith('inputInvalid', { detail: changes.detail });
    const owner = await findDestinationOwner(call);
    if (!owner.ok) throw call.error(owner.refusal);
    return call.write(async (write) => {
      const contacts = await lockContactMethods(write.sql, owner.value.institutionId, owner.value.institutionUserId);
      if (contacts === undefined) throw call.error('customerNotFound');
      const changed = await change(call, parts, write, { owner: owner.value, contacts, changes: changes.value });
      return toDestinationsAnswer(call.institution, changed);
    });
  });
}

interface Change {
  readonly owner: DestinationOwner;
  readonly contacts: LockedContacts;
  readonly changes: readonly DestinationChange[];
}

async function change(
  call: UpdateCall,
  parts: Parts,
  write: Write,
  { owner, contacts, changes }: Change,
): Promise<BoundDestination[]> {
  const { institution, now } = call;
  const before = await listDestinations(write.sql, owner);
  const applied = changes.map((one) => {
    const old = before.find(({ contactMethodId }) => contactMethodId === one.contactMethodId);
    if (old === undefined) throw call.error('destinationNotFound');
    const outcome = applyDestinationChange(old, one);
    if (!outcome.ok) throw call.errorWith('inputInvalid', { detail: outcome.detail });
    return { old, wanted: outcome.value, isPrimary: one.isPrimary };
  });
  const methods = applied.filter(({ old, wanted }) => !isSameMethod(old, wanted)).map(({ wanted }) => wanted);
  if (methods.some((method) => isTaken(method, contacts, methods)))
    throw call.errorWith('inputInvalid', { detail: 'contactInfo' });
  const primaries = settlePrimaries(
    applied.map(({ wanted, isPrimary }) => ({ ...wanted, isPrimary })),
    before,
  );
  const listed = () => before.filter(({ contactMethodId }) => primaries.has(contactMethodId));
  // Asked again for what is so already: nothing is written, and nobody is told.
  if (methods.length === 0 && listed().every((one) => primaries.get(one.contactMethodId) === one.isPrimary)) return listed();
  // Whoever does not receive there any more hears of it too.
  const kept = [...primaries.keys()].filter((id) => !methods.some(({ contactMethodId }) => contactMethodId === id));
  await queueDestinationNotices(parts, write.sql, { institution, now, contacts, exceptIds: new Set(kept) });
  await changeContactMethods(write.sql, contacts, methods, now);
  await saveDestinations(write.sql, owner, primaries);
  await write.audit('alert_destinations_updated', {
    institutionUserId: owner.institutionUserId,
    details: { listed: changes.length, contactMethods: methods.length },
  });
  return (await listDestinations(write.sql, owner)).filter(({ contactMethodId }) => primaries.has(contactMethodId));
}

function isSameMethod(one: BoundDestination, other: BoundDestination): boolean {
  return one.contactInfo === other.contactInfo && one.countryCode === other.countryCode && one.isActivated === other.isActivated;
}

/** Another contact method of the customer has the same number or address already, or is about to. */
function isTaken(wanted: BoundDestination, { methods }: LockedContacts, changed: readonly BoundDestination[]): boolean {
  const protocol = wanted.protocol === 'PUSH' ? 'TOKEN' : wanted.protocol;
  const isEqual = (other: Pick<BoundDestination, 'contactMethodId' | 'contactInfo' | 'countryCode'>) =>
    other.contactMethodId !== wanted.contactMethodId &&
    other.contactInfo === wanted.contactInfo &&
    other.countryCode === wanted.countryCode;
  const isChanged = (id: string) => changed.some(({ contactMethodId }) => contactMethodId === id);
  return (
    methods.some((one) => one.protocol === protocol && !isChanged(one.contactMethodId) && isEqual(one)) ||
    changed.some((one) => one.protocol === wanted.protocol && isEqual(one))
  );
}
