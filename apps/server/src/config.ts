import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { connectionOptions } from './platform/db/connection-options.ts';
import { SetupError } from './platform/db/setup-error.ts';
import type { Providers } from './platform/delivery/delivery.ts';

/** One setting of the server, as the configuration reference shows it. */
export interface Setting {
  readonly name: string;
  readonly description: string;
  readonly defaultValue?: string;
  readonly requiredIn?: 'production';
  readonly secret?: boolean;
}

export const settings = [
  { name: 'OPENBRANCH_MODE', description: '`sandbox` (seed, movable clock) or `production`.', defaultValue: 'sandbox' },
  { name: 'PORT', description: 'TCP port of the HTTP server, 0 for any free one.', defaultValue: '8080' },
  { name: 'HOST', description: 'Address that the HTTP server listens on.', defaultValue: '127.0.0.1' },
  {
    name: 'OPENBRANCH_DATA_DIR',
    description: 'Directory of the private database, the master key, `sandbox.json` and the log.',
    defaultValue: './.openbranch',
  },
  {
    name: 'DATABASE_URL',
    description:
      'PostgreSQL 15 or newer, `postgresql://user:password@host:port/database`. Without it a private server is started in the data directory.',
    requiredIn: 'production',
    secret: true,
  },
  {
    name: 'OPENBRANCH_POSTGRES_USER',
    description: 'As root only: the user of the operating system that runs the private database server.',
    defaultValue: '`openbranch`, `postgres` or `nobody`, the first that exists',
  },
  {
    name: 'OPENBRANCH_DATABASE_CONNECTIONS',
    description: 'Connections that this process keeps to the database.',
    defaultValue: '10',
  },
  {
    name: 'OPENBRANCH_MASTER_KEY',
    description:
      '32 random bytes in base64 (`openssl rand -base64 32`), from which every other key is derived. In the sandbox one is made and kept in the data directory.',
    requiredIn: 'production',
    secret: true,
  },
  {
    name: 'OPENBRANCH_PUBLIC_URL',
    description:
      'URL under which callers reach the server; it is the issuer of tokens. In the sandbox it follows from HOST and PORT.',
    requiredIn: 'production',
  },
  {
    name: 'OPENBRANCH_SMTP_URL',
    description:
      'Mail server, `smtp://user:password@host:port` or `smtps://...`. The sandbox shows messages in its inbox and sends none.',
    requiredIn: 'production',
    secret: true,
  },
  {
    name: 'OPENBRANCH_MAIL_FROM',
    description: 'Sender of mails, `Name <address>` or an address.',
    requiredIn: 'production',
  },
  {
    name: 'OPENBRANCH_DELIVERY_WEBHOOK_URL',
    description:
      'Service that text messages, calls and push messages are handed to, as `docs/delivery.md` says. Without it these channels refuse.',
  },
  {
    name: 'OPENBRANCH_DELIVERY_WEBHOOK_SECRET',
    description: 'Secret of at least 32 characters that signs what the service gets; needed with its URL.',
    secret: true,
  },
  {
    name: 'OPENBRANCH_DISCLOSURE_HOSTS',
    description:
      'Hosts, separated by commas, from which the texts of disclosures may be fetched, so that the evidence of an acceptance bears their SHA-256. Without it nothing is fetched.',
  },
  {
    name: 'OPENBRANCH_TRUSTED_PROXIES',
    description: 'Addresses or CIDR ranges, separated by commas, whose X-Forwarded-For names the caller.',
  },
  {
    name: 'OPENBRANCH_HASH_WORKERS',
    description: 'Password hashes that run at the same time.',
    defaultValue: 'number of processor cores',
  },
  { name: 'OPENBRANCH_LOG_LEVEL', description: '`debug`, `info`, `warn` or `error`.', defaultValue: 'info' },
  {
    name: 'OPENBRANCH_LOG_FILE',
    description: 'File that the log is added to, or `-` for standard output.',
    defaultValue: '`openbranch.log` in the data directory in the sandbox, `-` in production',
  },
] as const satisfies readonly Setting[];

