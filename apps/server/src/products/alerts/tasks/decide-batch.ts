import type { Sql, Tx } from '../../../platform/db/database.ts';
import { type AlertCatalogue, eventCatalogueOf } from '../domain/alert-catalogue.ts';
import { type AlertChannel, alertChannels } from '../domain/alert-channel.ts';
import { type AlertEvent, toEventFacts } from '../domain/alert-event.ts';
import { type Compile, decideOutcome, type Outcome } from '../domain/decide-outcome.ts';
import { wantedLocales } from '../domain/locale.ts';
import type { ChannelMatch, Recipient } from '../domain/match-alert.ts';
import { afterDelivery, type Subscription } from '../domain/subscription.ts';
import { type DeliveredSubscription, loadSubscriptions } from '../store/alert-subscriptions.ts';
import {
  keyOf,
  loadDestinations,
  loadSilences,
  loadUserPreferences,
  type ReachableDestination,
  type Silence,
} from '../store/pipeline-facts.ts';

/** An event of a batch with what became of it for one recipient. */
export interface Decided<Event extends AlertEvent> {
  readonly event: Event;
  /** undefined when the event brought its own addresses. */
  readonly institutionUserId: string | undefined;
  readonly outcome: Outcome;
  /** What to send to, by channel. */
  readonly destinations: readonly ReachableDestination[];
}

export interface DecidedBatch<Event extends AlertEvent> {
  readonly decided: readonly Decided<Event>[];
  readonly begun: readonly Silence[];
  readonly ended: readonly Silence[];
  /** Runs of subscriptions. */
  readonly runs: readonly DeliveredSubscription[];
}

export interface BatchInstitution {
  readonly institutionId: string;
  /** Locale of its customers: the API knows none of a user. */
  readonly defaultLocale: string;
  readonly catalogue: AlertCatalogue;
}

/**
 * Decides events in their order. What they need to know of users is loaded in a fixed number of statements, whatever the number
 * of events and customers. Both the pipeline and the simulation come through here.
 */
export async function decideBatch<Event extends AlertEvent>(
  sql: Sql | Tx,
  { institutionId, defaultLocale, catalogue: whole }: BatchInstitution,
  events: readonly Event[],
  compile: Compile,
): Promise<DecidedBatch<Event>> {
  const wanted = events.flatMap(({ eventType }) => whole.typesByName.get(eventType) ?? []);
  const typeIds = [...new Set(wanted.map(({ alertTypeId }) => alertTypeId))];
  const users = usersOf(events);
  const [preferences, destinations, silences, subscriptions] = await Promise.all([
    loadUserPreferences(sql, institutionId, users, typeIds),
    loadDestinations(sql, institutionId, users),
    loadSilences(sql, institutionId, users, typeIds),
    // Only events of V1 have subscriptions.
    loadSubscriptions(sql, institutionId, usersOf(events.filter(({ domain }) => domain === undefined))),
  ]);
  const locales = wantedLocales(undefined, defaultLocale);
  const quiet = new SilenceBook(silences);
  const runs = new RunBook(subscriptions);
  const decided = events.flatMap((event): Decided<Event>[] => {
    const catalogue = eventCatalogueOf(whole, event.eventType, locales);
    const { addressee } = event;
    if (addressee.kind === 'addresses') {
      const recipient: Recipient = { kind: 'addresses', addresses: toMap(addressee.addresses) };
      const outcome = decideOutcome(event, catalogue, recipient, compile);
      return [{ event, institutionUserId: undefined, outcome, destinations: [] }];
    }
    const typeId = catalogue.type?.alertTypeId ?? 0n;
    const { accountId = '' } = toEventFacts(event);
    return addressee.institutionUserIds.map((institutionUserId) => {
      const own = destinations.get(institutionUserId) ?? [];
      const place = { institutionUserId, accountId, alertTypeId: typeId };
      const recipient: Recipient = {
        kind: 'user',
        preferences: preferences.get(keyOf(institutionUserId, typeId)) ?? [],
        destinations: own,
        silenced: quiet.conditionsOf(place),
      };
      const outcome = decideOutcome(event, catalogue, recipient, compile, runs.of(institutionUserId));
      for (const { match } of outcome.channels)
        if (match.channel !== 'VOICE') quiet.note({ ...place, channel: match.channel }, match);
      runs.note(institutionUserId, outcome.delivered);
      return { event, institutionUserId, outcome, destinations: own };
    });
  });
  return { decided, ...quiet.changes(), runs: runs.all() };
}

