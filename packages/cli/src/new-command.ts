import { Command } from 'commander';

/** A command that throws where Commander would end the process, so that the exit codes are ours. */
export function newCommand(name: string, summary: string): Command {
  return new Command(name)
    .summary(summary)
    .description(summary)
    .exitOverride()
    .helpCommand(false)
    .helpOption('-h, --help', 'show this help')
    .configureHelp({ sortSubcommands: true })
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /u, 'openbranch: ')) });
}
