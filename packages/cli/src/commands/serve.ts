import type { Command } from 'commander';
import { newCommand } from '../new-command.ts';

/** `openbranch serve`: the server in this process, as `npm start` runs it, without its watch over crashes. */
export function serveCommand(): Command {
  const command = newCommand('serve', 'Run the server in the foreground').description(
    'Runs the server in the foreground until it is told to stop. Unlike npm start it does not start it again after a crash: leave that to what runs it (systemd, Kubernetes). Settings come from the environment.',
  );
  return command.action(async () => {
    // It answers signals and ends the process by itself.
    await import('@openbranch/server/main');
    await new Promise(() => undefined);
  });
}
