import { type ODataToken, parseODataTime, readODataTokens } from './odata-tokens.ts';
import { accept, type Result, refuse } from './result.ts';

/**
 * The subset of OData that the published API speaks (contract sheet "Conventions", section 9):
 *
 *   filter  := or ; or := and ("or" and)* ; and := prim ("and" prim)* ; prim := "(" or ")" | cmp | func
 *   cmp     := operand op literal ; op := eq|ne|gt|ge|lt|le ; operand := prop | ("tolower"|"toupper") "(" prop ")"
 *   func    := "contains" "(" operand "," string ")" ; literal := string | number | true | false | date
 *   expand  := seg ("," seg)* ; seg := name [ "(" "$filter=" filter ")" ]
 *
 * Parsing and evaluating are pure, never throw, and are bounded: by the length of the text, by depth, and by the number
 * of comparisons.
 */
export type Filter =
  | { readonly kind: 'or' | 'and'; readonly terms: readonly Filter[] }
  | { readonly kind: 'compare'; readonly operand: Operand; readonly operator: Operator; readonly literal: Literal }
  | { readonly kind: 'contains'; readonly operand: Operand; readonly text: string };

export interface Operand {
  readonly property: string;
  readonly letters: 'as they are' | 'lower' | 'upper';
}

export type Operator = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';
export type Literal = string | number | boolean | Date;

export type PropertyType = 'string' | 'number' | 'boolean' | 'time';
/** The properties that an expression may name, with their types; a literal of another type is a bad expression. */
export type FilterProperties = Readonly<Record<string, PropertyType>>;
/** What is filtered: values by property; what is absent compares as null. */
export type FilterRow = Readonly<Record<string, Literal | undefined>>;

export interface ExpandSegment<Name extends string> {
  readonly name: Name;
  readonly filter: Filter | undefined;
}

const maximumDepth = 32;
const maximumComparisons = 64;

export function parseFilter(text: string, properties: FilterProperties): Result<Filter, 'badExpression'> {
  const tokens = readODataTokens(text);
  if (tokens === undefined) return refuse('badExpression');
  const reader = new FilterReader(tokens);
  const filter = reader.readOr(properties, 0);
  return filter === undefined || !reader.isAtEnd() ? refuse('badExpression') : accept(filter);
}

/**
 * @param segments The segments that may be named, each with the properties of its rows.
 * @returns Each segment once, however often it is named; the first mention counts.
 */
export function parseExpand<Name extends string>(
  text: string,
  segments: Readonly<Record<Name, FilterProperties>>,
  toName: (text: string) => Name | undefined,
): Result<readonly ExpandSegment<Name>[], 'badExpression'> {
  const tokens = readODataTokens(text);
  if (tokens === undefined) return refuse('badExpression');
  const reader = new FilterReader(tokens);
  const found = new Map<Name, ExpandSegment<Name>>();
  do {
    const name = toName(reader.readWord() ?? '');
    if (name === undefined) return refuse('badExpression');
    const filter = reader.readSegmentFilter(segments[name]);
    if (filter === 'bad') return refuse('badExpression');
    if (!found.has(name)) found.set(name, { name, filter });
  } while (reader.take(','));
  return reader.isAtEnd() ? accept([...found.values()]) : refuse('badExpression');
}

/** True when the row satisfies the filter. Strings compare with regard to case, but for `contains`. */
export function matchesFilter(filter: Filter, row: FilterRow): boolean {
  switch (filter.kind) {
    case 'or':
      return filter.terms.some((term) => matchesFilter(term, row));
    case 'and':
      return filter.terms.every((term) => matchesFilter(term, row));
    case 'contains': {
      const value = operandValue(filter.operand, row);
      return typeof value === 'string' && value.toLowerCase().includes(filter.text.toLowerCase());
    }
    case 'compare':
      return isTrue(operandValue(filter.operand, row), filter.operator, filter.literal);
  }
}

function operandValue({ property, letters }: Operand, row: FilterRow): Literal | undefined {
  const value = Object.hasOwn(row, property) ? row[property] : undefined;
  if (typeof value !== 'string' || letters === 'as they are') return value;
  return letters === 'lower' ? value.toLowerCase() : value.toUpperCase();
}

function isTrue(value: Literal | undefined, operator: Operator, literal: Literal): boolean {
  if (value === undefined) return operator === 'ne';
  const left = value instanceof Date ? value.getTime() : value;
  const right = literal instanceof Date ? literal.getTime() : literal;
  switch (operator) {
    case 'eq':
      return left === right;
    case 'ne':
      return left !== right;
    case 'gt':
      return left > right;
    case 'ge':
      return left >= right;
    case 'lt':
      return left < right;
    case 'le':
      return left <= right;
  }
}

/** Recursive descent over the tokens; each function gives undefined for a bad expression. */
class FilterReader {
  readonly #tokens: readonly ODataToken[];
  #position = 0;
  #comparisons = 0;

