import type { Command } from 'commander';
import { answerTable } from './table.ts';

export interface OutputFlags {
  readonly json?: boolean;
  readonly table?: boolean;
}

export function addOutputOptions(command: Command): Command {
  return command
    .optionsGroup('Output:')
    .option('--json', 'print JSON (default unless on a terminal)')
    .option('--table', 'print a table (default on a terminal)');
}

/** Prints the body of an answer; an empty one says `done` on standard error, so that a pipe gets nothing. */
export function printAnswer(answer: unknown, flags: OutputFlags): void {
  if (answer === undefined) console.error('done');
  else console.log(isTable(flags) ? answerTable(answer) : JSON.stringify(answer, undefined, 2));
}

export function isTable(flags: OutputFlags): boolean {
  return flags.table === true || (flags.json !== true && process.stdout.isTTY === true);
}
