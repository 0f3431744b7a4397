import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open, readFile, readlink, realpath, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { OsAccount } from './os-account.ts';

/** What PostgreSQL writes about itself into postmaster.pid: the process id in line 1 and its state in line 8. */
export type PostmasterFile = { readonly processId: number; readonly isReady: boolean };

/** Reads postmaster.pid, or answers undefined when there is none or it is still being written. */
export async function readPostmasterFile(cluster: string): Promise<PostmasterFile | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const processId = Math.abs(Number.parseInt(lines[0] ?? '', 10));
  if (!Number.isSafeInteger(processId) || processId === 0) return undefined;
  return { processId, isReady: (lines[7] ?? '').trim() === 'ready' };
}

/** Whether a process exists; one that we may not signal exists too. */
export function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Whether a process is really the PostgreSQL server of this cluster. After a crash the number in postmaster.pid may have
 * been given to any other process, which must be neither stopped nor taken for ours.
 */
export async function isPostmasterOf(processId: number, cluster: string): Promise<boolean> {
  if (!isAlive(processId)) return false;
  const directory = await realpath(cluster).catch(() => cluster);
  const [workingDirectory, program] = await Promise.all([
    readlink(`/proc/${processId}/cwd`).catch(() => undefined),
    readlink(`/proc/${processId}/exe`).catch(() => undefined),
  ]);
  if (workingDirectory !== undefined && program !== undefined) {
    // The kernel appends " (deleted)" to a program that was replaced by an upgrade.
    return workingDirectory === directory && /^postgres( \(deleted\))?$/.test(basename(program));
  }
  const command = await commandLine(processId);
  return /(^|\/)postgres\s/.test(command) && (command.includes(directory) || command.includes(cluster));
}

async function commandLine(processId: number): Promise<string> {
  const line = await readFile(`/proc/${processId}/cmdline`, 'utf8').catch(() => undefined);
  if (line !== undefined) return line.replaceAll('\0', ' ');
  const { stdout } = await promisify(execFile)('ps', ['-o', 'command=', '-p', String(processId)]).catch(() => ({ stdout: '' }));
  return stdout;
}

/**
 * Makes a stale postmaster.pid harmless when its number now belongs to another process. PostgreSQL would refuse to start;
 * but it takes its own parent's number for stale, and that is this process. The file is not just removed, because
 * PostgreSQL also reads from it which shared memory the lost server's surviving children may still use.
 */
export async function disarmPostmasterFile(cluster: string, account: OsAccount): Promise<void> {
  const file = join(cluster, 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const temporary = `${file}.${randomBytes(4).toString('hex')}`;
  // The directory belongs to another user when we are root: a new file that follows no link, handed over once written.
  const handle = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
  try {
    await handle.writeFile(text.replace(/^-?\d+/, String(process.pid)));
    await handle.chown(account.uid, account.gid);
  } finally {
    await handle.close();
  }
  await rename(temporary, file).catch(async (error) => {
    await rm(temporary, { force: true });
    throw error;
  });
}