  constructor(tokens: readonly ODataToken[]) {
    this.#tokens = tokens;
  }

  isAtEnd(): boolean {
    return this.#position === this.#tokens.length;
  }

  take(kind: '(' | ')' | ',' | '$filter='): boolean {
    if (this.#peek()?.kind !== kind) return false;
    this.#position += 1;
    return true;
  }

  readWord(): string | undefined {
    const token = this.#peek();
    if (token?.kind !== 'word') return undefined;
    this.#position += 1;
    return token.text;
  }

  readSegmentFilter(properties: FilterProperties): Filter | undefined | 'bad' {
    if (!this.take('(')) return undefined;
    if (!this.take('$filter=')) return 'bad';
    const filter = this.readOr(properties, 0);
    return filter === undefined || !this.take(')') ? 'bad' : filter;
  }

  readOr(properties: FilterProperties, depth: number): Filter | undefined {
    return this.#readTerms('or', () => this.#readAnd(properties, depth));
  }

  #readAnd(properties: FilterProperties, depth: number): Filter | undefined {
    return this.#readTerms('and', () => this.#readPrimary(properties, depth));
  }

  #readTerms(kind: 'or' | 'and', readTerm: () => Filter | undefined): Filter | undefined {
    const terms: Filter[] = [];
    do {
      const term = readTerm();
      if (term === undefined) return undefined;
      terms.push(term);
    } while (this.#takeWord(kind));
    const [only] = terms;
    return terms.length === 1 ? only : { kind, terms };
  }

  #readPrimary(properties: FilterProperties, depth: number): Filter | undefined {
    if (depth > maximumDepth) return undefined;
    if (this.take('(')) {
      const inner = this.readOr(properties, depth + 1);
      return this.take(')') ? inner : undefined;
    }
    this.#comparisons += 1;
    if (this.#comparisons > maximumComparisons) return undefined;
    return this.#isCallOf('contains') ? this.#readContains(properties) : this.#readComparison(properties);
  }

  #readContains(properties: FilterProperties): Filter | undefined {
    this.#position += 2;
    const operand = this.#readOperand(properties);
    if (operand === undefined || properties[operand.property] !== 'string' || !this.take(',')) return undefined;
    const text = this.#next();
    return text?.kind === 'string' && this.take(')') ? { kind: 'contains', operand, text: text.text } : undefined;
  }

  #readComparison(properties: FilterProperties): Filter | undefined {
    const operand = this.#readOperand(properties);
    const operator = toOperator(this.readWord());
    const type = operand === undefined ? undefined : properties[operand.property];
    const literal = type === undefined ? undefined : toLiteral(this.#next(), type);
    if (operand === undefined || operator === undefined || literal === undefined) return undefined;
    return { kind: 'compare', operand, operator, literal };
  }

  #readOperand(properties: FilterProperties): Operand | undefined {
    const isLower = this.#isCallOf('tolower');
    if (!isLower && !this.#isCallOf('toupper')) return toOperand(this.readWord(), 'as they are', properties);
    this.#position += 2;
    const operand = toOperand(this.readWord(), isLower ? 'lower' : 'upper', properties);
    return this.take(')') && operand !== undefined && properties[operand.property] === 'string' ? operand : undefined;
  }

  #isCallOf(name: string): boolean {
    const token = this.#peek();
    return token?.kind === 'word' && token.text === name && this.#tokens[this.#position + 1]?.kind === '(';
  }

  #takeWord(text: string): boolean {
    const token = this.#peek();
    if (token?.kind !== 'word' || token.text !== text) return false;
    this.#position += 1;
    return true;
  }

  #peek(): ODataToken | undefined {
    return this.#tokens[this.#position];
  }

  #next(): ODataToken | undefined {
    const token = this.#peek();
    this.#position += 1;
    return token;
  }
}

function toOperand(property: string | undefined, letters: Operand['letters'], properties: FilterProperties): Operand | undefined {
  return property !== undefined && Object.hasOwn(properties, property) ? { property, letters } : undefined;
}

function toOperator(word: string | undefined): Operator | undefined {
  switch (word) {
    case 'eq':
    case 'ne':
    case 'gt':
    case 'ge':
    case 'lt':
    case 'le':
      return word;
    default:
      return undefined;
  }
}

/** The literal when it has the type of the property; a time may also stand in quotes. */
function toLiteral(token: ODataToken | undefined, type: PropertyType): Literal | undefined {
  switch (token?.kind) {
    case 'string':
      if (type === 'string') return token.text;
      return type === 'time' ? parseODataTime(token.text) : undefined;
    case 'number':
      return type === 'number' ? token.value : undefined;
    case 'time':
      return type === 'time' ? token.value : undefined;
    case 'word':
      if (type !== 'boolean') return undefined;
      return token.text === 'true' ? true : token.text === 'false' ? false : undefined;
    default:
      return undefined;
  }
}
