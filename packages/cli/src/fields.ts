import type { Operation } from '@openbranch/contract/operation';
import { isRecord } from './is-record.ts';
import { kebabCase } from './kebab-case.ts';
import { UsageError } from './usage-error.ts';

/** One value that an operation takes, wherever it travels. */
export interface Field {
  readonly name: string;
  /** Where Commander keeps the value of its option: the name in camel case. */
  readonly key: string;
  readonly place: 'path' | 'query' | 'body' | 'form';
  readonly isRequired: boolean;
  readonly description: string;
  readonly kind: 'text' | 'integer' | 'number' | 'boolean' | 'text-or-boolean' | 'json';
  /** The only values it takes; empty when any will do. */
  readonly choices: readonly string[];
}

/** Path, query, body and form fields of an operation, in this order. */
export function fieldsOf(operation: Operation): Field[] {
  return [
    ...fieldsIn(operation.params, 'path'),
    ...fieldsIn(operation.query, 'query'),
    ...fieldsIn(operation.body, operation.bodyFormat === 'form' ? 'form' : 'body'),
  ];
}

/** The options of a command: a name that travels in two places, or in two spellings, is given once. */
export function optionsOf(fields: readonly Field[]): Field[] {
  return fields
    .filter(({ key }, at) => fields.findIndex((other) => other.key === key) === at)
    .map((field) => ({ ...field, isRequired: fields.some(({ key, isRequired }) => key === field.key && isRequired) }));
}

function fieldsIn(schema: unknown, place: Field['place']): Field[] {
  if (!isRecord(schema) || !isRecord(schema['properties'])) return [];
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  return Object.entries(schema['properties']).map(([name, property]) => {
    const described = isRecord(property) ? property['description'] : undefined;
    return {
      name,
      key: kebabCase(name).replace(/-(\w)/gu, (_, letter: string) => letter.toUpperCase()),
      place,
      isRequired: required.includes(name),
      description: typeof described === 'string' ? described : '',
      kind: kindOf(property),
      choices: choicesOf(property),
    };
  });
}

function kindOf(schema: unknown): Field['kind'] {
  if (choicesOf(schema).length > 0) return 'text';
  const type = isRecord(schema) ? schema['type'] : undefined;
  if (Array.isArray(type)) return type.includes('string') && type.includes('boolean') ? 'text-or-boolean' : 'json';
  if (type === 'string') return 'text';
  return type === 'integer' || type === 'number' || type === 'boolean' ? type : 'json';
}

/** The literals of a union of strings, or of one string. */
function choicesOf(schema: unknown): string[] {
  if (!isRecord(schema)) return [];
  if (typeof schema['const'] === 'string') return [schema['const']];
  const options = Array.isArray(schema['anyOf']) ? schema['anyOf'] : [];
  const literals = options.flatMap((option) =>
    isRecord(option) && typeof option['const'] === 'string' ? [option['const']] : [],
  );
  return literals.length === options.length ? literals : [];
}

/** @throws {UsageError} when the text is not of the field's kind */
export function parseField(field: Field, label: string, text: string): unknown {
  switch (field.kind) {
    case 'text':
      return text;
    case 'integer':
      if (/^-?\d+$/u.test(text)) return Number(text);
      throw new UsageError(`${label} takes a whole number`);
    case 'number':
      if (text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
      throw new UsageError(`${label} takes a number`);
    case 'boolean':
      if (text === 'true' || text === 'false') return text === 'true';
      throw new UsageError(`${label} takes true or false`);
    case 'text-or-boolean':
      return text === 'true' || text === 'false' ? text === 'true' : text;
    case 'json':
      return parseJson(label, text);
  }
}

function parseJson(label: string, text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    throw new UsageError(`${label} takes JSON`);
  }
}
