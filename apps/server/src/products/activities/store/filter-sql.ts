import { parseDateTime } from '../domain/date-time.ts';
import {
  type Comparison,
  type Criteria,
  decimalPattern,
  type FilterGroup,
  isDecimal,
  isOrdering,
  type SearchFilter,
} from '../domain/search-filter.ts';
import type { AttributeExpressions } from './attribute-expressions.ts';

/** Keeps a value for the statement. @returns Its placeholder. */
export type Bind = (value: string | Date) => string;

const operators = {
  greaterThan: '>',
  lessThan: '<',
  greaterThanEqual: '>=',
  lessThanEqual: '<=',
} as const satisfies Partial<Record<Criteria, string>>;

/** The filter as a condition that is true or false, never null. Every value of the caller is a parameter. */
export function filterSql(filter: SearchFilter, expressions: AttributeExpressions, bind: Bind): string {
  const groups = filter.groups.map((group) => joined(group.condition, ofGroup(group, expressions, bind)));
  return joined(filter.condition, [...ofGroup(filter, expressions, bind), ...groups]);
}

function ofGroup({ filters }: FilterGroup, expressions: AttributeExpressions, bind: Bind): string[] {
  return filters.map((comparison) => comparisonSql(comparison, expressions.get(comparison.attribute), bind));
}

function joined(condition: 'and' | 'or', parts: readonly string[]): string {
  return `(${parts.join(` ${condition} `)})`;
}

/** A row that lacks the attribute matches only isNotPresent and notEqual. */
function comparisonSql({ attribute, criteria, value }: Comparison, shown: string | undefined, bind: Bind): string {
  if (shown === undefined) return criteria === 'isNotPresent' || criteria === 'notEqual' ? 'true' : 'false';
  if (isOrdering(criteria)) return `coalesce(${orderingSql(attribute, shown, operators[criteria], value, bind)}, false)`;
  switch (criteria) {
    case 'equals':
      return `coalesce(${shown} = ${bind(value)}::text, false)`;
    case 'notEqual':
      return `(${shown} is distinct from ${bind(value)}::text)`;
    case 'like':
      return `coalesce(strpos(lower(${shown} collate "C"), lower(${bind(value)}::text collate "C")) > 0, false)`;
    case 'isPresent':
      return `(${shown} is not null)`;
    case 'isNotPresent':
      return `(${shown} is null)`;
  }
}

/** As instants for the time, as numbers when both sides are, else as text. */
function orderingSql(attribute: string, shown: string, operator: string, value: string, bind: Bind): string {
  const instant = attribute === 'timestamp' ? parseDateTime(value) : undefined;
  if (instant !== undefined) return `date_trunc('milliseconds', a.occurred_at) ${operator} ${bind(instant)}::timestamptz`;
  const placeholder = bind(value);
  const asText = `${shown} collate "C" ${operator} ${placeholder}::text collate "C"`;
  if (!isDecimal(value)) return asText;
  return `case when ${shown} ~ '${decimalPattern}' then ${shown}::numeric ${operator} ${placeholder}::text::numeric else ${asText} end`;
}
