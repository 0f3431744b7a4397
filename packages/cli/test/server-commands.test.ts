import { access, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createLedger } from '@openbranch/server/core/index';
import { openDatabase, type Sql } from '@openbranch/server/platform/db/database';
import { eventually } from '@openbranch/testkit/eventually';
import { callToken, callUserStatus, type LiveApplication, textIn } from '@openbranch/testkit/live-calls';
import {
  type Ended,
  endProcess,
  makeDataDirectory,
  programs,
  type RunningProcess,
  readSandbox,
  runProgram,
  serverProcessId,
  startProgram,
  untilReady,
} from '@openbranch/testkit/server-process';
import type { Sandbox } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, expect, test } from 'vitest';

const institutionId = '00042';
const withinASecond = { deadlineMs: 1_000 };

let directory: Awaited<ReturnType<typeof makeDataDirectory>>;
let folder = '';
let dataDirectory = '';
let server: RunningProcess;
let sandbox: Sandbox;

// `openbranch serve` in a folder of its own, and every command in that folder, as a person would.
beforeAll(async () => {
  directory = await makeDataDirectory();
  folder = dirname(directory.path);
  dataDirectory = join(folder, '.openbranch');
  server = startProgram(programs.command, ['serve'], { PORT: '0' }, folder);
  await untilReady(server);
  sandbox = await readSandbox(dataDirectory);
});

afterAll(async () => {
  await endProcess(server);
  // Whatever a command has started and left is found and stopped by the next one.
  await runProgram(programs.command, ['audit', 'seal'], {}, folder);
  await directory.remove();
});

const run = (...args: readonly string[]): Promise<Ended> => runProgram(programs.command, args, {}, folder);

const done = async (...args: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await run(...args);
  if (code !== 0) throw new Error(`openbranch ${args.join(' ')} ended with ${code}: ${stdout}${stderr}`);
  return stdout;
};

const institution = () => {
  const found = sandbox.institutions.find((one) => one.institutionId === institutionId);
  if (found === undefined) throw new Error(`The sandbox lacks institution ${institutionId}.`);
  return found;
};

const tokenStatus = async (application: LiveApplication): Promise<number> =>
  (await callToken(sandbox.baseUrl, application, institutionId, { grant_type: 'client_credentials' })).status;

async function withDatabase<Value>(work: (sql: Sql) => Promise<Value>): Promise<Value> {
  const [, url = ''] = (await readFile(join(dataDirectory, 'postgres-connection'), 'utf8')).split('\n');
  const { sql, close } = await openDatabase({ url }, { maxConnections: 1, applicationName: 'test' });
  return work(sql).finally(close);
}

/** An account beside the seed's, with 12.34 on it. */
async function openAccount(sql: Sql): Promise<{ accountNumber: string; accountKey: bigint }> {
  const accountNumber = 'EXPORT-1';
  const [row] = await sql<{ account_key: bigint }[]>`
    with made as (
      insert into accounts (institution_id, account_number, account_type, category, fi_account_type, fi_raw_account_type, description, opened_on)
      values (${institutionId}, ${accountNumber}, 'CHECKING', 'DEPOSIT', 1, 1, 'Test', '2026-01-02') returning account_key
    ), balanced as (
      insert into account_balances (institution_id, account_key) select ${institutionId}, account_key from made
    )
    select account_key from made`;
  const accountKey = row?.account_key ?? 0n;
  const entry = { institutionId, kind: 'opening', bookedAt: new Date('2026-01-02T12:00:00Z'), transactionDate: '2026-01-02' };
  await sql.begin((tx) =>
    createLedger().post(tx, {
      ...entry,
      postings: [
        { account: { key: accountKey }, amountMinor: 1_234n, type: 'DEPOSIT' },
        { account: { internal: 'cash' }, amountMinor: -1_234n, type: 'DEPOSIT' },
      ],
    }),
  );
  return { accountNumber, accountKey };
}

