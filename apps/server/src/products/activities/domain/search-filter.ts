import { accept, type Result, refuse } from '../../../kernel/result.ts';
import { parseDateTime } from './date-time.ts';

/** The filter language of the activity search (contract sheet "Transactions and Banking Activities", section 11). */

export const criteria = [
  'equals',
  'notEqual',
  'like',
  'isPresent',
  'isNotPresent',
  'greaterThan',
  'lessThan',
  'greaterThanEqual',
  'lessThanEqual',
] as const;

export type Criteria = (typeof criteria)[number];
export type Condition = 'and' | 'or';

export interface Comparison {
  /** In lower case; perhaps of no row. */
  readonly attribute: string;
  readonly criteria: Criteria;
  /** Empty where the criteria need none. */
  readonly value: string;
}

export interface FilterGroup {
  readonly condition: Condition;
  readonly filters: readonly Comparison[];
}

/** The condition holds over every filter and the result of every group. */
export interface SearchFilter extends FilterGroup {
  readonly groups: readonly FilterGroup[];
}

export type FilterRefusal =
  | 'typeInvalid'
  | 'fieldInvalid'
  | 'notPrintableAscii'
  | 'criteriaUnsupported'
  | 'conditionsSame'
  | 'filterInvalid';

type Parsed<Value> = Result<Value, FilterRefusal>;

/** What a search may cost is bounded: filters in all, sub-filters, and characters of a name and of a value. */
const filterLimits = { filters: 50, groups: 50, attributeLength: 64, valueLength: 256 } as const;

const printableAscii = /^[\x20-\x7e]*$/u;
/** Both sides of a comparison like this are compared as numbers. */
export const decimalPattern = '^-?[0-9]{1,30}([.][0-9]{1,30})?$';
const decimal = new RegExp(decimalPattern, 'u');

export function isDecimal(text: string): boolean {
  return decimal.test(text);
}

/** Names of attributes are taken in any case, and by one older name. */
export function toAttribute(name: string): string {
  const lower = name.toLowerCase();
  return lower === 'reqctx_onbehalfofuser' ? 'reqctx_onbehalfof' : lower;
}

/** @returns undefined where nothing is filtered. */
export function parseFilter(value: object, refusesNegative: boolean): Parsed<SearchFilter | undefined> {
  const own = parseGroup(value, refusesNegative);
  if (!own.ok) return own;
  const subFilters = listAt(value, 'subFilters');
  const single = memberOf(value, 'subFilter');
  if (subFilters === 'wrong' || (single !== undefined && !isObject(single))) return refuse('typeInvalid');
  // An older edition had one sub-filter, under another name.
  const given = [...subFilters, ...(single === undefined ? [] : [single])];
  if (given.length > filterLimits.groups) return refuse('filterInvalid');
  const groups: FilterGroup[] = [];
  for (const one of given) {
    if (!isObject(one)) return refuse('typeInvalid');
    if (memberOf(one, 'filters') === undefined) return refuse('fieldInvalid');
    const group = parseGroup(one, refusesNegative);
    if (!group.ok) return group;
    if (group.value.condition === own.value.condition) return refuse('conditionsSame');
    if (group.value.filters.length > 0) groups.push(group.value);
  }
  const filter = { ...own.value, groups };
  const count = countFilters(filter);
  if (count > filterLimits.filters) return refuse('filterInvalid');
  return accept(count === 0 ? undefined : filter);
}

function parseGroup(value: object, refusesNegative: boolean): Parsed<FilterGroup> {
  const condition = memberOf(value, 'condition') ?? 'and';
  if (typeof condition !== 'string') return refuse('typeInvalid');
  if (condition !== 'and' && condition !== 'or') return refuse('filterInvalid');
  const given = listAt(value, 'filters');
  if (given === 'wrong') return refuse('typeInvalid');
  if (given.length > filterLimits.filters) return refuse('filterInvalid');
  const filters: Comparison[] = [];
  for (const one of given) {
    const comparison = parseComparison(one, refusesNegative);
    if (!comparison.ok) return comparison;
    filters.push(comparison.value);
  }
  return accept({ condition, filters });
}

function parseComparison(given: unknown, refusesNegative: boolean): Parsed<Comparison> {
  if (!isObject(given)) return refuse('typeInvalid');
  const name = memberOf(given, 'attributeId') ?? '';
  const wanted = memberOf(given, 'criteria') ?? 'equals';
  const value = memberOf(given, 'value') ?? '';
  if (typeof name !== 'string' || typeof wanted !== 'string') return refuse('typeInvalid');
  // Samples send digits as JSON numbers too.
  if (typeof value !== 'string' && typeof value !== 'number') return refuse('typeInvalid');
  const comparison = { attribute: toAttribute(name), criteria: criteria.find((one) => one === wanted), value: String(value) };
  if (name === '') return refuse('fieldInvalid');
  if (![name, wanted, comparison.value].every((text) => printableAscii.test(text))) return refuse('notPrintableAscii');
  if (comparison.criteria === undefined || !isBounded(comparison)) return refuse('filterInvalid');
  if (refusesNegative && (wanted === 'notEqual' || wanted === 'like')) return refuse('criteriaUnsupported');
  const needsValue = wanted !== 'isPresent' && wanted !== 'isNotPresent';
  if (needsValue && memberOf(given, 'value') === undefined) return refuse('filterInvalid');
  if (isOrdering(comparison.criteria) && comparison.attribute === 'timestamp' && parseDateTime(comparison.value) === undefined)
    return refuse('filterInvalid');
  return accept({ ...comparison, criteria: comparison.criteria });
}

function isBounded({ attribute, value }: { readonly attribute: string; readonly value: string }): boolean {
  return attribute.length <= filterLimits.attributeLength && value.length <= filterLimits.valueLength;
}

/** Greater or less, and not merely the same or another. */
export function isOrdering(one: Criteria): one is 'greaterThan' | 'lessThan' | 'greaterThanEqual' | 'lessThanEqual' {
  return one === 'greaterThan' || one === 'lessThan' || one === 'greaterThanEqual' || one === 'lessThanEqual';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function memberOf(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}

function listAt(value: object, name: string): readonly unknown[] | 'wrong' {
  const list = memberOf(value, name) ?? [];
  return Array.isArray(list) ? list : 'wrong';
}

/** How many comparisons one row costs. */
export function countFilters(filter: SearchFilter | undefined): number {
  if (filter === undefined) return 0;
  return filter.groups.reduce((sum, group) => sum + group.filters.length, filter.filters.length);
}
