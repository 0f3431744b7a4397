import type { Operation } from '@openbranch/contract/operation';
import { type CallOptions, createClient } from '@openbranch/sdk';
import { Argument, type Command, Option } from 'commander';
import { addConnectionOptions, type ConnectionFlags, resolveConnection } from './connection.ts';
import { describeOperation, exampleOf } from './describe-operation.ts';
import { type Field, fieldsOf, optionsOf } from './fields.ts';
import { isInstitutionField } from './is-institution-field.ts';
import { kebabCase } from './kebab-case.ts';
import { newCommand } from './new-command.ts';
import { addOutputOptions, type OutputFlags, printAnswer } from './print-answer.ts';
import { readDash } from './read-dash.ts';
import { toInput } from './to-input.ts';
import { UsageError } from './usage-error.ts';

/** How a command differs from the plain one of its operation. */
export interface CommandForm {
  /** Its words after `openbranch`; the name of the operation by default. */
  readonly words?: string;
  /** Fields that are given by their place, in this order, and not as options. */
  readonly positions?: readonly string[];
  /** Turns what people write into what the contract takes, by field. */
  readonly translate?: Readonly<Record<string, (text: string) => string>>;
}

interface CallFlags extends ConnectionFlags, OutputFlags {
  readonly traceId?: string;
  readonly header?: readonly string[];
}

/** A command that calls an operation. All that it needs is in the contract. */
export function operationCommand(operation: Operation, form: CommandForm = {}): Command {
  const { words = kebabCase(operation.id), positions = [] } = form;
  // The institution comes with the connection.
  const fields = optionsOf(fieldsOf(operation)).filter(({ name }) => !isInstitutionField(name));
  const byPlace = positions.flatMap((name) => fields.filter((field) => field.name === name));
  const command = newCommand(words.split(' ').at(-1) ?? words, operation.summary).description(describeOperation(operation));
  for (const field of byPlace) command.addArgument(new Argument(`<${kebabCase(field.name)}>`, field.description));
  for (const field of fields) if (!byPlace.includes(field)) command.addOption(toOption(field));
  command
    .optionsGroup('Request:')
    .option('--trace-id <id>', 'trace id (default: a new one)')
    .option('--header <header...>', 'further headers, each as "Name: value"');
  addConnectionOptions(addOutputOptions(command));
  command.addHelpText(
    'after',
    `\nA value of - is read from standard input.\n\nExample:\n  ${exampleOf(operation, words, positions)}`,
  );
  return command.action(async (...given: unknown[]) => {
    const flags: CallFlags & Record<string, unknown> = command.opts();
    const placed = Object.fromEntries(byPlace.map((field, at) => [field.key, given[at]]));
    const values = await readDash({ ...flags, ...placed });
    const connection = resolveConnection(values, process.env, operation, textAt(values, 'grantType'));
    const input = toInput(operation, values, connection, form.translate ?? {});
    const method: unknown = Reflect.get(createClient(connection), operation.id);
    if (typeof method !== 'function') throw new Error(`the client has no method ${operation.id}`);
    const answer: unknown = await method(input, toCallOptions(values));
    printAnswer(answer, values);
  });
}

function toOption(field: Field): Option {
  const description = [field.description, field.isRequired ? '(required)' : ''].join(' ').trim();
  const option = new Option(`--${kebabCase(field.name)} <value>`, description);
  if (field.choices.length > 0) option.choices(field.choices);
  return option.makeOptionMandatory(field.isRequired);
}

function textAt(values: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const value = values[key];
  return typeof value === 'string' ? value : undefined;
}

function toCallOptions({ traceId, header = [] }: CallFlags): CallOptions {
  const headers = header.map((line): [string, string] => {
    const [, name, value] = /^([^:\s]+):\s*(.*)$/u.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new UsageError('--header takes "Name: value"');
    return [name, value];
  });
  return { traceId, headers: Object.fromEntries(headers) };
}
