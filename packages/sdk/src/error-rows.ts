import type { ErrorRow, Failure } from '@openbranch/contract/family';
import type { Operation } from '@openbranch/contract/operation';

interface Answer {
  readonly status: number;
  readonly code: string | undefined;
  readonly message: string | undefined;
}

type NamedRow = readonly [name: string, row: ErrorRow];

/**
 * The name of the row that an error answer comes from. Several rows may share status and code: then the message tells
 * them apart, else the row that the operation itself declares is meant.
 */
export function findErrorName(operation: Operation, answer: Answer): string | undefined {
  const fitting = rowsOf(operation).filter(([, row]) => row.status === answer.status && row.code === answer.code);
  const said = fitting.find(([, row]) => row.message === answer.message);
  const declared = fitting.find(([name]) => operation.errors.includes(name));
  return (said ?? declared ?? fitting[0])?.[0];
}

/** Whether an error answer may be one of these generic failures, by status and code. */
export function isFailure(operation: Operation, answer: Omit<Answer, 'message'>, failures: readonly Failure[]): boolean {
  const names = failures.map((failure) => operation.family.failures[failure]);
  return rowsOf(operation).some(
    ([name, row]) => names.includes(name) && row.status === answer.status && row.code === answer.code,
  );
}

/** The rows of the family's table, then the forms that they take under switches. */
function rowsOf(operation: Operation): NamedRow[] {
  const { errors, variants = [] } = operation.family;
  const switched = variants.flatMap(({ rows }) =>
    Object.entries(rows).flatMap(([name, change]): NamedRow[] => {
      const row = errors[name];
      return row === undefined ? [] : [[name, { ...row, ...change }]];
    }),
  );
  return [...Object.entries(errors), ...switched];
}
