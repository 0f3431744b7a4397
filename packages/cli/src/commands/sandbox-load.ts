import type { Command } from 'commander';
import { CommandFailure } from '../command-failure.ts';
import { newCommand } from '../new-command.ts';
import { onServerData } from '../on-server-data.ts';
import { UsageError } from '../usage-error.ts';
import { wholeNumber } from '../whole-number.ts';

interface Flags {
  readonly customers: number;
  readonly transactions: number;
  readonly institution: string;
  readonly signIns: number;
}

const mostCustomers = 100_000_000;
const mostTransactions = 1_000;

/** `openbranch sandbox load`: a bank full of customers, for benchmarks. */
export function sandboxLoadCommand(): Command {
  return newCommand('load', 'Fill an institution with many customers, for benchmarks')
    .description(
      'Fills an institution of a sandbox with customers, their accounts and transactions, beside a running server or without. Interrupted, it goes on where it was when it is run again. To start over, take another institution or a new data directory.',
    )
    .requiredOption(
      '--customers <count>',
      'how many there are to be in the end (required)',
      wholeNumber('--customers', 1, mostCustomers),
    )
    .option('--transactions <count>', 'of each customer', wholeNumber('--transactions', 2, mostTransactions), 20)
    .option('--institution <id>', 'five digits; made when it is not there', toInstitutionId, '00900')
    .option('--sign-ins <count>', 'the first so many can sign in', wholeNumber('--sign-ins', 0, mostCustomers), 100)
    .action(async ({ institution: institutionId, ...plan }: Flags) => {
      const { createPasswordHasher } = await import('@openbranch/server/platform/passwords/password-hasher');
      const { loadCustomers } = await import('@openbranch/server/products/sandbox/index');
      const onProgress = createProgress(plan.customers);
      const outcome = await onServerData(({ sql, keyRing }) =>
        loadCustomers({ sql, keyRing, hasher: createPasswordHasher(keyRing), onProgress }, { institutionId, ...plan }),
      );
      if (!outcome.ok) throw new CommandFailure(refusals[outcome.refusal]);
      console.log(JSON.stringify(outcome.value, undefined, 2));
    });
}

const refusals = {
  notASandbox: 'This database is no sandbox: customers who do not exist are loaded into a sandbox only.',
  anotherLoadRuns: 'Another load of this institution runs: wait for its end.',
} as const;

function toInstitutionId(text: string): string {
  if (/^[0-9]{5}$/u.test(text)) return text;
  throw new UsageError(`--institution takes five digits, not ${text}`);
}

const barWidth = 30;

/** A bar on a terminal, a line for every tenth elsewhere. */
function createProgress(total: number): (loaded: number) => void {
  const startedAt = Date.now();
  let first: number | undefined;
  let saidTenths = -1;
  return (loaded) => {
    first ??= loaded;
    const share = loaded / total;
    const perMinute = loaded > first ? Math.round(((loaded - first) * 60_000) / (Date.now() - startedAt)) : undefined;
    const speed = perMinute === undefined ? '' : `, ${perMinute} a minute`;
    const line = `${loaded} of ${total} customers${speed}`;
    if (process.stderr.isTTY) {
      const full = Math.round(share * barWidth);
      process.stderr.write(`\r[${'#'.repeat(full)}${'-'.repeat(barWidth - full)}] ${line}${share === 1 ? '\n' : '  '}`);
    } else if (Math.floor(share * 10) > saidTenths) {
      saidTenths = Math.floor(share * 10);
      console.error(line);
    }
  };
}
