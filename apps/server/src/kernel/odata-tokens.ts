/** Words of a `$filter` or `$expand` (contract sheet "Conventions", section 9). */
export type ODataToken =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'time'; readonly value: Date }
  | { readonly kind: '(' | ')' | ',' | '$filter=' };

const longestExpression = 4096;

const blanks = /[ \t]+/y;
const word = /[A-Za-z_][A-Za-z0-9_]*/y;
/** A quote inside a string is written twice. */
const quoted = /'(?:[^']|'')*'/y;
const time = /\d{4}-\d{2}-\d{2}(?:T[0-9:.]+(?:Z|[+-]\d{2}:\d{2}))?(?![0-9A-Za-z_.:'-])/y;
const number = /-?\d+(?:\.\d+)?(?![0-9A-Za-z_.:'-])/y;
const mark = /\$filter=|[(),]/y;

/** @returns undefined when a character belongs to no word, or when there are too many of them. */
export function readODataTokens(text: string): readonly ODataToken[] | undefined {
  if (text.length > longestExpression) return undefined;
  const tokens: ODataToken[] = [];
  let position = matchAt(blanks, text, 0).length;
  while (position < text.length) {
    const found = readToken(text, position);
    if (found === undefined) return undefined;
    tokens.push(found.token);
    position += found.length;
    position += matchAt(blanks, text, position).length;
  }
  return tokens;
}

function readToken(text: string, position: number): { readonly token: ODataToken; readonly length: number } | undefined {
  const name = matchAt(word, text, position);
  if (name !== '') return { token: { kind: 'word', text: name }, length: name.length };
  const string = matchAt(quoted, text, position);
  if (string !== '') return { token: { kind: 'string', text: string.slice(1, -1).replaceAll("''", "'") }, length: string.length };
  const moment = matchAt(time, text, position);
  if (moment !== '') {
    const value = parseODataTime(moment);
    return value === undefined ? undefined : { token: { kind: 'time', value }, length: moment.length };
  }
  const digits = matchAt(number, text, position);
  if (digits !== '') return { token: { kind: 'number', value: Number(digits) }, length: digits.length };
  switch (matchAt(mark, text, position)) {
    case '(':
      return { token: { kind: '(' }, length: 1 };
    case ')':
      return { token: { kind: ')' }, length: 1 };
    case ',':
      return { token: { kind: ',' }, length: 1 };
    case '$filter=':
      return { token: { kind: '$filter=' }, length: '$filter='.length };
    default:
      return undefined;
  }
}

function matchAt(pattern: RegExp, text: string, position: number): string {
  pattern.lastIndex = position;
  return pattern.exec(text)?.[0] ?? '';
}

const wholeTime = /^(\d{4}-\d{2}-\d{2})(?:T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d))?$/;

/** A date (its beginning in UTC) or a date-time with offset; undefined when no calendar has it. */
export function parseODataTime(text: string): Date | undefined {
  const date = wholeTime.exec(text)?.[1];
  if (date === undefined) return undefined;
  const day = new Date(`${date}T00:00:00Z`);
  // The constructor takes the 31st of a shorter month for the 1st of the next one.
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== date) return undefined;
  return new Date(text);
}
