import { isRecord } from './is-record.ts';
import { toPrintable } from './to-printable.ts';

/** A table with aligned columns, two blanks apart, without a line break at its end. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [header.map((title) => title.toUpperCase()), ...rows].map((row) => row.map(toPrintable));
  const widths = header.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** An answer for people: a row for each member of a list, else a row for each value, named by its path. */
export function answerTable(answer: unknown): string {
  const list = listIn(answer);
  if (list !== undefined) {
    const flat = list.map((entry) => new Map(flatten(entry)));
    const header = [...new Set(flat.flatMap((entry) => [...entry.keys()]))];
    return list.length === 0
      ? '(none)'
      : formatTable(
          header,
          flat.map((entry) => header.map((name) => entry.get(name) ?? '')),
        );
  }
  return formatTable(['name', 'value'], flatten(answer));
}

/** The list that an answer is, or that is the only thing in it. */
function listIn(answer: unknown): readonly unknown[] | undefined {
  if (Array.isArray(answer)) return answer;
  const members = isRecord(answer) ? Object.values(answer) : [];
  return members.length === 1 && Array.isArray(members[0]) && members[0].every(isRecord) ? members[0] : undefined;
}

function flatten(value: unknown, path = ''): [name: string, value: string][] {
  if (Array.isArray(value) && !value.some((entry) => typeof entry === 'object')) return [[path, value.join(', ')]];
  const entries = Array.isArray(value) ? [...value.entries()] : isRecord(value) ? Object.entries(value) : undefined;
  if (entries === undefined) return [[path, String(value)]];
  return entries.flatMap(([name, member]) => flatten(member, path === '' ? String(name) : `${path}.${name}`));
}
