import type { Command } from 'commander';
import { CommandFailure } from '../command-failure.ts';
import { newCommand } from '../new-command.ts';
import { onServerData } from '../on-server-data.ts';
import { addOutputOptions, isTable, type OutputFlags } from '../print-answer.ts';
import { formatTable } from '../table.ts';
import { UsageError } from '../usage-error.ts';

/** `openbranch delivery ...`: messages to people. */
export function deliveryCommand(): Command {
  return newCommand('delivery', 'List the messages that were given up, and try them again')
    .addCommand(deadLettersCommand())
    .addCommand(retryCommand());
}

function deadLettersCommand(): Command {
  const command = newCommand('dead-letters', 'List the messages that were given up').description(
    'Lists the messages that were given up, newest first, at most 1,000 of each institution, with the reason. Recipients and words are not shown.',
  );
  command.option('--institution <id>', 'this institution only, five digits');
  return addOutputOptions(command).action(async (flags: OutputFlags & { readonly institution?: string }) => {
    const { listDeadLetters } = await import('@openbranch/server/platform/delivery/dead-letters');
    const outcome = await onServerData(({ sql }) => listDeadLetters(sql, flags.institution));
    if (!outcome.ok) throw new CommandFailure(`There is no institution ${flags.institution}.`);
    if (!isTable(flags)) return console.log(JSON.stringify(outcome.value, undefined, 2));
    const rows = outcome.value.map((letter) => [
      letter.institutionId,
      letter.messageId,
      letter.channel,
      letter.template,
      String(letter.attempts),
      letter.givenUpAt.toISOString(),
      letter.reason,
      letter.canBeRetried ? 'yes' : 'no',
    ]);
    console.log(formatTable(['institution', 'message', 'channel', 'template', 'tries', 'given up', 'reason', 'retry'], rows));
  });
}

function retryCommand(): Command {
  const command = newCommand('retry', 'Queue messages again that were given up').description(
    'Queues messages again that were given up, as long as their words are kept: a passcode is wiped at once, anything else after a week. Mend the reason first.',
  );
  command
    .requiredOption('--institution <id>', 'the institution, five digits (required)')
    .option('--message <id>', 'this message only', toMessageId);
  return command.action(async ({ institution, message }: { readonly institution: string; readonly message?: string }) => {
    const { retryDeadLetters } = await import('@openbranch/server/platform/delivery/dead-letters');
    const outcome = await onServerData(({ sql }) => retryDeadLetters(sql, institution, message));
    if (!outcome.ok) throw new CommandFailure(`There is no institution ${institution}.`);
    if (message !== undefined && outcome.value === 0) throw new CommandFailure(`Message ${message} cannot be tried again.`);
    console.log(`Queued again: ${outcome.value}.`);
  });
}

function toMessageId(text: string): string {
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu.test(text)) return text;
  throw new UsageError(`--message takes an id like 0b6c1d0e-6c5e-4a0e-9d56-0f4a6d3f6a11, not ${text}`);
}
