import {
  endProcess,
  makeDataDirectory,
  programs,
  readSandbox,
  runProgram,
  startProgram,
  untilReady,
} from '@openbranch/testkit/server-process';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** The command as a person runs it, beside a server that runs. */

let directory: Awaited<ReturnType<typeof makeDataDirectory>>;
let server: ReturnType<typeof startProgram>;

beforeAll(async () => {
  directory = await makeDataDirectory();
  server = startProgram(programs.npmStart, [], { PORT: '0', OPENBRANCH_DATA_DIR: directory.path });
  await untilReady(server);
});
afterAll(async () => {
  await endProcess(server);
  await directory.remove();
});

const openbranch = (...words: string[]) => runProgram(programs.command, words, { OPENBRANCH_DATA_DIR: directory.path });

test('a fresh sandbox has accounts, and its ledger is in balance', async () => {
  const sandbox = await readSandbox(directory.path);
  expect(sandbox.institutions.map(({ customers }) => customers[0]?.accounts.length)).toEqual([9, 9]);
  const verified = await openbranch('ledger', 'verify');
  expect([verified.code, verified.stdout]).toEqual([0, expect.stringMatching(/00042: in balance, 1[0-9]{4} entries/u)]);
});

test('openbranch sandbox load fills an institution, says how far it is, and leaves the ledger in balance', async () => {
  const { code, stdout, stderr } = await openbranch('sandbox', 'load', '--customers', '40', '--transactions', '5');
  expect([code, stderr]).toEqual([0, expect.stringContaining('40 of 40 customers')]);
  expect(JSON.parse(stdout)).toMatchObject({ institutionId: '00900', customers: 40, added: 40 });
  const verified = await openbranch('ledger', 'verify', '--institution', '00900');
  expect([verified.code, verified.stdout]).toEqual([0, expect.stringContaining('00900: in balance, 40 entries, 240 postings')]);
});

test('openbranch sandbox load says in a line what it does not take', async () => {
  const wrong = await openbranch('sandbox', 'load', '--customers', '0');
  expect([wrong.code, wrong.stderr]).toEqual([2, 'openbranch: --customers takes a whole number from 1 to 100000000\n']);
});
