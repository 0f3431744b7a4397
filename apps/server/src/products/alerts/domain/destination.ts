import { DocumentReader, listOf, memberOf } from './document-reader.ts';

export type DestinationProtocol = 'SMS' | 'VOICE' | 'EMAIL' | 'PUSH';

/** A contact method as it is bound to an application (contract sheet "Alerts", section 3.9). */
export interface BoundDestination {
  readonly contactMethodId: string;
  readonly protocol: DestinationProtocol;
  readonly contactInfo: string;
  /** Phones only. */
  readonly countryCode: string | undefined;
  readonly isActivated: boolean;
  readonly isPrimary: boolean;
  readonly enrolledAt: Date;
}

/** What a destination is to be; undefined keeps what is there. */
export interface WantedFlags {
  readonly isActivated: boolean | undefined;
  readonly isPrimary: boolean | undefined;
}

export interface NewDestination extends WantedFlags {
  readonly protocol: DestinationProtocol;
  readonly contactInfo: string;
  readonly countryCode: string | undefined;
}

export interface DestinationChange extends WantedFlags {
  readonly contactMethodId: string;
  readonly contactInfo: string | undefined;
  readonly countryCode: string | undefined;
  readonly protocol: DestinationProtocol | undefined;
}

export type Reading<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly detail: string };

/** Of one customer in one application. */
export const mostDestinations = 10;

const protocols: readonly DestinationProtocol[] = ['SMS', 'VOICE', 'EMAIL', 'PUSH'];
const protocolWord = /^(?:sms|voice|email|push)$/iu;
const phoneDigits = /^[0-9]{4,15}$/u;
const callingCode = /^[0-9]{1,3}$/u;
const emailAddress = /^[^\s@,;<>()"]+@[^\s@.,;<>()"]+(?:\.[^\s@.,;<>()"]+)+$/u;
const longestAddress = 64;
const longestToken = 512;

export function isPhone(protocol: DestinationProtocol): boolean {
  return protocol === 'SMS' || protocol === 'VOICE';
}

export function readNewDestinations(body: unknown): Reading<readonly NewDestination[]> {
  return readEach(body, (reader, node): NewDestination | undefined => {
    const protocol = readProtocol(reader, node, true);
    const contactInfo = reader.text(node, 'contactInfo', { isRequired: true, maxLength: longestToken });
    const countryCode = readCallingCode(reader, node);
    const flags = readFlags(reader, node);
    if (protocol === undefined || contactInfo === undefined) return undefined;
    if (!fitsProtocol(protocol, contactInfo)) return reader.refuse('contactInfo');
    if (!isPhone(protocol)) {
      if (countryCode !== undefined) return reader.refuse('telephoneCountryCode');
      return { protocol, contactInfo, countryCode: undefined, ...flags };
    }
    return { protocol, contactInfo, countryCode: countryCode ?? '1', ...flags };
  });
}

export function readDestinationChanges(body: unknown): Reading<readonly DestinationChange[]> {
  const ids = new Set<string>();
  return readEach(body, (reader, node): DestinationChange | undefined => {
    const contactMethodId = reader.text(node, 'id', { isRequired: true, maxLength: 18, pattern: /^[0-9]+$/u });
    if (contactMethodId === undefined || ids.has(contactMethodId)) return reader.refuse('id');
    ids.add(contactMethodId);
    return {
      contactMethodId,
      protocol: readProtocol(reader, node, false),
      contactInfo: reader.text(node, 'contactInfo', { maxLength: longestToken }),
      countryCode: readCallingCode(reader, node),
      ...readFlags(reader, node),
    };
  });
}

/** One to ten, each by `read`; one that cannot be taken refuses all. */
function readEach<Value>(
  body: unknown,
  read: (reader: DocumentReader, node: unknown) => Value | undefined,
): Reading<readonly Value[]> {
  const root = memberOf(body, 'destinations') ?? body;
  const nodes = listOf(memberOf(root, 'destination'));
  if (nodes.length === 0 || nodes.length > mostDestinations) return { ok: false, detail: 'destination' };
  const reader = new DocumentReader();
  const values = nodes.flatMap((node) => read(reader, node) ?? []);
  return reader.problem === undefined ? { ok: true, value: values } : { ok: false, detail: reader.problem };
}

function readProtocol(reader: DocumentReader, node: unknown, isRequired: boolean): DestinationProtocol | undefined {
  const word = reader.text(node, 'protocol', { isRequired, maxLength: 8, pattern: protocolWord })?.toUpperCase();
  return protocols.find((protocol) => protocol === word);
}

function readCallingCode(reader: DocumentReader, node: unknown): string | undefined {
  return reader.text(node, 'telephoneCountryCode', { maxLength: 3, pattern: callingCode });
}

function readFlags(reader: DocumentReader, node: unknown): WantedFlags {
  return { isActivated: reader.flag(node, 'activated'), isPrimary: reader.flag(node, 'primary') };
}

export function fitsProtocol(protocol: DestinationProtocol, contactInfo: string): boolean {
  switch (protocol) {
    case 'SMS':
    case 'VOICE':
      return phoneDigits.test(contactInfo);
    case 'EMAIL':
      return contactInfo.length <= longestAddress && emailAddress.test(contactInfo);
    case 'PUSH':
      return contactInfo.length <= longestToken && !/\s/u.test(contactInfo);
  }
}
