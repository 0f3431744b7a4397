import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase, type Sql } from '@openbranch/server/platform/db/database';
import { eventually } from '@openbranch/testkit/eventually';
import { makeDataDirectory, readSandbox } from '@openbranch/testkit/server-process';
import type { Sandbox } from '@openbranch/testkit/test-app';
import { freePort } from './free-port.ts';
import { startProcess } from './start-process.ts';

export interface RunningSandbox {
  readonly baseUrl: string;
  readonly sandbox: Sandbox;
  onDatabase(work: (sql: Sql) => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the program as `npm start` does, with a new data directory; a load may name the addresses that it comes from. */
export async function startSandbox(): Promise<RunningSandbox> {
  const directory = await makeDataDirectory();
  const baseUrl = `http://127.0.0.1:${await freePort()}`;
  const running = await startProcess({
    cores: undefined,
    node: [join(import.meta.dirname, '..', 'apps', 'server', 'src', 'main.ts')],
    env: {
      OPENBRANCH_DATA_DIR: directory.path,
      OPENBRANCH_TRUSTED_PROXIES: '127.0.0.1',
      PORT: new URL(baseUrl).port,
    },
    readyUrl: `${baseUrl}/health/ready`,
  });
  return {
    baseUrl,
    // It answers a moment before the file is there.
    sandbox: await eventually(() => readSandbox(directory.path)),
    onDatabase: async (work) => {
      const [, url = ''] = (await readFile(join(directory.path, 'postgres-connection'), 'utf8')).split('\n');
      const { sql, close } = await openDatabase({ url }, { maxConnections: 1, applicationName: 'bench' });
      await work(sql).finally(close);
    },
    stop: async () => {
      await running.stop();
      await directory.remove();
    },
  };
}