function usersOf(events: readonly AlertEvent[]): string[] {
  const users = new Set<string>();
  for (const { addressee } of events)
    if (addressee.kind === 'users') for (const one of addressee.institutionUserIds) users.add(one);
  return [...users];
}

function toMap(addresses: Readonly<Partial<Record<AlertChannel, readonly string[]>>>) {
  return new Map(
    alertChannels.flatMap((channel) => {
      const list = addresses[channel];
      return list === undefined ? [] : [[channel, list] as const];
    }),
  );
}

type Place = Omit<Silence, 'channel' | 'condition'>;

/** The silences as the events of a batch change them, one after the other. */
class SilenceBook {
  readonly #before = new Map<string, Silence>();
  readonly #now = new Map<string, Silence>();

  constructor(silences: readonly Silence[]) {
    for (const silence of silences) {
      this.#before.set(nameOf(silence), silence);
      this.#now.set(nameOf(silence), silence);
    }
  }

  conditionsOf(place: Place): ReadonlyMap<AlertChannel, string> {
    return new Map(
      alertChannels.flatMap((channel) => {
        const known = this.#now.get(nameOf({ ...place, channel }));
        return known === undefined ? [] : [[channel, known.condition] as const];
      }),
    );
  }

  note(
    place: Omit<Silence, 'condition'>,
    { silence, firedCondition: condition }: Pick<ChannelMatch, 'silence' | 'firedCondition'>,
  ): void {
    if (condition !== undefined) this.#now.set(nameOf(place), { ...place, condition });
    if (silence === 'ends') this.#now.delete(nameOf(place));
  }

  changes(): { readonly begun: Silence[]; readonly ended: Silence[] } {
    const [before, now] = [this.#before, this.#now];
    return {
      begun: [...now].filter(([name, one]) => before.get(name)?.condition !== one.condition).map(([, one]) => one),
      ended: [...before].filter(([name]) => !now.has(name)).map(([, one]) => one),
    };
  }
}

function nameOf({ institutionUserId, accountId, alertTypeId, channel }: Omit<Silence, 'condition'>): string {
  return `${institutionUserId} ${alertTypeId} ${channel} ${accountId}`;
}

/** The subscriptions as the events of a batch use them up, one after the other. */
class RunBook {
  readonly #byUser: Map<string, Subscription[]>;
  readonly #runs = new Map<string, DeliveredSubscription>();

  constructor(byUser: Map<string, Subscription[]>) {
    this.#byUser = byUser;
  }

  of(institutionUserId: string): readonly Subscription[] {
    return this.#byUser.get(institutionUserId) ?? [];
  }

  note(institutionUserId: string, delivered: readonly string[]): void {
    if (delivered.length === 0) return;
    const after = this.of(institutionUserId).map((one) => {
      const { customerGuid, subscriptionId } = one;
      if (!delivered.includes(subscriptionId)) return one;
      const runs = (this.#runs.get(subscriptionId)?.runs ?? 0) + 1;
      this.#runs.set(subscriptionId, { customerGuid, subscriptionId, runs });
      return afterDelivery(one);
    });
    this.#byUser.set(institutionUserId, after);
  }

  all(): readonly DeliveredSubscription[] {
    return [...this.#runs.values()];
  }
}
