import type { Command } from 'commander';
import { CommandFailure } from '../command-failure.ts';
import { newCommand } from '../new-command.ts';
import { onServerData } from '../on-server-data.ts';
import { addOutputOptions, type OutputFlags, printAnswer } from '../print-answer.ts';
import { toSeconds } from '../to-seconds.ts';
import { wholeNumber } from '../whole-number.ts';

interface Flags extends OutputFlags {
  readonly overlap: number;
}

const longestOverlapSeconds = 90 * 86_400;
const toOverlap = (text: string): number => wholeNumber('--overlap', 0, longestOverlapSeconds)(toSeconds(text));

/** `openbranch applications rotate-secret`: a new secret, shown this once, beside the old one for a while. */
export function applicationsRotateSecretCommand(): Command {
  const command = newCommand('rotate-secret', 'Give an application a new secret key')
    .description(
      'Gives an application a new secret key and shows it, this once. The one before opens too until the overlap is over; still older ones end now, so never more than two are live.',
    )
    .argument('<client-id>', 'the application')
    .option('--overlap <duration>', 'how long the secret before stays good, like 90s, 30m, 24h or 7d', toOverlap, 86_400);
  return addOutputOptions(command).action(async (clientId: string, flags: Flags) => {
    const { rotateApplicationSecret } = await import('@openbranch/server/products/identity/index');
    const rotated = await onServerData((platform) => rotateApplicationSecret(platform, clientId, flags.overlap * 1000));
    if (!rotated.ok) throw new CommandFailure(`There is no application ${clientId}: see openbranch applications list.`);
    const { previousExpiresAt, ...keys } = rotated.value;
    console.error('Keep the secret key: it is not shown again.');
    printAnswer(
      { ...keys, ...(previousExpiresAt === undefined ? {} : { previousExpiresAt: previousExpiresAt.toISOString() }) },
      flags,
    );
  });
}
