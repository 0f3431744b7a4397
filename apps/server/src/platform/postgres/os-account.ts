import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { SetupError } from '../db/setup-error.ts';

/** A user of the operating system. */
export type OsAccount = { readonly name: string; readonly uid: number; readonly gid: number };

/** Whether this process is root, as whom PostgreSQL refuses to run. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** The user who started this process. @throws SetupError when the user has no name, for which PostgreSQL would refuse it. */
export function ownAccount(): OsAccount {
  try {
    const { username, uid, gid } = userInfo();
    return { name: username, uid, gid };
  } catch (cause) {
    throw new SetupError(
      `The user id ${process.getuid?.()} has no entry in /etc/passwd, which PostgreSQL needs: add one, or set DATABASE_URL.`,
      { cause },
    );
  }
}

/**
 * The user as whom root runs PostgreSQL: the owner of the files when that is not root (so that a machine which gets a
 * new user later still opens its old data), else OPENBRANCH_POSTGRES_USER, openbranch, postgres or nobody.
 */
export async function accountForRoot(fileOwner: number | undefined): Promise<OsAccount> {
  const accounts = await readAccounts();
  const wished = process.env['OPENBRANCH_POSTGRES_USER'];
  const named = accounts.find((account) => account.name === wished);
  if (wished !== undefined && wished !== '' && (named === undefined || named.uid === 0)) {
    throw new SetupError(`OPENBRANCH_POSTGRES_USER is "${wished}", which is not an ordinary user in /etc/passwd.`);
  }
  if (fileOwner !== undefined && fileOwner !== 0) return ownerAccount(accounts, fileOwner, named);
  const chosen = named ?? firstNamed(accounts, ['openbranch', 'postgres', 'nobody']);
  if (chosen !== undefined) return chosen;
  throw new SetupError(
    'PostgreSQL refuses to run as root: set OPENBRANCH_POSTGRES_USER to an ordinary user, or set DATABASE_URL.',
  );
}

function ownerAccount(accounts: readonly OsAccount[], fileOwner: number, named: OsAccount | undefined): OsAccount {
  const owner = accounts.find((account) => account.uid === fileOwner);
  if (owner === undefined) {
    throw new SetupError(`The database files belong to user id ${fileOwner}, which has no entry in /etc/passwd: add one.`);
  }
  if (named === undefined || named.uid === owner.uid) return owner;
  throw new SetupError(
    `OPENBRANCH_POSTGRES_USER is "${named.name}", but the database files belong to ${owner.name}: unset it, or change the owner.`,
  );
}

function firstNamed(accounts: readonly OsAccount[], names: readonly string[]): OsAccount | undefined {
  return names.flatMap((name) => accounts.filter((account) => account.name === name && account.uid !== 0))[0];
}

async function readAccounts(): Promise<OsAccount[]> {
  const text = await readFile('/etc/passwd', 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    if (name === undefined || uid === undefined || gid === undefined) return [];
    return [{ name, uid: Number(uid), gid: Number(gid) }];
  });
}