const kindsIn = (sql: Sql, id: string) => sql<{ kind: string }[]>`
  select kind from activities where institution_id = ${id} and operation = any(${['keys rotate', 'applications create']}) order by 1`;

test('operations are commands: a locked user is seen, unlocked and seen again, with nothing but the sandbox file', {
  timeout: 180_000,
}, async () => {
  const locked = institution().customers.find(({ state }) => state === 'locked');
  const status = () =>
    done(
      'get-user-status',
      '--institution-user-id',
      locked?.institutionUserId ?? '',
      '--user-id-type',
      'INSTITUTION_USER_ID',
      '--json',
    );
  expect(JSON.parse(await status())).toMatchObject({ locked: true, additionalInfo: { failedLoginCount: 5 } });
  expect(await run('unlock-user', '--customer-id', locked?.customerId ?? '')).toMatchObject({ code: 0, stderr: 'done\n' });
  const unlocked = JSON.parse(await status());
  expect(unlocked).toMatchObject({ additionalInfo: { failedLoginCount: 0 } });
  expect(unlocked.locked).not.toBe(true);
});

test('the clock of the sandbox is advanced', async () => {
  expect(JSON.parse(await done('sandbox', 'clock', 'advance', '31m'))).toMatchObject({ institutionId, offsetSeconds: 1_860 });
  expect(JSON.parse(await done('sandbox', 'clock', 'get'))).toMatchObject({ offsetSeconds: 1_860 });
});

test('a registered application works at a running server within a second; its secrets overlap, and it can be switched off', {
  timeout: 180_000,
}, async () => {
  const create = [
    'applications',
    'create',
    '--name',
    'till',
    '--institution',
    institutionId,
    '--scope',
    'institution-users:read',
  ];
  const first: LiveApplication = JSON.parse(await done(...create));
  expect(first).toEqual({
    clientId: expect.stringMatching(/^[0-9A-Za-z]{48}$/u),
    clientSecret: expect.stringMatching(/^[0-9A-Za-z]{48}$/u),
  });
  expect(await eventually(async () => (await tokenStatus(first)) === 200, withinASecond)).toBe(true);

  const rotate = ['applications', 'rotate-secret', first.clientId];
  const second = JSON.parse(await done(...rotate, '--overlap', '1h'));
  expect(Date.parse(second.previousExpiresAt) - Date.now()).toBeGreaterThan(3_500_000);
  expect(await eventually(async () => (await tokenStatus(second)) === 200, withinASecond)).toBe(true);
  expect(await tokenStatus(first)).toBe(200);

  const third = JSON.parse(await done(...rotate, '--overlap', '0'));
  expect(await eventually(async () => (await tokenStatus(third)) === 200, withinASecond)).toBe(true);
  expect([await tokenStatus(first), await tokenStatus(second)]).toEqual([401, 401]);

  const list = await done('applications', 'list', '--table');
  expect(list).toMatch(new RegExp(`^till +${first.clientId} +enabled +00042 +v2 +client_credentials +1 `, 'mu'));
  for (const { clientSecret } of [first, second, third]) expect(list).not.toContain(clientSecret);

  expect(await done('applications', 'disable', first.clientId)).toBe('till is disabled.\n');
  expect(await eventually(async () => (await tokenStatus(third)) === 401, withinASecond)).toBe(true);
  expect(await done('applications', 'enable', first.clientId)).toBe('till is enabled.\n');
  expect(await eventually(async () => (await tokenStatus(third)) === 200, withinASecond)).toBe(true);
});