type SettingName = (typeof settings)[number]['name'];
export type Environment = Readonly<Record<string, string | undefined>>;

export interface Config {
  readonly mode: 'sandbox' | 'production';
  readonly host: string;
  readonly port: number;
  readonly dataDirectory: string;
  readonly databaseUrl: string | undefined;
  readonly databaseConnections: number;
  /** 32 bytes; undefined means: from the data directory. */
  readonly masterKey: Buffer | undefined;
  readonly publicUrl: string | undefined;
  readonly trustedProxies: readonly string[];
  readonly providers: Providers;
  /** `docs.example.org`, or with a port. */
  readonly disclosureHosts: readonly string[];
  readonly hashWorkers: number;
  readonly logLevel: string;
  /** undefined is standard output. */
  readonly logFile: string | undefined;
}

/**
 * Reads and checks every setting.
 * @throws SetupError, one line that names the variable and what it takes.
 */
export function readConfig(environment: Environment): Config {
  const read = (name: SettingName): string | undefined => {
    const value = environment[name]?.trim();
    return value === '' ? undefined : value;
  };
  const mode = oneOf('OPENBRANCH_MODE', read('OPENBRANCH_MODE') ?? 'sandbox', ['sandbox', 'production']);
  if (mode === 'production') assertNothingMissing(read);
  const dataDirectory = resolve(read('OPENBRANCH_DATA_DIR') ?? './.openbranch');
  return {
    mode,
    host: hostOf(read('HOST') ?? '127.0.0.1'),
    port: integerIn('PORT', read('PORT') ?? '8080', 0, 65_535),
    dataDirectory,
    databaseUrl: databaseUrlOf(read('DATABASE_URL')),
    databaseConnections: integerIn('OPENBRANCH_DATABASE_CONNECTIONS', read('OPENBRANCH_DATABASE_CONNECTIONS') ?? '10', 2, 500),
    masterKey: masterKeyOf(read('OPENBRANCH_MASTER_KEY')),
    publicUrl: publicUrlOf(read('OPENBRANCH_PUBLIC_URL')),
    trustedProxies: proxiesOf(read('OPENBRANCH_TRUSTED_PROXIES')),
    providers: { mail: mailOf(read), webhook: webhookOf(read) },
    disclosureHosts: hostsOf(read('OPENBRANCH_DISCLOSURE_HOSTS')),
    hashWorkers: integerIn('OPENBRANCH_HASH_WORKERS', read('OPENBRANCH_HASH_WORKERS') ?? String(availableParallelism()), 1, 256),
    logLevel: oneOf('OPENBRANCH_LOG_LEVEL', read('OPENBRANCH_LOG_LEVEL') ?? 'info', ['debug', 'info', 'warn', 'error']),
    logFile: logFileOf(read('OPENBRANCH_LOG_FILE'), mode, dataDirectory),
  };
}

/** Everything that is missing is named at once, so that nobody has to start five times. */
function assertNothingMissing(read: (name: SettingName) => string | undefined): void {
  const needed: readonly Setting[] = settings;
  const missing = settings
    .filter(({ name }, index) => needed[index]?.requiredIn === 'production' && read(name) === undefined)
    .map(({ name }) => name);
  if (missing.length > 0) throw new SetupError(`Production mode needs ${missing.join(', ')}: set them and start again.`);
}

function oneOf<const Value extends string>(name: SettingName, value: string, values: readonly Value[]): Value {
  const found = values.find((known) => known === value);
  if (found === undefined) throw new SetupError(`${name} must be ${values.map((known) => `"${known}"`).join(' or ')}.`);
  return found;
}

function integerIn(name: SettingName, value: string, least: number, most: number): number {
  const number = Number(value);
  if (/^[0-9]{1,9}$/u.test(value) && number >= least && number <= most) return number;
  throw new SetupError(`${name} must be a whole number from ${least} to ${most}.`);
}

