import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FilterRow, matchesFilter, parseExpand, parseFilter } from './odata-filter.ts';

const properties = { name: 'string', city: 'string', count: 'number', open: 'boolean', since: 'time' } as const;

/** What the filter says of the row; `bad` for a bad expression. */
function ask(text: string, row: FilterRow): boolean | 'bad' {
  const parsed = parseFilter(text, properties);
  return parsed.ok ? matchesFilter(parsed.value, row) : 'bad';
}

const row: FilterRow = { name: "O'Neil", count: 7, open: true, since: new Date('2026-03-01T10:00:00Z') };

describe('a filter selects rows', () => {
  test.each([
    ["name eq 'O''Neil'", true],
    ["name eq 'o''neil'", false],
    ["tolower(name) eq 'o''neil'", true],
    ["toupper(name) eq 'O''NEIL'", true],
    ["contains(name, 'NEI')", true],
    ["contains(tolower(name),'x')", false],
    ['open eq true', true],
    ['open ne true', false],
    ['count gt 6.5 and count le 7', true],
    ['count lt -7', false],
    ['(open eq true) and (count eq 8)', false],
    ['open eq false or count eq 7 and open eq true', true],
    ['(open eq false or count eq 7) and open eq false', false],
    ['since ge 2026-03-01', true],
    ['since lt 2026-03-01T03:00:00-08:00', true],
    ["since gt '2026-03-02'", false],
    ["(((name ne 'x')))", true],
    ['open eq true)', 'bad'],
    ['open eq true and', 'bad'],
    ['', 'bad'],
    ["name eq 'open", 'bad'],
    ['name eq 7', 'bad'],
    ["count eq '7'", 'bad'],
    ["open eq 'true'", 'bad'],
    ['open eq TRUE', 'bad'],
    ['since eq 2026-02-31', 'bad'],
    ["tolower(count) eq '7'", 'bad'],
    ["contains(count, '7')", 'bad'],
    ["Name eq 'x'", 'bad'],
    ["toString eq 'x'", 'bad'],
    ["name EQ 'x'", 'bad'],
    ["name like 'x'", 'bad'],
    ['name eq name', 'bad'],
    ['not (open eq true)', 'bad'],
    ['count eq 7and open eq true', 'bad'],
  ])('%s: %s', (text, answer) => {
    expect(ask(text, row)).toBe(answer);
  });

  test('what a row does not have compares as null: it equals nothing and differs from everything', () => {
    expect(
      ["city eq 'x'", "city ne 'x'", "city lt 'x'", "city ge 'x'", "contains(city,'')"].map((text) => ask(text, row)),
    ).toEqual([false, true, false, false, false]);
  });
});

describe('an expression is bounded', () => {
  test('in depth', () => {
    expect(ask(`${'('.repeat(30)}open eq true${')'.repeat(30)}`, row)).toBe(true);
    expect(ask(`${'('.repeat(40)}open eq true${')'.repeat(40)}`, row)).toBe('bad');
  });

  test('in the number of comparisons', () => {
    expect(ask(Array(64).fill('open eq true').join(' and '), row)).toBe(true);
    expect(ask(Array(65).fill('open eq true').join(' and '), row)).toBe('bad');
  });

  test('in length', () => {
    expect(ask(`open eq true${' '.repeat(5000)}`, row)).toBe('bad');
  });
});

