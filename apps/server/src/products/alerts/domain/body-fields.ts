/** Why a member of a body cannot be taken. */
export type FieldRefusal = 'attributeMissing' | 'fieldRequired' | 'fieldInvalid' | 'valueInvalid' | 'notPrintableAscii';

interface TextRule {
  readonly isRequired?: boolean;
  readonly maxLength: number;
  /** Words for people; everything else is printable ASCII. */
  readonly isUnicode?: boolean;
  readonly pattern?: RegExp;
}

type Members = Readonly<Record<string, unknown>>;

const printableAscii = /^[\x20-\x7e]*$/u;
const unpairedSurrogate = /\p{Surrogate}/u;
const mostEntries = 100;

/**
 * Reads the members of a body one after the other and remembers the first refusal. After all were read, `refusal` says
 * whether what they gave may be used.
 */
export class BodyFields {
  readonly #members: Members;
  readonly #root: BodyFields;
  #refusal: FieldRefusal | undefined;

  constructor(members: Members, root?: BodyFields) {
    this.#members = members;
    this.#root = root ?? this;
  }

  get refusal(): FieldRefusal | undefined {
    return this.#root.#refusal;
  }

  refuse(refusal: FieldRefusal): undefined {
    this.#root.#refusal ??= refusal;
    return undefined;
  }

  #take(name: string, isRequired: boolean): unknown {
    const value = Object.hasOwn(this.#members, name) ? (this.#members[name] ?? undefined) : undefined;
    if (value === undefined && isRequired) this.refuse('attributeMissing');
    return value;
  }

  has(name: string): boolean {
    return this.#take(name, false) !== undefined;
  }

  /** `''` is an answer too: it clears an optional text. */
  text(name: string, { isRequired = false, maxLength, isUnicode = false, pattern }: TextRule): string | undefined {
    const value = this.#take(name, isRequired);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') return this.refuse('fieldInvalid');
    if (value === '') return isRequired ? this.refuse('fieldRequired') : '';
    if (!isUnicode && !printableAscii.test(value)) return this.refuse('notPrintableAscii');
    if (value.length > maxLength || value.includes('\u0000') || unpairedSurrogate.test(value)) return this.refuse('fieldInvalid');
    return pattern === undefined || pattern.test(value) ? value : this.refuse('fieldInvalid');
  }

  /** A required text, unless it is left out of a change. */
  neededText(name: string, isNew: boolean, rule: Omit<TextRule, 'isRequired'>): string | undefined {
    return this.text(name, { ...rule, isRequired: isNew || this.has(name) });
  }

  choice<Value extends string>(name: string, values: readonly Value[]): Value | undefined {
    const value = this.#take(name, false);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') return this.refuse('fieldInvalid');
    if (value === '') return this.refuse('fieldRequired');
    return values.find((one) => one === value.toUpperCase()) ?? this.refuse('valueInvalid');
  }

  flag(name: string, isRequired = false): boolean | undefined {
    const value = this.#take(name, isRequired);
    return value === undefined || typeof value === 'boolean' ? value : this.refuse('fieldInvalid');
  }

  /** A positive whole number, or its digits; 0 is the same as absent. */
  id(name: string, isRequired = false): bigint | undefined {
    const value = this.#take(name, isRequired);
    if (value === undefined) return undefined;
    const digits = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
    if (typeof digits !== 'string' || !/^[0-9]{1,18}$/u.test(digits)) return this.refuse('fieldInvalid');
    if (BigInt(digits) !== 0n) return BigInt(digits);
    return isRequired ? this.refuse('attributeMissing') : undefined;
  }

  /** Names to texts. */
  textMap(name: string, maxLength: number): Readonly<Record<string, string>> | undefined {
    const members = this.members(name);
    if (members === undefined) return undefined;
    const entries = Object.entries(members);
    if (entries.length > mostEntries) return this.refuse('fieldInvalid');
    const texts: [string, string][] = [];
    for (const [key, value] of entries) {
      if (value === undefined || value === null) continue;
      if (typeof value !== 'string' || key.length > 64 || value.length > maxLength) return this.refuse('fieldInvalid');
      if (!printableAscii.test(key)) return this.refuse('notPrintableAscii');
      if (value.includes('\u0000') || unpairedSurrogate.test(value)) return this.refuse('fieldInvalid');
      texts.push([key, value]);
    }
    return Object.fromEntries(texts);
  }

  members(name: string, isRequired = false): Members | undefined {
    const value = this.#take(name, isRequired);
    if (value === undefined) return undefined;
    return isMembers(value) ? value : this.refuse('fieldInvalid');
  }

  /** The members of an object, read by the same rules; absent ones are those of an empty object. */
  inside(name: string, isRequired = false): BodyFields {
    return new BodyFields(this.members(name, isRequired) ?? {}, this.#root);
  }

  /** The objects of a list. */
  items(name: string, { isRequired = false, most }: { readonly isRequired?: boolean; readonly most: number }): BodyFields[] {
    const value = this.#take(name, isRequired);
    if (value === undefined) return [];
    if (!Array.isArray(value) || value.length > most || !value.every(isMembers)) {
      this.refuse('fieldInvalid');
      return [];
    }
    return value.map((members) => new BodyFields(members, this.#root));
  }
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
