import type { Command } from 'commander';

const width = 80;
const indent = 14;

/** The help of the program: every command by its name, a paragraph for each group. */
export function overview(groups: readonly Command[], server: readonly Command[]): string {
  const own = server.length === 0 ? [] : listing('server', server.map(nameOf));
  return [
    'Usage: openbranch <command> [options]',
    '',
    'Calls the API of an Openbranch server, and runs one.',
    '',
    'Commands:',
    ...groups.flatMap((group) => listing(group.name(), namesIn(group))),
    ...own,
    '',
    'openbranch <group> --help tells what the commands of a group do,',
    'openbranch <command> --help how to call one.',
    '',
    'Without further options, calls go to the sandbox of .openbranch/sandbox.json.',
    '',
  ].join('\n');
}

/** Commands of the sandbox bear its name; all others are also commands of the program. */
function namesIn(group: Command): string[] {
  const lead = group.name() === 'sandbox' ? 'sandbox ' : '';
  return group.commands.map((command) => `${lead}${nameOf(command)}`);
}

/** `unlock-user`, or `clock get|set` for a command with commands of its own. */
function nameOf(command: Command): string {
  const names = command.commands.map((one) => one.name());
  return names.length === 0 ? command.name() : `${command.name()} ${names.join('|')}`;
}

/** `  customers   get-customer, get-user-status,` and so on, wrapped. */
function listing(title: string, names: readonly string[]): string[] {
  const lines: string[] = [];
  let line = `  ${title}`.padEnd(indent);
  for (const [at, name] of [...names].sort().entries()) {
    const word = at === names.length - 1 ? name : `${name},`;
    if (line.length + word.length >= width) {
      lines.push(line.trimEnd());
      line = ' '.repeat(indent);
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
}
