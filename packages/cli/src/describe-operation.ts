import type { JsonObject, JsonValue } from '@openbranch/contract/json';
import type { Operation } from '@openbranch/contract/operation';
import { fieldsOf, optionsOf } from './fields.ts';
import { isInstitutionField } from './is-institution-field.ts';
import { kebabCase } from './kebab-case.ts';

/** What the help of an operation's command says first: what it does, its address, what it takes. */
export function describeOperation(operation: Operation): string {
  const { summary, description, method, path, scopes } = operation;
  const needs = scopes.length === 0 ? [] : [`Scopes: ${scopes.join(', ')}`];
  return [`${summary}. ${description}`, '', `${method} ${path}`, ...needs].join('\n');
}

/** A command line made from the example of the contract; its variables are those of the shell. */
export function exampleOf(operation: Operation, words: string, positions: readonly string[]): string {
  const { params = {}, query = {}, body = {} } = operation.example;
  const values: JsonObject = { ...params, ...query, ...body };
  const parts = optionsOf(fieldsOf(operation)).flatMap(({ name }) => {
    const value = values[name];
    if (value === undefined || isInstitutionField(name)) return [];
    const text = shellWord(value);
    return [positions.includes(name) ? text : `--${kebabCase(name)} ${text}`];
  });
  return ['openbranch', words, ...parts].join(' ');
}

/** A nested value is given as JSON. */
function shellWord(value: JsonValue): string {
  return typeof value === 'object' && value !== null ? `'${JSON.stringify(value)}'` : shellVariable(String(value));
}

/** `{{customerId}}` becomes `"$CUSTOMER_ID"`. */
function shellVariable(text: string): string {
  return text.replace(/^\{\{(\w+)\}\}$/u, (_, name: string) => `"$${kebabCase(name).replaceAll('-', '_').toUpperCase()}"`);
}
