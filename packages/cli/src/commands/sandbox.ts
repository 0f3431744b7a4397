import type { Operation } from '@openbranch/contract/operation';
import type { Command } from 'commander';
import { newCommand } from '../new-command.ts';
import { type CommandForm, operationCommand } from '../operation-command.ts';
import { toSeconds } from '../to-seconds.ts';
import { sandboxLoadCommand } from './sandbox-load.ts';
import { sandboxShowCommand } from './sandbox-show.ts';

/** The words of the sandbox operations; one that is not here keeps its own name. */
const forms: Readonly<Record<string, CommandForm>> = {
  getClock: { words: 'sandbox clock get' },
  setClock: { words: 'sandbox clock set', positions: ['now'] },
  advanceClock: { words: 'sandbox clock advance', positions: ['seconds'], translate: { seconds: toSeconds } },
  resetInstitution: { words: 'sandbox reset' },
  listSwitches: { words: 'sandbox switches list' },
  setSwitch: { words: 'sandbox switches set', positions: ['switchKey', 'value'] },
  getPolicy: { words: 'sandbox policy get', positions: ['policyName'] },
  setPolicy: { words: 'sandbox policy set', positions: ['policyName'] },
};

const subjects: Readonly<Record<string, string>> = {
  clock: 'Read, set or advance the clock of an institution',
  switches: 'List or set the switches of the contradiction register',
  policy: 'Read or set a policy of an institution',
};

/** `openbranch sandbox ...`: what controls a sandbox, by subject. */
export function sandboxCommand(summary: string, operations: readonly Operation[]): Command {
  const sandbox = newCommand('sandbox', summary);
  const groups = new Map<string, Command>();
  for (const operation of operations) {
    const form = forms[operation.id] ?? {};
    const subject = form.words?.split(' ').at(-2) ?? 'sandbox';
    const parent = subject === 'sandbox' ? sandbox : (groups.get(subject) ?? newCommand(subject, subjects[subject] ?? subject));
    if (parent !== sandbox) groups.set(subject, parent);
    parent.addCommand(operationCommand(operation, form));
  }
  for (const group of groups.values()) sandbox.addCommand(group);
  return sandbox.addCommand(sandboxShowCommand()).addCommand(sandboxLoadCommand());
}
