import type { BenchOptions } from './bench-options.ts';
import { loadCore, serverCore } from './cores.ts';
import { formatPercent, isSteady, median, ratios } from './figures.ts';
import type { PreparedRequest } from './http-request.ts';
import { type Load, prepareLoad } from './load.ts';
import { createBankCalls, type LoadedBank, pickCustomers, prepareLoadedBank } from './loaded-bank.ts';
import { pinPostgres } from './pin-postgres.ts';
import { renderTable } from './render-table.ts';
import { type RunningServer, startOpenbranch } from './start-openbranch.ts';

/** Few, so that what is measured is how long a call takes and not how long it waits. */
const connections = 4;
const transactionCount = 20;
/** More than are asked for in a run: what is asked twice would come out of memory at any size. */
const mostCustomers = 50_000;
const mostGrowth = 1.3;

const kinds = ['account', 'transactions', 'transfer'] as const;
type Kind = (typeof kinds)[number];

const titles: Readonly<Record<Kind, string>> = {
  account: 'GET /v1/accounts/{accountId}',
  transactions: 'GET /v1/transactions',
  transfer: 'POST /v1/transfers',
};

interface Bank {
  readonly size: number;
  readonly loads: Readonly<Record<Kind, Load>>;
  readonly latencies: Readonly<Record<Kind, { medianMs: number[]; p95Ms: number[] }>>;
}

/** The same calls on banks of different sizes, side by side: what a customer waits must not grow with the number of others. */
export async function benchGrowth(options: BenchOptions): Promise<string> {
  const banks: LoadedBank[] = [];
  const servers: RunningServer[] = [];
  const measured: Bank[] = [];
  try {
    for (const size of options.customers) {
      console.log(`  loading ${size} customers`);
      const bank = await prepareLoadedBank(size, transactionCount);
      banks.push(bank);
      pinPostgres(bank, loadCore);
      const server = await startOpenbranch(bank, serverCore, options.profileFolder);
      servers.push(server);
      measured.push(await prepareBank(bank, server.baseUrl));
    }
    await measureBanks(measured, options);
    return render(measured);
  } finally {
    for (const { loads } of measured) for (const load of Object.values(loads)) await load.remove();
    for (const server of servers) await server.stop();
    for (const bank of banks) await bank.remove();
  }
}

async function prepareBank(bank: LoadedBank, baseUrl: string): Promise<Bank> {
  const calls = createBankCalls(await bank.requestToken(baseUrl));
  const customers = pickCustomers(bank, mostCustomers);
  const prepare = (requests: readonly PreparedRequest[]) => prepareLoad({ baseUrl, requests, connections, cores: loadCore });
  const none = () => ({ medianMs: [], p95Ms: [] });
  return {
    size: bank.customerCount,
    loads: {
      account: await prepare(customers.map(calls.account)),
      transactions: await prepare(customers.map(calls.transactions)),
      transfer: await prepare(customers.map(calls.transfer)),
    },
    latencies: { account: none(), transactions: none(), transfer: none() },
  };
}

/** The sizes take turns within a kind, as contenders do elsewhere. */
async function measureBanks(banks: readonly Bank[], { rounds, seconds }: BenchOptions): Promise<void> {
  for (const kind of kinds) {
    for (const { loads } of banks) await loads[kind].run(Math.min(3, seconds));
    for (let round = 0; round < rounds; round += 1) {
      const first = round % banks.length;
      for (const { size, loads, latencies } of [...banks.slice(first), ...banks.slice(0, first)]) {
        const { medianMs, p95Ms } = await loads[kind].run(seconds);
        latencies[kind].medianMs.push(medianMs);
        latencies[kind].p95Ms.push(p95Ms);
        console.log(`  round ${round + 1} of ${rounds}: ${titles[kind]}, ${size} customers: ${ms(medianMs)}, ${ms(p95Ms)}`);
      }
    }
  }
}

const ms = (value: number): string => `${value.toFixed(2)} ms`;

function render(banks: readonly Bank[]): string {
  const smallest = banks.reduce((least, bank) => (bank.size < least.size ? bank : least));
  const largest = banks.reduce((most, bank) => (bank.size > most.size ? bank : most));
  const rows = kinds.flatMap((kind) =>
    banks.map(({ size, latencies }) => {
      const { medianMs, p95Ms } = latencies[kind];
      const than = smallest.latencies[kind];
      return [
        titles[kind],
        size.toLocaleString('en-US'),
        ms(median(medianMs)),
        formatPercent(growthOf(medianMs, than.medianMs)),
        ms(median(p95Ms)),
        formatPercent(growthOf(p95Ms, than.p95Ms)),
      ];
    }),
  );
  const heads = ['', 'customers', 'median', 'of the smallest', '95th percentile', 'of the smallest'];
  const verdicts = kinds.flatMap((kind) =>
    (['medianMs', 'p95Ms'] as const).map((figure) => {
      const [most, least] = [largest.latencies[kind][figure], smallest.latencies[kind][figure]];
      const growth = growthOf(most, least);
      const name = figure === 'medianMs' ? 'median' : '95th percentile';
      const outcome = growth <= mostGrowth ? 'met' : 'MISSED';
      const verdict = isSteady(most) && isSteady(least) ? outcome : 'NOT DECIDED, the rounds differ too much';
      return `Goal at most ${formatPercent(mostGrowth)} for ${largest.size.toLocaleString('en-US')}, ${name} of ${titles[kind]}: ${verdict}, ${formatPercent(growth)}.`;
    }),
  );
  return [renderTable(heads, rows), '', ...verdicts].join('\n');
}

/** Round by round. */
function growthOf(values: readonly number[], than: readonly number[]): number {
  return median(ratios(values, than));
}
