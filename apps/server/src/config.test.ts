import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Environment, readConfig, settings } from './config.ts';
import { SetupError } from './platform/db/setup-error.ts';

const masterKey = Buffer.alloc(32, 7).toString('base64');
const production: Environment = {
  OPENBRANCH_MODE: 'production',
  DATABASE_URL: 'postgresql://openbranch:secret-of-the-database@db.example/openbranch',
  OPENBRANCH_MASTER_KEY: masterKey,
  OPENBRANCH_PUBLIC_URL: 'https://api.example.org/',
  OPENBRANCH_SMTP_URL: 'smtp://mail.example.org:587',
  OPENBRANCH_MAIL_FROM: 'no-reply@example.org',
};

function problemOf(environment: Environment): string {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof SetupError) return error.message;
    throw error;
  }
  throw new Error('These settings were accepted.');
}

test('with nothing set it is a sandbox on 127.0.0.1:8080 that keeps everything in ./.openbranch', () => {
  expect(readConfig({})).toMatchObject({
    mode: 'sandbox',
    host: '127.0.0.1',
    port: 8080,
    dataDirectory: resolve('.openbranch'),
    databaseUrl: undefined,
    databaseConnections: 10,
    masterKey: undefined,
    publicUrl: undefined,
    trustedProxies: [],
    logLevel: 'info',
    logFile: resolve('.openbranch/openbranch.log'),
  });
});

test('an empty or blank setting is the same as none', () => {
  const blank = Object.fromEntries(settings.map(({ name }, index) => [name, index % 2 === 0 ? '' : '  ']));
  expect(readConfig(blank)).toEqual(readConfig({}));
});

test('what is set is taken', () => {
  expect(
    readConfig({
      ...production,
      PORT: '0',
      HOST: '::1',
      OPENBRANCH_DATABASE_CONNECTIONS: '40',
      OPENBRANCH_DISCLOSURE_HOSTS: 'Docs.example.org, files.example.org:8443',
      OPENBRANCH_TRUSTED_PROXIES: '10.0.0.0/8, 192.0.2.1 ,2001:db8::/32',
      OPENBRANCH_HASH_WORKERS: '4',
      OPENBRANCH_LOG_LEVEL: 'warn',
    }),
  ).toMatchObject({
    mode: 'production',
    host: '::1',
    port: 0,
    databaseConnections: 40,
    masterKey: Buffer.alloc(32, 7),
    publicUrl: 'https://api.example.org',
    disclosureHosts: ['docs.example.org', 'files.example.org:8443'],
    trustedProxies: ['10.0.0.0/8', '192.0.2.1', '2001:db8::/32'],
    hashWorkers: 4,
    logLevel: 'warn',
    logFile: undefined,
  });
});

test('the log goes to a file, to standard output, or where the mode has it', () => {
  expect(readConfig({ OPENBRANCH_LOG_FILE: '-' }).logFile).toBeUndefined();
  expect(readConfig({ OPENBRANCH_LOG_FILE: 'logs/x.log' }).logFile).toBe(resolve('logs/x.log'));
  expect(readConfig(production).logFile).toBeUndefined();
});

describe('a wrong setting is one line that names it', () => {
  test.each([
    ['OPENBRANCH_MODE', 'staging'],
    ['OPENBRANCH_MODE', 'Production'],
    ['PORT', '-1'],
    ['PORT', '65536'],
    ['PORT', '80.5'],
    ['PORT', '0x50'],
    ['PORT', 'http'],
    ['HOST', 'two words'],
    ['HOST', 'http://localhost'],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['DATABASE_URL', 'not a url'],
    ['DATABASE_URL', 'postgres://u:100%@db.example/x'],
    ['OPENBRANCH_DATABASE_CONNECTIONS', '1'],
    ['OPENBRANCH_DATABASE_CONNECTIONS', '501'],
    ['OPENBRANCH_MASTER_KEY', 'short'],
    ['OPENBRANCH_MASTER_KEY', Buffer.alloc(33).toString('base64')],
    ['OPENBRANCH_MASTER_KEY', 'a'.repeat(64)],
    ['OPENBRANCH_PUBLIC_URL', 'api.example.org'],
    ['OPENBRANCH_PUBLIC_URL', 'ftp://api.example.org'],
    ['OPENBRANCH_PUBLIC_URL', 'https://api.example.org?x=1'],
    ['OPENBRANCH_PUBLIC_URL', 'https://api.example.org/#top'],
    ['OPENBRANCH_PUBLIC_URL', 'https://api.example.org?'],
    ['OPENBRANCH_PUBLIC_URL', 'https://user:word@api.example.org'],
    ['OPENBRANCH_DISCLOSURE_HOSTS', 'https://docs.example.org'],
    ['OPENBRANCH_DISCLOSURE_HOSTS', 'docs.example.org/terms'],
    ['OPENBRANCH_TRUSTED_PROXIES', 'proxy.example.org'],
    ['OPENBRANCH_TRUSTED_PROXIES', '10.0.0.0/x'],
    ['OPENBRANCH_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['OPENBRANCH_TRUSTED_PROXIES', '2001:db8::/129'],
    ['OPENBRANCH_TRUSTED_PROXIES', '10.0.0.0/8/9'],
    ['OPENBRANCH_TRUSTED_PROXIES', '10.0.0.1,,999.0.0.1'],
    ['OPENBRANCH_HASH_WORKERS', '0'],
    ['OPENBRANCH_HASH_WORKERS', '257'],
    ['OPENBRANCH_LOG_LEVEL', 'loud'],
  ])('%s=%s', (name, value) => {
    const problem = problemOf({ [name]: value });
    expect(problem).toContain(name);
    expect(problem).not.toContain('\n');
  });
});

describe('production mode', () => {
  test('names everything that is missing at once', () => {
    expect(problemOf({ OPENBRANCH_MODE: 'production' })).toBe(
      'Production mode needs DATABASE_URL, OPENBRANCH_MASTER_KEY, OPENBRANCH_PUBLIC_URL, OPENBRANCH_SMTP_URL, OPENBRANCH_MAIL_FROM: set them and start again.',
    );
  });

  test.each(['DATABASE_URL', 'OPENBRANCH_MASTER_KEY', 'OPENBRANCH_PUBLIC_URL', 'OPENBRANCH_SMTP_URL', 'OPENBRANCH_MAIL_FROM'])(
    'does not start without %s',
    (name) => {
      expect(problemOf({ ...production, [name]: '' })).toBe(`Production mode needs ${name}: set them and start again.`);
    },
  );

  test('shows no secret in what it says about a wrong setting', () => {
    const problem = problemOf({ ...production, OPENBRANCH_MASTER_KEY: 'c2VjcmV0LW9mLXRoZS1rZXk=' });
    expect(problem).not.toContain('c2VjcmV0');
    expect(problemOf({ ...production, DATABASE_URL: 'postgres://u:my-password%zz@db.example/x' })).not.toContain('my-password');
  });
});
