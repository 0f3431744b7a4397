import type { BenchOptions } from './bench-options.ts';
import { renderComparison } from './compare.ts';
import type { PreparedRequest } from './http-request.ts';
import { type Load, prepareLoad } from './load.ts';
import { createBankCalls, pickCustomers, prepareLoadedBank } from './loaded-bank.ts';
import { type Contender, measureInterleaved } from './measure-interleaved.ts';
import { type RunningServer, startOpenbranch } from './start-openbranch.ts';

const connections = 32;
const customerCount = 10_000;
const transactionCount = 20;

const one = 'one process';
const two = 'two processes';

/** Two servers on one database against one; nothing is pinned, so that they take the cores that there are. */
export async function benchProcesses(options: BenchOptions): Promise<string> {
  const bank = await prepareLoadedBank(customerCount, transactionCount);
  const servers: RunningServer[] = [];
  try {
    for (const profileFolder of [options.profileFolder, undefined])
      servers.push(await startOpenbranch(bank, undefined, profileFolder));
    const customers = pickCustomers(bank, customerCount);
    const tables: string[] = [];
    for (const kind of ['account', 'transactions', 'transfer'] as const) {
      console.log(`  ${kind}`);
      const requests: (readonly PreparedRequest[])[] = [];
      // Tokens name the server that made them.
      for (const { baseUrl } of servers) requests.push(customers.map(createBankCalls(await bank.requestToken(baseUrl))[kind]));
      tables.push(`### ${kind}\n\n${await compareProcesses(servers, requests, options)}`);
    }
    return tables.join('\n\n');
  } finally {
    for (const server of servers) await server.stop();
    await bank.remove();
  }
}

/** The same number of connections in all. */
async function compareProcesses(
  servers: readonly RunningServer[],
  requests: readonly (readonly PreparedRequest[])[],
  options: BenchOptions,
): Promise<string> {
  const loads: Load[] = [];
  const prepare = async (server: number, share: number): Promise<Load> => {
    const { baseUrl = '' } = servers[server] ?? {};
    const load = await prepareLoad({ baseUrl, requests: requests[server] ?? [], connections: share, cores: undefined });
    loads.push(load);
    return load;
  };
  try {
    const alone = await prepare(0, connections);
    const halves = [await prepare(0, connections / 2), await prepare(1, connections / 2)];
    const contenders: Contender[] = [
      { name: two, measure: (seconds) => measureTogether(halves, seconds) },
      { name: one, measure: (seconds) => measureTogether([alone], seconds) },
    ];
    const measured = await measureInterleaved(contenders, options);
    return await renderComparison({ ours: two, unit: 'A second', measured, goals: [], servers: [] });
  } finally {
    for (const load of loads) await load.remove();
  }
}

async function measureTogether(loads: readonly Load[], seconds: number): Promise<number> {
  const results = await Promise.all(loads.map((load) => load.run(seconds)));
  return results.reduce((sum, { requests, seconds: elapsed }) => sum + requests / elapsed, 0);
}