test('a new signing key is in the key set within a second, live tokens stay valid, and every institution is told', async () => {
  const [partner] = institution().applications;
  const [customer] = institution().customers;
  if (partner === undefined || customer === undefined) throw new Error('The sandbox is empty.');
  const granted = await callToken(sandbox.baseUrl, partner, institutionId, { grant_type: 'client_credentials' });
  const said = await done('keys', 'rotate');
  const [, newKey = 'none', activatesAt = ''] = /^New key (\S+): signs from (\S+)\.$/mu.exec(said) ?? [];
  const [, oldKey = 'none', retiresAt = ''] = /^Old key (\S+): verifies until (\S+)\.$/mu.exec(said) ?? [];
  expect(Date.parse(retiresAt) - Date.parse(activatesAt)).toBeGreaterThanOrEqual(29 * 86_400_000);
  const keySet = async () => (await fetch(`${sandbox.baseUrl}/.well-known/jwks.json`)).text();
  expect(await eventually(async () => (await keySet()).includes(newKey), withinASecond)).toBe(true);
  expect(await keySet()).toContain(oldKey);
  const status = await callUserStatus(sandbox.baseUrl, textIn(granted, 'access_token'), customer.institutionUserId);
  expect(status.status).toBe(200);
  for (const { institutionId: id } of sandbox.institutions) {
    const kinds = (await withDatabase((sql) => kindsIn(sql, id))).map(({ kind }) => kind);
    expect(kinds).toEqual(id === institutionId ? ['application_created', 'signing_key_rotated'] : ['signing_key_rotated']);
  }
});

test('a new institution and a new lock-out policy are known to a running server within a second', {
  timeout: 180_000,
}, async () => {
  expect(await done('institutions', 'create', '00123', '--name', 'Third Bank', '--time-zone', 'America/Denver')).toBe(
    'Institution 00123 is there.\n',
  );
  expect(await done('institutions', 'set-lockout', '00123', '--max-failed', '3', '--auto-unlock-minutes', '15')).toBe(
    'Institution 00123 locks a user after 3 failed sign-ins, for 15 minutes.\n',
  );
  const policy = async () => {
    const headers = { 'x-sandbox-key': sandbox.sandboxKey };
    return (await fetch(`${sandbox.baseUrl}/sandbox/v1/institutions/00123/policies/lockout`, { headers })).json();
  };
  const isKnown = async () => JSON.stringify(await policy()) === '{"maxFailed":3,"autoUnlockMinutes":15}';
  expect(await eventually(isKnown, withinASecond)).toBe(true);
  expect(await done('institutions', 'set-disclosures', '00123', '--required', 'IB', 'ESIGN', '--multi-statement', 'off')).toBe(
    'Institution 00123 wants IB, ESIGN accepted; statements are chosen once for the user.\n',
  );
  expect(await done('institutions', 'set-disclosures', '00123', '--required', 'none')).toContain('wants nothing accepted');
  expect(await run('institutions', 'create', '00123', '--name', 'Again')).toEqual({
    code: 1,
    stdout: '',
    stderr: 'openbranch: Institution 00123 is there already.\n',
  });
  expect(await done('institutions', 'list', '--table')).toMatch(/^00123 +Third Bank +America\/Denver +after 3 +after 15 min$/mu);
});