describe('an expand names segments', () => {
  const segments = { items: properties, places: { state: 'string' } } as const;
  const toName = (text: string) => (text === 'items' || text === 'places' ? text : undefined);
  const names = (text: string) => {
    const parsed = parseExpand(text, segments, toName);
    return parsed.ok ? parsed.value.map(({ name, filter }) => (filter === undefined ? name : `${name} filtered`)) : 'bad';
  };

  test.each([
    ['items', ['items']],
    [' items , places ', ['items', 'places']],
    ["items($filter=open eq true),places($filter=state eq 'NJ')", ['items filtered', 'places filtered']],
    ["places($filter=contains(state,',)')),items", ['places filtered', 'items']],
    ['items,items($filter=open eq true)', ['items']],
    ['', 'bad'],
    ['items,', 'bad'],
    ['others', 'bad'],
    ['items()', 'bad'],
    ['items($filter=)', 'bad'],
    ['items($filter=open eq true', 'bad'],
    ["items($filter=state eq 'NJ')", 'bad'],
    ['items open', 'bad'],
  ])('%s: %s', (text, answer) => {
    expect(names(text)).toEqual(answer);
  });

  test('whatever is sent is read or refused, and never breaks', () => {
    const part = fc.constantFrom(
      'items',
      'places',
      '(',
      ')',
      ',',
      '$filter=',
      ' ',
      'open',
      'eq',
      'and',
      "'",
      "''",
      '1',
      '-',
      '2026-03-01',
      'contains',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(part, { maxLength: 40 }).map((parts) => parts.join('')),
        ),
        (text) => {
          names(text);
          ask(text, row);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

/**
 * Random expressions, each as its text and as a function that was made together with it: the evaluator of the test has
 * nothing in common with the parser.
 */
interface Sample {
  readonly text: string;
  readonly holds: (row: FilterRow) => boolean;
}

const word = fc.constantFrom('ab', 'AB', 'Ab', "a'b", '', 'zebra', 'or', ')');
const comparison: fc.Arbitrary<Sample> = fc.oneof(
  fc
    .record({
      op: fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le'),
      of: fc.constantFrom('name', 'city'),
      literal: word,
      fold: fc.constantFrom('', 'tolower', 'toupper'),
    })
    .map(({ op, of, literal, fold }) => ({
      text: `${fold === '' ? of : `${fold}(${of})`} ${op} '${literal.replaceAll("'", "''")}'`,
      holds: (asked: FilterRow) => {
        const value = asked[of];
        if (typeof value !== 'string') return op === 'ne';
        return compare(fold === 'tolower' ? value.toLowerCase() : fold === 'toupper' ? value.toUpperCase() : value, op, literal);
      },
    })),
  fc
    .record({ op: fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le'), literal: fc.integer({ min: -3, max: 3 }) })
    .map(({ op, literal }) => ({
      text: `count ${op} ${literal}`,
      holds: (asked: FilterRow) => (typeof asked['count'] === 'number' ? compare(asked['count'], op, literal) : op === 'ne'),
    })),
  fc.record({ op: fc.constantFrom('eq', 'ne'), literal: fc.boolean() }).map(({ op, literal }) => ({
    text: `open ${op} ${literal}`,
    holds: (asked: FilterRow) => (asked['open'] === literal) === (op === 'eq'),
  })),
  word.map((literal) => ({
    text: `contains(name, '${literal.replaceAll("'", "''")}')`,
    holds: (asked: FilterRow) =>
      typeof asked['name'] === 'string' && asked['name'].toUpperCase().indexOf(literal.toUpperCase()) >= 0,
  })),
);

function compare<Value extends string | number>(left: Value, op: string, right: Value): boolean {
  const order = left < right ? 'lt le ne' : left > right ? 'gt ge ne' : 'eq le ge';
  return order.split(' ').includes(op);
}

const { expression } = fc.letrec<{ expression: Sample }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    comparison,
    fc.array(tie('expression'), { minLength: 2, maxLength: 3 }).map((terms) => ({
      text: terms.map(({ text }) => `(${text})`).join(' and '),
      holds: (asked: FilterRow) => terms.filter(({ holds }) => !holds(asked)).length === 0,
    })),
    fc.array(tie('expression'), { minLength: 2, maxLength: 3 }).map((terms) => ({
      text: terms.map(({ text }) => `(${text})`).join(' or '),
      holds: (asked: FilterRow) => terms.filter(({ holds }) => holds(asked)).length > 0,
    })),
  ),
}));

const anyRow: fc.Arbitrary<FilterRow> = fc.record(
  { name: word, city: word, count: fc.integer({ min: -3, max: 3 }), open: fc.boolean() },
  { requiredKeys: [] },
);

test('every expression of the grammar selects what its parts select', () => {
  fc.assert(
    fc.property(expression, anyRow, ({ text, holds }, asked) => {
      const answer = ask(text, asked);
      // Only an expression beyond the bounds is refused.
      if (answer === 'bad')
        expect(text.length > 4096 || (text.match(/ (eq|ne|gt|ge|lt|le) |contains/gu) ?? []).length > 64).toBe(true);
      else expect(answer).toBe(holds(asked));
    }),
    { numRuns: 1000 },
  );
});

test('"and" binds closer than "or"', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(comparison, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
      anyRow,
      (groups, asked) => {
        const text = groups.map((group) => group.map((one) => one.text).join(' and ')).join(' or ');
        expect(ask(text, asked)).toBe(groups.some((group) => group.every(({ holds }) => holds(asked))));
      },
    ),
  );
});
