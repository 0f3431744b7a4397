import type { Reading } from './destination.ts';
import { DocumentReader, listOf, type MapEntry, memberOf } from './document-reader.ts';
import { type DeliveryChannel, deliveryChannels } from './message-id.ts';

/** What a customer of V1 wants to hear of (contract sheet "Alerts", section 3.10). */
export interface Subscription {
  /** 32 lower hexadecimal digits. */
  readonly subscriptionId: string;
  readonly customerGuid: string;
  /** In capitals, as the names of alert types are. */
  readonly eventType: string;
  /** Deliveries that are left; undefined recurs for ever. */
  readonly runsLeft: number | undefined;
  readonly isActive: boolean;
  /** All must hold. */
  readonly conditions: readonly SubscriptionCondition[];
  /** Where it goes; none is everywhere. */
  readonly actions: readonly SubscriptionAction[];
}

/** Its `key` ends in `.lt`, `.le`, `.gt`, `.ge` or `.ne`; one that does not asks for equality. */
export interface SubscriptionCondition {
  readonly key: string;
  readonly value: string;
}

export interface SubscriptionAction {
  readonly name: DeliveryChannel;
  readonly attributes: readonly MapEntry[];
}

/** What a call says; undefined was not said. */
export interface SubscriptionInput {
  readonly id: string | undefined;
  readonly eventType: string | undefined;
  readonly runs: 'RECURRING' | number | undefined;
  readonly conditions: readonly SubscriptionCondition[] | undefined;
  readonly actions: readonly SubscriptionAction[] | undefined;
}

interface PathFacts {
  readonly institutionId: string;
  readonly customerId: string;
}

/** Of one customer: the pipeline reads them all. */
export const mostSubscriptions = 100;

const subscriptionId = /^[0-9a-fA-F]{32}$/u;
/** What parts the words of a list is in no name. */
const typeName = /^[^\s,;|]+$/u;
const runs = /^(?:recurring|0*[1-9][0-9]{0,3})$/iu;

export function toActionName(word: string): DeliveryChannel | undefined {
  return deliveryChannels.find((name) => name === word.toUpperCase());
}

export function parseSubscriptionId(text: string): string | undefined {
  return subscriptionId.test(text) ? text.toLowerCase() : undefined;
}

export function readSubscription(body: unknown, path: PathFacts, isNew: boolean): Reading<SubscriptionInput> {
  const root = memberOf(body, 'Subscription') ?? memberOf(body, 'subscription') ?? body;
  const reader = new DocumentReader();
  reader.echo(root, 'fiId', path.institutionId);
  reader.echo(root, 'fiCustomerId', path.customerId);
  const id = reader.text(root, 'id', { isRequired: !isNew, maxLength: 64 });
  const eventType = reader.text(root, 'eventTypeId', { isRequired: isNew, maxLength: 64, pattern: typeName })?.toUpperCase();
  const word = reader.text(root, 'fulfillment', { maxLength: 16, pattern: runs })?.toUpperCase();
  const has = (name: string) => memberOf(root, name) !== undefined;
  const conditions = has('subscriptionEventConditionsMap') ? reader.entries(root, 'subscriptionEventConditionsMap') : undefined;
  const actions = has('subscriptionActions') ? readActions(reader, root) : undefined;
  if (reader.problem !== undefined) return { ok: false, detail: reader.problem };
  const wantedRuns = word === undefined || word === 'RECURRING' ? word : Number(word);
  return { ok: true, value: { id, eventType, runs: wantedRuns, conditions, actions } };
}

function readActions(reader: DocumentReader, root: unknown): readonly SubscriptionAction[] {
  const nodes = listOf(memberOf(memberOf(root, 'subscriptionActions'), 'subscriptionAction'));
  if (nodes.length > 10) reader.refuse('subscriptionAction');
  return nodes.slice(0, 10).flatMap((node): SubscriptionAction[] => {
    const name = toActionName(reader.text(node, 'name', { isRequired: true, maxLength: 8 }) ?? '');
    const attributes = reader.entries(node, 'subscriptionActionAttributesMap');
    if (name === undefined) reader.refuse('name');
    return name === undefined ? [] : [{ name, attributes }];
  });
}

/** The one destination that an action picks; undefined is all of its protocol. */
export function destinationOf({ attributes }: SubscriptionAction): string | undefined {
  return attributes.find(({ key }) => key === 'destinationId')?.value;
}

/** A subscription as `input` makes or changes it. */
export function applySubscription(
  before: Pick<Subscription, 'subscriptionId' | 'customerGuid'> & Partial<Subscription>,
  input: SubscriptionInput,
): Subscription {
  const { subscriptionId: id, customerGuid, eventType = '', runsLeft, isActive = true, conditions = [], actions = [] } = before;
  const given = input.runs;
  return {
    subscriptionId: id,
    customerGuid,
    eventType: input.eventType ?? eventType,
    runsLeft: given === undefined ? runsLeft : given === 'RECURRING' ? undefined : given,
    isActive: given === undefined ? isActive : true,
    conditions: input.conditions ?? conditions,
    actions: input.actions ?? actions,
  };
}

/** What is left after a delivery: a batch of events goes on with it. */
export function afterDelivery(subscription: Subscription): Subscription {
  const { runsLeft } = subscription;
  if (runsLeft === undefined) return subscription;
  return { ...subscription, runsLeft: Math.max(runsLeft - 1, 0), isActive: subscription.isActive && runsLeft > 1 };
}