test('policies are shown and changed member by member, and limits set for a customer; the server knows within a second', {
  timeout: 180_000,
}, async () => {
  const shown = async () => JSON.parse(await done('institutions', 'show-policy', institutionId, 'moneyMovement'));
  const before = await shown();
  expect(before).toMatchObject({ transferLimitMinor: 0, recoveryHoldHours: 24, bankHolidays: [] });
  const set = (members: string) => done('institutions', 'set-policy', institutionId, 'moneyMovement', members);
  const first = { transferLimitMinor: 500_000, bankHolidays: ['2027-07-05'] };
  expect(JSON.parse(await set(JSON.stringify(first)))).toEqual({ ...before, ...first });
  await set('{"recoveryHoldHours": 48, "bankHolidays": null}');
  const changed = { ...before, transferLimitMinor: 500_000, recoveryHoldHours: 48 };
  expect(await shown()).toEqual(changed);
  const headers = { 'x-sandbox-key': sandbox.sandboxKey };
  const url = `${sandbox.baseUrl}/sandbox/v1/institutions/${institutionId}/policies/moneyMovement`;
  const isKnown = async () => JSON.stringify(await (await fetch(url, { headers })).json()) === JSON.stringify(changed);
  expect(await eventually(isKnown, withinASecond)).toBe(true);

  const customerId = institution().customers[0]?.customerId ?? '';
  const limits = (...options: string[]) => done('institutions', 'set-customer-limits', institutionId, customerId, ...options);
  expect(await limits('--transfer', '99.5', '--daily', '0')).toBe(
    `Customer ${customerId}: a transfer up to 99.50, a day without limit.\n`,
  );
  const rows = () =>
    withDatabase(
      (sql) => sql`
    select transfer_limit_minor, daily_limit_minor from customer_transfer_limits where customer_id = ${customerId}`,
    );
  expect(await rows()).toMatchObject([{ transfer_limit_minor: 9_950n, daily_limit_minor: 0n }]);
  expect(await limits()).toContain('a transfer as the institution has it, a day as the institution has it');
  expect(await rows()).toHaveLength(0);
  const log = await withDatabase(
    (sql) => sql<{ kind: string; details: object }[]>`
    select kind, details from activities where institution_id = ${institutionId}
      and operation in ('institutions set-policy', 'institutions set-customer-limits') order by occurred_at`,
  );
  expect(log).toMatchObject([
    { kind: 'institution_changed', details: { what: 'moneyMovement policy', transferLimitMinor: 500_000 } },
    { kind: 'institution_changed', details: { recoveryHoldHours: 48 } },
    { kind: 'transfer_limits_changed', details: { customerId, transferLimitMinor: '9950', dailyLimitMinor: '0' } },
    { kind: 'transfer_limits_changed', details: { customerId } },
  ]);
});

test.each([
  [['institutions', 'show-policy', '00042', 'wishes'], 2, 'there is no policy wishes, but lockout, credentials'],
  [['institutions', 'show-policy', '99999', 'lockout'], 1, 'There is no institution 99999: see'],
  [['institutions', 'set-policy', '00042', 'moneyMovement', '[1]'], 2, '<members> takes a JSON object'],
  [['institutions', 'set-policy', '00042', 'moneyMovement', '{"limit":1}'], 2, 'Policy moneyMovement takes currency'],
  [['institutions', 'set-policy', '00042', 'moneyMovement', '{"bankHolidays":["2027-7-5"]}'], 2, 'days of the form YYYY-MM-DD'],
  [['institutions', 'set-policy', '99999', 'moneyMovement', '{}'], 1, 'There is no institution 99999: see'],
  [['institutions', 'set-customer-limits', '00042', 'f'.repeat(32), '--daily', '1'], 1, 'Institution 00042 has no customer ffff'],
  [['institutions', 'set-customer-limits', '00042', 'f', '--daily', '1'], 2, 'a customer has an id of 32 hexadecimal digits'],
  [['institutions', 'set-customer-limits', '00042', 'f'.repeat(32), '--daily', '1.234'], 2, '--daily takes an amount like'],
  [
    ['applications', 'create', '--name', 'x', '--institution', '42', '--scope', 'all'],
    2,
    '--institution takes five digits, not 42',
  ],
  [['applications', 'create', '--name', 'x', '--institution', '00042', '--scope', 'nothing:read'], 2, 'not nothing:read'],
  [['applications', 'create', '--name', 'x', '--institution', '99999', '--scope', 'all'], 1, 'institutions 99999 is not there'],
  [['applications', 'rotate-secret', 'nobody', '--overlap', 'soon'], 2, '--overlap takes a whole number'],
  [['applications', 'rotate-secret', 'nobody'], 1, 'There is no application nobody: see openbranch applications list.'],
  [['institutions', 'set-lockout', '00042', '--max-failed', '11'], 2, '--max-failed takes a whole number from 3 to 10'],
  [['institutions', 'create', '00124', '--name', 'x', '--time-zone', 'Mars/Base'], 2, '--time-zone takes a name like'],
  [['audit', 'verify', '--institution', '99999'], 1, 'There is no institution 99999.'],
  [['ledger', 'verify', '--institution', '99999'], 1, 'There is no institution 99999.'],
  [['ledger', 'correct', 'x', '--reason', 'y', '--institution', '00042'], 2, 'an entry is a whole number, not x'],
  [['ledger', 'correct', '1', '--reason', ' ', '--institution', '00042'], 2, '--reason takes 1 to 80 printable ASCII'],
  [['ledger', 'correct', '1', '--reason', 'y', '--institution', '00042'], 1, 'There is no such entry.'],
  [['ledger', 'export', '--format', 'csv'], 2, '--format takes hledger, ofx, camt053, not csv'],
  [['ledger', 'export', '--format', 'ofx', '--from', '2026-02-30'], 2, '--from takes a day like 2026-03-31, not 2026-02-30'],
  [['ledger', 'export', '--format', 'ofx'], 2, '--institution is needed: there are several'],
  [['ledger', 'export', '--format', 'ofx', '--institution', '99999'], 1, 'There is no institution 99999.'],
  [['ledger', 'export', '--format', 'ofx', '--institution', '00042', '--account', 'nobodys'], 1, 'There is no such account.'],
])('what cannot be done is one line: %j ends with %i', async (args, code, said) => {
  const ended = await run(...args);
  expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(said) });
  expect(ended.stderr.trim().split('\n')).toHaveLength(1);
});

