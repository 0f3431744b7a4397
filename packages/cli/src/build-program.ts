import type { Operation } from '@openbranch/contract/operation';
import { operations } from '@openbranch/contract/operations';
import type { Command } from 'commander';
import { sandboxCommand } from './commands/sandbox.ts';
import { newCommand } from './new-command.ts';
import { operationCommand } from './operation-command.ts';
import { overview } from './overview.ts';
import type { ServerCommand } from './server-command.ts';

const groupSummaries: Readonly<Record<Operation['product'], string>> = {
  identity: 'Tokens, keys and metadata',
  customers: 'Profile, contact data, status and unlock of users',
  activities: 'Search of the activity log',
  documents: 'Disclosures, e-statements, images of cheques and statements',
  accounts: 'Accounts and their transactions',
  alerts: 'Alert types, templates and preferences',
  'money-movement': 'Recipients and transfers',
  sandbox: 'Clock, switches, policies and reset of a sandbox',
};

const all: readonly Operation[] = Object.values(operations);

/**
 * Every operation is a command of its own (`openbranch unlock-user`) and one of its group (`openbranch customers
 * unlock-user`). The help of the program names them in a line for each group; that of a group tells what they do.
 */
export function buildProgram(serverCommands: readonly ServerCommand[]): Command {
  const groups = [
    groupCommand('identity'),
    groupCommand('customers'),
    groupCommand('activities'),
    groupCommand('documents'),
    groupCommand('accounts'),
    groupCommand('alerts'),
    groupCommand('money-movement'),
    sandboxCommand(groupSummaries.sandbox, operationsOf('sandbox')),
  ];
  const server = serverCommands.map((make) => make());
  const program = newCommand('openbranch', 'Calls the API of an Openbranch server, and runs one.')
    .helpCommand('help [command]', 'show the help of a command')
    .configureHelp({ formatHelp: () => overview(groups, server) });
  for (const command of [...groups, ...server, ...all.map((operation) => operationCommand(operation))])
    program.addCommand(command);
  return program;
}

function operationsOf(product: Operation['product']): readonly Operation[] {
  return all.filter((operation) => operation.product === product);
}

function groupCommand(product: Operation['product']): Command {
  const group = newCommand(product, groupSummaries[product]);
  for (const operation of operationsOf(product)) group.addCommand(operationCommand(operation));
  return group;
}
