import { cpus, loadavg, totalmem } from 'node:os';
import { benchAccounts } from './accounts.ts';
import { benchAlertLatency } from './alert-latency.ts';
import { benchAlerts } from './alerts.ts';
import { type BenchOptions, readOptions, usage } from './bench-options.ts';
import { serverCore } from './cores.ts';
import { benchGrowth } from './growth.ts';
import { benchIdenticalAnswers } from './identical-answers.ts';
import { loadGenerator } from './load.ts';
import { benchProcesses } from './processes.ts';
import { benchRecovery } from './recovery.ts';
import { benchRegistrations } from './registrations.ts';
import { benchSignIns } from './sign-ins.ts';
import { benchStarts } from './starts.ts';
import { benchTokens } from './tokens.ts';
import { benchTransfers } from './transfers.ts';
import { benchUserStatus } from './user-status.ts';

/** What `npm run bench` runs: the named benchmarks, or all; see README.md beside this file. */
type Benchmark = (options: BenchOptions) => Promise<string>;

const benchmarks = new Map<string, Benchmark>([
  ['tokens', benchTokens],
  ['user-status', benchUserStatus],
  ['accounts', benchAccounts],
  ['transfers', benchTransfers],
  ['growth', benchGrowth],
  ['processes', benchProcesses],
  ['sign-ins', benchSignIns],
  ['identical-answers', benchIdenticalAnswers],
  ['registrations', benchRegistrations],
  ['recovery', benchRecovery],
  ['alerts', benchAlerts],
  ['alert-latency', benchAlertLatency],
  ['starts', benchStarts],
]);

async function run(): Promise<void> {
  const { names, options } = readOptions(process.argv.slice(2));
  const unknown = names.find((name) => !benchmarks.has(name));
  if (unknown !== undefined)
    throw new Error(`No benchmark is called ${unknown}: take ${[...benchmarks.keys()].join(', ')}. ${usage}`);
  const results: string[] = [];
  for (const [name, benchmark] of benchmarks) {
    if (names.length > 0 && !names.includes(name)) continue;
    console.log(`${name}:`);
    results.push(`## ${name}\n\n${await benchmark(options)}\n`);
  }
  console.log(`\n${describeMachine()}\n\n${results.join('\n')}`);
}

function describeMachine(): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const pinned = serverCore === undefined ? 'processes not pinned' : 'server on one core, load and database on another';
  const load = loadavg()[1]?.toFixed(2);
  return `${cpus().length} cores (${first?.model.trim()}), ${memory} GiB, Node ${process.version}, load by ${loadGenerator}, ${pinned}; load average of five minutes at the end ${load}.`;
}

try {
  await run();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