test('books are proven and exported; a wrong balance is named', async () => {
  const { accountNumber, accountKey } = await withDatabase(openAccount);
  expect(await done('ledger', 'verify', '--institution', institutionId)).toMatch(
    /^00042: in balance, [1-9]\d* entries, [1-9]\d* postings, [1-9]\d* accounts\n$/u,
  );
  const one = ['--institution', institutionId, '--account', accountNumber, '--from', '2026-01-01', '--to', '2026-12-31'];
  expect(await done('ledger', 'export', '--format', 'hledger', ...one)).toContain(
    `    liabilities:deposits:${accountNumber}  -12.34 USD  ; date:2026-01-02`,
  );
  expect(await done('ledger', 'export', '--format', 'camt053', ...one)).toMatch(/<\/Document>\n$/u);
  expect(await done('ledger', 'export', '--format', 'ofx', '--institution', institutionId)).toMatch(/<\/OFX>\n$/u);
  const told = await withDatabase(
    (sql) => sql`
    select details from activities where institution_id = ${institutionId} and kind = 'ledger_exported' order by activity_id`,
  );
  expect(told.map(({ details }) => details)).toEqual([
    { format: 'hledger', isOneAccount: true },
    { format: 'camt053', isOneAccount: true },
    { format: 'ofx', isOneAccount: false },
  ]);
  await withDatabase(
    (sql) => sql`
    update account_balances set ledger_minor = 1 where institution_id = ${institutionId} and account_key = ${accountKey}`,
  );
  const { code, stdout, stderr } = await run('ledger', 'verify');
  expect({ code, stderr }).toEqual({ code: 1, stderr: `openbranch: The books do not fit: institution ${institutionId}.\n` });
  expect(stdout).toContain(`00042: BROKEN at account ${accountKey}: its balance is 1, and its postings sum to 1234; `);
  await withDatabase(
    (sql) => sql`
    update account_balances set ledger_minor = 1234 where institution_id = ${institutionId} and account_key = ${accountKey}`,
  );
});

test('an entry that was a mistake is undone once, and the log tells of it', async () => {
  const entryId = await withDatabase(async (sql) => {
    const [row] = await sql<{ entry_id: bigint }[]>`
      select entry_id from postings where institution_id = ${institutionId} and transaction_type = 'PAYROLL_DEPOSIT'
        or institution_id = ${institutionId} and amount_minor > 0 order by entry_id limit 1`;
    return String(row?.entry_id);
  });
  const args = ['ledger', 'correct', entryId, '--reason', 'Booked twice', '--institution', institutionId];
  const said = await done(...args);
  expect(said).toMatch(new RegExp(`^00042: entry ${entryId} is undone by entry \\d+\n$`, 'u'));
  expect(await run(...args)).toMatchObject({ code: 1, stderr: 'openbranch: The entry is undone already.\n' });
  const correctionId = /(\d+)\n$/u.exec(said)?.[1];
  const [told] = await withDatabase(
    (sql) => sql`select details from activities where institution_id = ${institutionId} and kind = 'ledger_corrected'`,
  );
  expect(told).toEqual({ details: { entryId, correctionId } });
});

