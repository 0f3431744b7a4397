import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Operation } from '@openbranch/contract/operation';
import type { ClientOptions } from '@openbranch/sdk';
import { type Command, Option } from 'commander';
import { readSandboxFile, type SandboxApplication, type SandboxFile, type SandboxInstitution } from './sandbox-file.ts';
import { UsageError } from './usage-error.ts';

/** What the connection options of a command line say. */
export interface ConnectionFlags {
  readonly baseUrl?: string;
  readonly institution?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly application?: string;
  readonly as?: string;
  readonly sandbox?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

export function addConnectionOptions(command: Command): Command {
  return command
    .optionsGroup('Connection:')
    .option('--sandbox <file>', 'take all from this sandbox file (default: .openbranch/sandbox.json, if it is there)')
    .option('--institution <id>', 'institution, five digits (OPENBRANCH_INSTITUTION_ID; default: the first of the sandbox)')
    .option('--application <name>', 'application of the sandbox (default: the first that fits)')
    .option('--as <login>', 'act for this user; the password is in the sandbox file or in OPENBRANCH_PASSWORD')
    .option('--base-url <url>', 'address of the server (OPENBRANCH_BASE_URL)')
    .option('--client-id <id>', 'shared key of the application (OPENBRANCH_CLIENT_ID)')
    .addOption(
      new Option(
        '--client-secret <secret>',
        'secret key (better: OPENBRANCH_CLIENT_SECRET, or - to read it from standard input)',
      ),
    );
}

/** The file that `--sandbox` names, else the one in the data directory. */
export function sandboxPath(flags: ConnectionFlags, env: Environment): string {
  return flags.sandbox ?? join(env['OPENBRANCH_DATA_DIR'] || '.openbranch', 'sandbox.json');
}

/**
 * Where to call and as whom: options first, then the environment, then the sandbox file. The sandbox in the data directory is
 * left alone when an option or the environment names another server, so that its secrets go to no one else.
 *
 * @param grant the grant that is asked for, where the operation is a token call
 * @throws {UsageError} that names what is missing
 */
export function resolveConnection(flags: ConnectionFlags, env: Environment, operation: Operation, grant?: string): ClientOptions {
  const baseUrl = flags.baseUrl ?? set(env['OPENBRANCH_BASE_URL']);
  const path = sandboxPath(flags, env);
  const isUsed = flags.sandbox !== undefined || (baseUrl === undefined && existsSync(path));
  const file = isUsed ? readSandboxFile(path) : undefined;
  const wanted = flags.institution ?? set(env['OPENBRANCH_INSTITUTION_ID']);
  const mayBeUser = operation.family.authentication === 'bearer' || grant === 'password';
  const username = mayBeUser ? (flags.as ?? set(env['OPENBRANCH_USERNAME'])) : undefined;
  const institution = file === undefined ? undefined : chooseInstitution(file, wanted, username);
  const user = username === undefined ? undefined : { username, password: passwordOf(username, institution, env) };
  const institutionId = wanted ?? institution?.institutionId ?? (needsInstitution(operation) ? undefined : '');
  return {
    baseUrl: need(baseUrl ?? file?.baseUrl, 'server', '--base-url', 'OPENBRANCH_BASE_URL'),
    institutionId: need(institutionId, 'institution', '--institution', 'OPENBRANCH_INSTITUTION_ID'),
    ...chooseKeys(flags, env, operation, institution, grant ?? (user === undefined ? 'client_credentials' : 'password')),
    user,
    sandboxKey: chooseSandboxKey(env, operation, file),
  };
}

/** An empty variable counts as none. */
function set(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function need(value: string | undefined, what: string, option: string, variable: string): string {
  if (value !== undefined) return value;
  throw new UsageError(`no ${what}: give ${option}, set ${variable}, or name a sandbox file by --sandbox`);
}

/** Some token calls and all open ones do without. */
function needsInstitution({ family, headers = [], path }: Operation): boolean {
  const isInHeader = headers.some(({ name }) => name === 'institutionId' || name === 'di_fiid');
  return family.authentication === 'bearer' || isInHeader || path.includes('{institutionId}');
}

function chooseInstitution(file: SandboxFile, wanted: string | undefined, login: string | undefined): SandboxInstitution {
  const { institutions } = file;
  const known = institutions.map(({ institutionId }) => institutionId).join(', ');
  const chosen =
    wanted === undefined
      ? (institutions.find(({ customers }) => customers.some(({ loginId }) => loginId === login)) ?? institutions[0])
      : institutions.find(({ institutionId }) => institutionId === wanted);
  if (chosen === undefined)
    throw new UsageError(`the sandbox has no institution ${wanted ?? 'at all'}: it has ${known || 'none'}`);
  return chosen;
}

function passwordOf(login: string, institution: SandboxInstitution | undefined, env: Environment): string {
  const inSandbox = institution?.customers.find(({ loginId }) => loginId === login)?.password;
  const password = set(env['OPENBRANCH_PASSWORD']) ?? inSandbox;
  if (password === undefined) throw new UsageError(`no password for ${login}: set OPENBRANCH_PASSWORD`);
  return password;
}

type Keys = Pick<ClientOptions, 'clientId' | 'clientSecret'>;

/** Id and secret are a pair: a secret never goes with the id of another application. */
function chooseKeys(
  flags: ConnectionFlags,
  env: Environment,
  operation: Operation,
  institution: SandboxInstitution | undefined,
  grant: string,
): Keys {
  const { authentication } = operation.family;
  if (authentication === 'none' || authentication === 'sandbox-key') return { clientId: '', clientSecret: '' };
  const named = flags.application === undefined ? (flags.clientId ?? set(env['OPENBRANCH_CLIENT_ID'])) : flags.clientId;
  const secret = flags.clientSecret ?? set(env['OPENBRANCH_CLIENT_SECRET']);
  if (named !== undefined) {
    const inSandbox = institution?.applications.find(({ clientId }) => clientId === named)?.clientSecret;
    const clientSecret = need(secret ?? inSandbox, 'secret key', '--client-secret -', 'OPENBRANCH_CLIENT_SECRET');
    return { clientId: named, clientSecret };
  }
  if (institution === undefined) {
    if (flags.application !== undefined) throw new UsageError('--application needs a sandbox file: name it by --sandbox');
    return { clientId: need(undefined, 'shared key', '--client-id', 'OPENBRANCH_CLIENT_ID'), clientSecret: '' };
  }
  return chooseApplication(institution, flags.application, editionOf(operation), grant);
}

/** The V1 token call takes no token of its own, but only applications of its edition. */
function editionOf({ family }: Operation): 'v1' | 'v2' {
  if (family.edition !== 'none') return family.edition;
  return family.trace?.header === 'di_tid' ? 'v1' : 'v2';
}

function chooseApplication(institution: SandboxInstitution, name: string | undefined, edition: string, grant: string): Keys {
  const { applications } = institution;
  const fits = (application: SandboxApplication) =>
    application.edition.toLowerCase() === edition && application.grants.includes(grant);
  const chosen = name === undefined ? applications.find(fits) : applications.find((application) => application.name === name);
  if (chosen !== undefined) return { clientId: chosen.clientId, clientSecret: chosen.clientSecret };
  const known = applications.map((application) => application.name).join(', ');
  throw new UsageError(
    name === undefined
      ? `institution ${institution.institutionId} has no ${edition} application for grant ${grant}: name one by --application (${known})`
      : `institution ${institution.institutionId} has no application ${name}: it has ${known}`,
  );
}

function chooseSandboxKey(env: Environment, operation: Operation, file: SandboxFile | undefined): string | undefined {
  if (operation.family.authentication !== 'sandbox-key') return undefined;
  const key = set(env['OPENBRANCH_SANDBOX_KEY']) ?? file?.sandboxKey;
  if (key === undefined) throw new UsageError('no sandbox key: set OPENBRANCH_SANDBOX_KEY, or name a sandbox file by --sandbox');
  return key;
}
