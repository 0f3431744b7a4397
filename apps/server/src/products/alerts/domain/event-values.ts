/** An event as it is published: parts by name. */
export type EventParts = Readonly<Record<string, unknown>>;

/** Finds the text that a variable of a template stands for. */
export type FindValue = (name: string) => string | undefined;

const longestValue = 2000;
const deepestPath = 10;
const placesToLook = ['notification', 'eventDetails.additionalInfo', 'user', 'transaction', 'account', 'eventDetails'] as const;
/** Names under which the number of an account or a card stands, also with words before: `fromAccountNumber`. */
const accountNumberName = /(?:(?:account|acct|card)[_-]?(?:number|nbr|num|no|id)|iban|^pan|[_-]pan|card_?pan)$/iu;

/**
 * The values of an event (contract sheet "Alerts", section 3.3): first what the template's own map says, then the parts
 * of the event in their order, whatever the case of the name.
 */
export function createFindValue(event: EventParts, variableMap: Readonly<Record<string, string>>): FindValue {
  const places = new Map<string, ReadonlyMap<string, readonly [string, unknown]>>();
  const membersOf = (place: string): ReadonlyMap<string, readonly [string, unknown]> => {
    const known = places.get(place);
    if (known !== undefined) return known;
    const members = byLowerCase(valueAt(event, place));
    places.set(place, members);
    return members;
  };
  return (name) => {
    const mapped = Object.hasOwn(variableMap, name) ? variableMap[name] : undefined;
    if (mapped !== undefined) return fromMap(event, mapped);
    for (const place of placesToLook) {
      const found = membersOf(place).get(name.toLowerCase());
      const text = found === undefined ? undefined : toText(found[1], isAccountNumber(place, found[0]));
      if (text !== undefined) return text;
    }
    return undefined;
  };
}

function fromMap(event: EventParts, path: string): string | undefined {
  if (path.startsWith('=')) return path.slice(1, 1 + longestValue);
  const steps = path.split('.');
  return toText(valueAt(event, path), isAccountNumber(steps.at(-2) ?? '', steps.at(-1) ?? ''));
}

/** The opaque id of an account is no number to show either. */
function isAccountNumber(place: string, name: string): boolean {
  return accountNumberName.test(name) || (place === 'account' && name.toLowerCase() === 'id');
}

function valueAt(event: EventParts, path: string): unknown {
  const steps = path.split('.');
  if (steps.length > deepestPath) return undefined;
  let value: unknown = event;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = Reflect.get(value, step);
  }
  return value;
}

function byLowerCase(value: unknown): ReadonlyMap<string, readonly [string, unknown]> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return new Map();
  return new Map(Object.entries(value).map(([name, member]) => [name.toLowerCase(), [name, member]]));
}

/** Money as currency and two decimals; objects and lists have no text. */
function toText(value: unknown, isMasked: boolean): string | undefined {
  const plain = toPlainText(value);
  if (plain === undefined) return undefined;
  return isMasked ? `****${plain.slice(-4)}` : plain.slice(0, longestValue);
}

function toPlainText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object' || value === null) return undefined;
  const currencyCode: unknown = Reflect.get(value, 'currencyCode');
  const amount: unknown = Reflect.get(value, 'amount');
  if (typeof amount !== 'number' || !Number.isFinite(amount)) return undefined;
  return typeof currencyCode === 'string' ? `${currencyCode} ${amount.toFixed(2)}` : amount.toFixed(2);
}
