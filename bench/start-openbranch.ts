import { join } from 'node:path';
import type { Cores } from './cores.ts';
import { freePort } from './free-port.ts';
import type { PreparedDatabase } from './prepared-institution.ts';
import { type RunningProcess, startProcess } from './start-process.ts';

export interface RunningServer extends RunningProcess {
  readonly baseUrl: string;
}

const program = join(import.meta.dirname, '..', 'apps', 'server', 'src', 'main.ts');

/** For what sends no message. */
const nobody = 'smtp://127.0.0.1:1';

/**
 * Starts the program itself, in production mode, with its log at the level of production in a file.
 * @param profileFolder Where Node writes a processor profile when the server ends.
 */
export async function startOpenbranch(
  { folder, target, masterKey }: PreparedDatabase,
  cores: Cores,
  profileFolder: string | undefined,
  smtpUrl = nobody,
): Promise<RunningServer> {
  const baseUrl = `http://127.0.0.1:${await freePort()}`;
  const running = await startProcess({
    cores,
    node: [...profiling(profileFolder), program],
    env: {
      OPENBRANCH_MODE: 'production',
      OPENBRANCH_DATA_DIR: join(folder, 'server'),
      OPENBRANCH_LOG_FILE: join(folder, 'openbranch.log'),
      OPENBRANCH_MASTER_KEY: masterKey.toString('base64'),
      OPENBRANCH_PUBLIC_URL: baseUrl,
      OPENBRANCH_SMTP_URL: smtpUrl,
      OPENBRANCH_MAIL_FROM: 'no-reply@bench.invalid',
      DATABASE_URL: target.url,
      PORT: new URL(baseUrl).port,
    },
    readyUrl: `${baseUrl}/health/ready`,
  });
  return { ...running, baseUrl };
}

function profiling(folder: string | undefined): string[] {
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];
}

/** Starts one of the servers to compare with, which stand in `servers/`. */
export async function startRival(file: string, cores: Cores, env: Readonly<Record<string, string>>): Promise<RunningServer> {
  const baseUrl = `http://127.0.0.1:${await freePort()}`;
  const running = await startProcess({
    cores,
    node: [join(import.meta.dirname, 'servers', file)],
    env: { ...env, PORT: new URL(baseUrl).port, ISSUER: baseUrl },
    readyUrl: baseUrl,
  });
  return { ...running, baseUrl };
}
