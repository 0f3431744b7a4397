import { createDestinations } from '@openbranch/contract/alerts/destination-operations';
import type { Call } from '../../../http/call.ts';
import { type Route, route } from '../../../http/route.ts';
import type { Write } from '../../../platform/transactions/unit-of-work.ts';
import { changeContactMethods, enrolContactMethods, type LockedContacts, lockContactMethods } from '../../customers/index.ts';
import { type BoundDestination, mostDestinations, type NewDestination, readNewDestinations } from '../domain/destination.ts';
import { settlePrimaries } from '../domain/settle-destinations.ts';
import { type DestinationOwner, listDestinations, saveDestinations } from '../store/alert-destinations.ts';
import type { AlertsParts } from './alerts-parts.ts';
import { toDestinationsAnswer } from './destinations-answer.ts';
import { findDestinationOwner } from './find-destination-owner.ts';
import { queueDestinationNotices } from './queue-destination-notices.ts';

type CreateCall = Call<typeof createDestinations>;
type Parts = Pick<AlertsParts, 'queueMessage' | 'canSend'>;

/** L27: binds contact methods to an application; those that are not on file are enrolled. */
export function createDestinationsRoute(parts: Parts): Route {
  return route(createDestinations).handle(async (call) => {
    const wanted = readNewDestinations(call.body);
    if (!wanted.ok) throw call.errorWith('inputInvalid', { detail: wanted.detail });
    const owner = await findDestinationOwner(call);
    if (!owner.ok) throw call.error(owner.refusal);
    return call.write(async (write) => {
      const contacts = await lockContactMethods(write.sql, owner.value.institutionId, owner.value.institutionUserId);
      if (contacts === undefined) throw call.error('customerNotFound');
      const created = await bind(call, parts, write, { owner: owner.value, contacts, wanted: withoutRepeats(wanted.value) });
      return toDestinationsAnswer(call.institution, created);
    });
  });
}

interface Binding {
  readonly owner: DestinationOwner;
  readonly contacts: LockedContacts;
  readonly wanted: readonly NewDestination[];
}

async function bind(call: CreateCall, parts: Parts, write: Write, binding: Binding): Promise<BoundDestination[]> {
  const { owner, contacts, wanted } = binding;
  const before = await listDestinations(write.sql, owner);
  const onFile = wanted.map((one) => ({ ...one, method: contacts.methods.find((method) => keyOf(method) === keyOf(one)) }));
  const known = onFile.flatMap(({ method }) => method?.contactMethodId ?? []);
  const alreadyBound = before.filter(({ contactMethodId }) => known.includes(contactMethodId));
  if (before.length + wanted.length - alreadyBound.length > mostDestinations) throw call.error('tooManyDestinations');
  const { institution, now } = call;
  await queueDestinationNotices(parts, write.sql, { institution, now, contacts, exceptIds: new Set(known) });
  const fresh = onFile.filter(({ method }) => method === undefined);
  const freshIds = await enrolContactMethods(write.sql, contacts, fresh.map(toEnrolment), now);
  await changeContactMethods(write.sql, contacts, onFile.flatMap(toActivation), now);
  const idOf = new Map(fresh.map((one, index) => [keyOf(one), freshIds[index]]));
  const named = onFile.flatMap(({ method, isPrimary, protocol, ...one }) => {
    const contactMethodId = method?.contactMethodId ?? idOf.get(keyOf({ protocol, ...one }));
    return contactMethodId === undefined ? [] : [{ contactMethodId, protocol, isPrimary }];
  });
  await saveDestinations(write.sql, owner, settlePrimaries(named, before));
  await write.audit('alert_destinations_created', {
    institutionUserId: owner.institutionUserId,
    details: { enrolled: freshIds.length, bound: wanted.length - alreadyBound.length, changed: alreadyBound.length },
  });
  const ids = new Set(named.map(({ contactMethodId }) => contactMethodId));
  return (await listDestinations(write.sql, owner)).filter(({ contactMethodId }) => ids.has(contactMethodId));
}

interface Identity {
  readonly protocol: string;
  readonly contactInfo: string;
  readonly countryCode: string | undefined;
}

/** Equal protocol, number and country are the same contact method. */
function keyOf({ protocol, contactInfo, countryCode = '' }: Identity): string {
  return `${protocol === 'PUSH' ? 'TOKEN' : protocol} ${countryCode} ${contactInfo}`;
}

/** What a call names twice is made once, as it was named last. */
function withoutRepeats(wanted: readonly NewDestination[]): readonly NewDestination[] {
  return [...new Map(wanted.map((one) => [keyOf(one), one])).values()];
}

function toEnrolment({ protocol, contactInfo, countryCode, isActivated = true }: NewDestination) {
  return { protocol: protocol === 'PUSH' ? ('TOKEN' as const) : protocol, contactInfo, countryCode, isActivated };
}

interface OnFile extends NewDestination {
  readonly method: LockedContacts['methods'][number] | undefined;
}

function toActivation({ method, isActivated = true }: OnFile) {
  return method === undefined || method.isActivated === isActivated ? [] : [{ ...method, isActivated }];
}