test('messages that were given up are listed and queued again', { timeout: 180_000 }, async () => {
  const messageId = '0b6c1d0e-6c5e-4a0e-9d56-0f4a6d3f6a11';
  await withDatabase(async (sql) => {
    await sql`
      insert into messages (institution_id, message_id, channel, template, locale, content_sealed, recipient_index, status,
        attempts, queued_at, finished_at, failure)
      values (${institutionId}, ${messageId}, 'EMAIL', 'welcome', 'en', '\\x01', '\\x01', 'dead', 20, clock_timestamp(),
        clock_timestamp(), 'smtp_550')`;
  });
  expect(JSON.parse(await done('delivery', 'dead-letters', '--institution', institutionId))).toMatchObject([
    { institutionId, messageId, channel: 'EMAIL', template: 'welcome', attempts: 20, reason: 'smtp_550', canBeRetried: true },
  ]);
  expect(await done('delivery', 'dead-letters', '--table')).toMatch(new RegExp(`${messageId} .* smtp_550 +yes`, 'u'));
  expect(await done('delivery', 'retry', '--institution', institutionId, '--message', messageId)).toBe('Queued again: 1.\n');
  expect(await run('delivery', 'retry', '--institution', '99999')).toMatchObject({
    code: 1,
    stderr: 'openbranch: There is no institution 99999.\n',
  });
  expect((await run('delivery', 'retry', '--institution', institutionId, '--message', 'x')).code).toBe(2);
});

test('an intact log verifies, and a changed row is named', async () => {
  await done('audit', 'seal');
  expect(await done('audit', 'verify', '--institution', institutionId)).toMatch(
    /^00042: intact, [1-9]\d* rows in [1-9]\d* batches, /u,
  );
  const row = await withDatabase(async (sql) => {
    const [first] = await sql<{ id: string }[]>`
      update activities set details = details || '{"reason":"none"}' where institution_id = ${institutionId} and activity_id =
        (select min(activity_id) from activities where institution_id = ${institutionId} and kind = 'user_unlocked')
      returning activity_id::text as id`;
    return first?.id;
  });
  const { code, stdout, stderr } = await run('audit', 'verify');
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `openbranch: The activity log is broken: institution ${institutionId}.\n`,
  });
  expect(stdout).toContain(`00042: BROKEN at row ${row}: the row was changed`);
  expect(stdout).toMatch(/^00077: intact, /mu);
});

test('where no database is, nothing is made and the data directory is named', async () => {
  const elsewhere = join(folder, 'elsewhere');
  await mkdir(elsewhere);
  const ended = await runProgram(programs.command, ['keys', 'rotate'], {}, elsewhere);
  expect(ended).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining(`no database in ${elsewhere}/.openbranch`),
  });
  await expect(access(join(elsewhere, '.openbranch'))).rejects.toThrow('ENOENT');
});

test('commands work after a server that was killed, also two at once, and leave nothing running', async () => {
  process.kill(await serverProcessId(dataDirectory), 'SIGKILL');
  await server.ended;
  const [list, seal] = await Promise.all([done('institutions', 'list', '--json'), done('audit', 'seal')]);
  expect(JSON.parse(list)).toHaveLength(3);
  expect(seal).toMatch(/^Sealed \d+ rows of 3 institutions\.$/mu);
  await expect(access(join(dataDirectory, 'postgres', 'data', 'postmaster.pid'))).rejects.toThrow('ENOENT');
  expect(await done('migrate')).toBe('The database is up to date.\n');
});