function hostOf(host: string): string {
  if (isIP(host) !== 0 || /^[A-Za-z0-9.-]{1,253}$/u.test(host)) return host;
  throw new SetupError('HOST must be an IP address or a host name.');
}

function databaseUrlOf(url: string | undefined): string | undefined {
  if (url !== undefined) connectionOptions({ url });
  return url;
}

function masterKeyOf(text: string | undefined): Buffer | undefined {
  if (text === undefined) return undefined;
  const key = Buffer.from(text, 'base64');
  if (key.length !== 32)
    throw new SetupError('OPENBRANCH_MASTER_KEY must be 32 bytes in base64: make one with `openssl rand -base64 32`.');
  return key;
}

function publicUrlOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/u.test(url.protocol) || /[?#]/u.test(text) || url.username !== '') {
    throw new SetupError(
      'OPENBRANCH_PUBLIC_URL must be an http or https URL without query and user, like https://api.example.org.',
    );
  }
  return text.replace(/\/+$/u, '');
}

function listOf(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

function hostsOf(text: string | undefined): readonly string[] {
  const hosts = listOf(text).map((host) => host.toLowerCase());
  if (hosts.every((host) => /^[a-z0-9.-]{1,253}(?::[0-9]{1,5})?$/u.test(host))) return hosts;
  throw new SetupError('OPENBRANCH_DISCLOSURE_HOSTS must be host names, separated by commas, like docs.example.org.');
}

function proxiesOf(text: string | undefined): readonly string[] {
  const proxies = listOf(text);
  for (const proxy of proxies) {
    const [address = '', prefix = '0', ...rest] = proxy.split('/');
    const longestPrefix = isIP(address) === 4 ? 32 : 128;
    if (isIP(address) === 0 || rest.length > 0 || !/^[0-9]{1,3}$/u.test(prefix) || Number(prefix) > longestPrefix) {
      throw new SetupError('OPENBRANCH_TRUSTED_PROXIES must be addresses or CIDR ranges, separated by commas.');
    }
  }
  return proxies;
}

function mailOf(read: (name: SettingName) => string | undefined): Providers['mail'] {
  const smtpUrl = read('OPENBRANCH_SMTP_URL');
  const from = read('OPENBRANCH_MAIL_FROM');
  if (smtpUrl === undefined && from === undefined) return undefined;
  if (smtpUrl === undefined || !/^smtps?:\/\/[^/]/u.test(smtpUrl) || !URL.canParse(smtpUrl))
    throw new SetupError(
      'OPENBRANCH_SMTP_URL must be smtp://host:port or smtps://host:port, with user and password before an @.',
    );
  if (from === undefined || !/^[^\r\n]*[^\s@<>]+@[^\s@<>]+>?$/u.test(from))
    throw new SetupError('OPENBRANCH_MAIL_FROM must be an address, like "Example Bank <no-reply@example.org>".');
  return { smtpUrl, from };
}

const shortestWebhookSecret = 32;

function webhookOf(read: (name: SettingName) => string | undefined): Providers['webhook'] {
  const url = read('OPENBRANCH_DELIVERY_WEBHOOK_URL');
  const secret = read('OPENBRANCH_DELIVERY_WEBHOOK_SECRET');
  if (url === undefined && secret === undefined) return undefined;
  if (url === undefined || !/^https?:$/u.test(URL.canParse(url) ? new URL(url).protocol : ''))
    throw new SetupError('OPENBRANCH_DELIVERY_WEBHOOK_URL must be an http or https URL.');
  if (secret === undefined || secret.length < shortestWebhookSecret)
    throw new SetupError(
      `OPENBRANCH_DELIVERY_WEBHOOK_SECRET must have at least ${shortestWebhookSecret} characters: make one with \`openssl rand -hex 32\`.`,
    );
  return { url, secret };
}

function logFileOf(file: string | undefined, mode: Config['mode'], dataDirectory: string): string | undefined {
  if (file === '-') return undefined;
  if (file !== undefined) return resolve(file);
  return mode === 'sandbox' ? resolve(dataDirectory, 'openbranch.log') : undefined;
}
