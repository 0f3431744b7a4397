import { formatNumber, median } from './figures.ts';
import type { Load } from './load.ts';
import type { Contender } from './measure-interleaved.ts';
import type { RunningProcess } from './start-process.ts';

/** A server under load, as one of the things that are measured side by side. */
export interface LoadedServer extends Contender {
  /** Further columns of its row. */
  columns(): Promise<Readonly<Record<string, string>>>;
}

export function toContender(name: string, load: Load, server: RunningProcess): LoadedServer {
  const processorUs: number[] = [];
  return {
    name,
    measure: async (seconds) => {
      const before = await server.processorTimeUs();
      const { requests, seconds: elapsed } = await load.run(seconds);
      processorUs.push(((await server.processorTimeUs()) - before) / requests);
      return requests / elapsed;
    },
    columns: async () => ({
      // The first was the warm-up.
      'processor time of the server for one': `${formatNumber(median(processorUs.slice(1)))} µs`,
      'its memory': `${formatNumber(await server.residentMiB())} MiB`,
    }),
  };
}
