import type { Operation } from '@openbranch/contract/operation';
import type { ClientOptions } from '@openbranch/sdk';
import { type Field, fieldsOf, parseField } from './fields.ts';
import { isInstitutionField } from './is-institution-field.ts';
import { kebabCase } from './kebab-case.ts';

/**
 * The input of a client's method, from the texts of a command line.
 *
 * @param values texts by the key of their field
 * @throws {UsageError} for a text that is not of its field's kind
 */
export function toInput(
  operation: Operation,
  values: Readonly<Record<string, unknown>>,
  connection: ClientOptions,
  translate: Readonly<Record<string, (text: string) => string>>,
): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  const nested: Record<string, unknown> = {};
  const fields = fieldsOf(operation);
  for (const field of fields) {
    const text = values[field.key] ?? implied(field, values, connection);
    if (typeof text !== 'string') continue;
    const value = parseField(field, `--${kebabCase(field.name)}`, translate[field.name]?.(text) ?? text);
    (field.place === 'path' || field.place === 'query' ? input : nested)[field.name] = value;
  }
  const bodyPlace = fields.find(({ place }) => place === 'body' || place === 'form')?.place;
  return bodyPlace === undefined ? input : { ...input, [bodyPlace]: nested };
}

/** What the connection knows need not be said again: its institution, and its user where a token is asked for by password. */
function implied(field: Field, values: Readonly<Record<string, unknown>>, connection: ClientOptions): string | undefined {
  if (isInstitutionField(field.name)) return connection.institutionId;
  if (field.place !== 'form' || values['grantType'] !== 'password') return undefined;
  if (field.name === 'username') return connection.user?.username;
  return field.name === 'password' ? connection.user?.password : undefined;
}
