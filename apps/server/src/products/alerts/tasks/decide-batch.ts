import type { Sql, Tx } from '../../../platform/db/database.ts';
import { type AlertChannel, alertChannels } from '../domain/alert-channel.ts';
import { type AddressedEvent, toEventFacts } from '../domain/alert-event.ts';
import type { AlertTemplate } from '../domain/alert-template.ts';
import type { AlertType, InstitutionAlertType } from '../domain/alert-type.ts';
import type { InstitutionPreference, UserPreference } from '../domain/choose-preference.ts';
import { type Compile, decideOutcome, type EventCatalogue, type Outcome } from '../domain/decide-outcome.ts';
import { wantedLocales } from '../domain/locale.ts';
import type { Recipient } from '../domain/match-alert.ts';
import { afterDelivery, type Subscription } from '../domain/subscription.ts';
import { type DeliveredSubscription, loadSubscriptions } from '../store/alert-subscriptions.ts';
import { listAlertTemplates } from '../store/alert-templates.ts';
import { listAlertTypes } from '../store/alert-types.ts';
import { listInstitutionAlertTypes } from '../store/institution-alert-types.ts';
import {
  type ByUserAndType,
  keyOf,
  loadDestinations,
  loadInstitutionPreferences,
  loadSilences,
  loadUserPreferences,
  type ReachableDestination,
  type Silence,
} from '../store/pipeline-facts.ts';

/** An event of a batch with what became of it for one recipient. */
export interface Decided<Event extends AddressedEvent> {
  readonly event: Event;
  /** undefined when the event brought its own addresses. */
  readonly institutionUserId: string | undefined;
  readonly outcome: Outcome;
  /** What to send to, by channel. */
  readonly destinations: readonly ReachableDestination[];
}

export interface DecidedBatch<Event extends AddressedEvent> {
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
}

/**
 * Decides events in their order. What they need to know is loaded in a fixed number of statements, whatever the number
 * of events and customers: preferences first, because of most movements of money nobody wants to hear, and then nothing
 * else is asked. Both the pipeline and the simulation come through here.
 */
export async function decideBatch<Event extends AddressedEvent>(
  sql: Sql | Tx,
  { institutionId, defaultLocale }: BatchInstitution,
  all: readonly Event[],
  compile: Compile,
): Promise<DecidedBatch<Event>> {
  if (all.length === 0) return nothing;
  const [types, optIns] = await Promise.all([listAlertTypes(sql, institutionId), listInstitutionAlertTypes(sql, institutionId)]);
  const typesByName = byName(types);
  const [presumed, preferences] = await Promise.all([
    loadInstitutionPreferences(sql, institutionId, typeIdsOf(all, typesByName)),
    loadUserPreferences(sql, institutionId, usersOf(all), typeIdsOf(all, typesByName)),
  ]);
  const events = all.filter((event) => event.isOfMoney !== true || isWanted(event, typesByName, presumed, preferences));
  if (events.length === 0) return nothing;
  const typeIds = typeIdsOf(events, typesByName);
  const users = usersOf(events);
  const [templates, destinations, silences, subscriptions] = await Promise.all([
    listAlertTemplates(sql, institutionId, { alertTypeIds: typeIds, states: ['PUBLISHED'] }),
    loadDestinations(sql, institutionId, users),
    loadSilences(sql, institutionId, users, typeIds),
    // Only events of V1 have subscriptions.
    loadSubscriptions(sql, institutionId, usersOf(events.filter(({ domain }) => domain === undefined))),
  ]);
  const locales = wantedLocales(undefined, defaultLocale);
  const catalogueOf = createCatalogues(typesByName, optIns, presumed, templates, locales);
  const quiet = new SilenceBook(silences);
  const runs = new RunBook(subscriptions);
  const decided = events.flatMap((event): Decided<Event>[] => {
    const catalogue = catalogueOf(event.eventType);
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
        silenced: quiet.channelsOf(place),
      };
      const outcome = decideOutcome(event, catalogue, recipient, compile, runs.of(institutionUserId));
      for (const { match } of outcome.channels)
        if (match.channel !== 'VOICE') quiet.note({ ...place, channel: match.channel }, match.silence);
      runs.note(institutionUserId, outcome.delivered);
      return { event, institutionUserId, outcome, destinations: own };
    });
  });
  return { decided, ...quiet.changes(), runs: runs.all() };
}

const nothing = { decided: [], begun: [], ended: [], runs: [] };

/** The institution's own type comes before one of the platform of the same name. */
function byName(types: readonly AlertType[]): ReadonlyMap<string, AlertType> {
  const sorted = [...types].sort((one, other) => Number(other.isPlatforms) - Number(one.isPlatforms));
  return new Map(sorted.map((type) => [type.alertTypeName, type]));
}

function typeIdsOf(events: readonly AddressedEvent[], typesByName: ReadonlyMap<string, AlertType>): bigint[] {
  return [...new Set(events.flatMap(({ eventType }) => typesByName.get(eventType)?.alertTypeId ?? []))];
}

/** Whether the user has a preference for the type, whatever it says, or the institution has one for all. */
function isWanted(
  { eventType, addressee }: AddressedEvent,
  typesByName: ReadonlyMap<string, AlertType>,
  presumed: ReadonlyMap<string, readonly InstitutionPreference[]>,
  preferences: ByUserAndType<UserPreference>,
): boolean {
  const typeId = typesByName.get(eventType)?.alertTypeId;
  if (typeId === undefined || addressee.kind !== 'users') return false;
  return presumed.has(String(typeId)) || addressee.institutionUserIds.some((userId) => preferences.has(keyOf(userId, typeId)));
}

function usersOf(events: readonly AddressedEvent[]): string[] {
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

function createCatalogues(
  typesByName: ReadonlyMap<string, AlertType>,
  optIns: readonly InstitutionAlertType[],
  presumed: ReadonlyMap<string, readonly InstitutionPreference[]>,
  templates: readonly AlertTemplate[],
  locales: readonly string[],
): (eventType: string) => EventCatalogue {
  const known = new Map<string, EventCatalogue>();
  const make = (eventType: string): EventCatalogue => {
    const type = typesByName.get(eventType);
    return {
      type,
      optIn: optIns.find(({ alertTypeId }) => alertTypeId === type?.alertTypeId),
      institutionPreferences: presumed.get(String(type?.alertTypeId)) ?? [],
      templates: templates.filter(({ alertTypeId }) => alertTypeId === type?.alertTypeId),
      locales,
    };
  };
  return (eventType) => {
    const made = known.get(eventType) ?? make(eventType);
    known.set(eventType, made);
    return made;
  };
}

type Place = Omit<Silence, 'channel'>;

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

  channelsOf(place: Place): ReadonlySet<AlertChannel> {
    return new Set(alertChannels.filter((channel) => this.#now.has(nameOf({ ...place, channel }))));
  }

  note(silence: Silence, change: 'begins' | 'ends' | 'stays'): void {
    if (change === 'begins') this.#now.set(nameOf(silence), silence);
    if (change === 'ends') this.#now.delete(nameOf(silence));
  }

  changes(): { readonly begun: Silence[]; readonly ended: Silence[] } {
    const missingIn = (from: ReadonlyMap<string, Silence>, other: ReadonlyMap<string, Silence>): Silence[] =>
      [...from].filter(([name]) => !other.has(name)).map(([, silence]) => silence);
    return { begun: missingIn(this.#now, this.#before), ended: missingIn(this.#before, this.#now) };
  }
}

function nameOf({ institutionUserId, accountId, alertTypeId, channel }: Silence): string {
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
