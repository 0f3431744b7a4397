import { Agent, request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import type { BenchOptions } from './bench-options.ts';
import { loadCore, serverCore } from './cores.ts';
import { median, percentile } from './figures.ts';
import type { PreparedRequest } from './http-request.ts';
import { pinPostgres } from './pin-postgres.ts';
import { type PreparedInstitution, prepareInstitution } from './prepared-institution.ts';
import { renderTable } from './render-table.ts';
import { startOpenbranch } from './start-openbranch.ts';
import { signInRequest } from './token-request.ts';

const lockedUsers = 100;
const largestDifferenceMs = 5;

/** Makes the request of a pair. */
type Case = { readonly name: string; readonly request: (pair: number) => PreparedRequest };

/** An unknown user, a wrong password and a locked user look alike, in what is answered and in how long that takes. */
export async function benchIdenticalAnswers({ pairs, profileFolder }: BenchOptions): Promise<string> {
  // Of the users, each is tried with a wrong password once only, so that nobody gets locked on the way.
  const institution = await prepareInstitution(lockedUsers + 2 * pairs);
  pinPostgres(institution, loadCore);
  try {
    await lockFirstUsers(institution);
    const server = await startOpenbranch(institution, serverCore, profileFolder);
    try {
      const login = (index: number) => institution.users[index]?.loginName ?? '';
      const unknown = { name: 'unknown user', request: (pair: number) => signInRequest(`nobody${pair}`, 'wrong password') };
      const locked = {
        name: 'locked user',
        request: (pair: number) => signInRequest(login(pair % lockedUsers), 'wrong password'),
      };
      const wrong = (first: number): Case => ({
        name: 'wrong password',
        request: (pair) => signInRequest(login(first + pair), 'wrong password'),
      });
      const rows = [
        await comparePairs(server.baseUrl, unknown, wrong(lockedUsers), pairs),
        await comparePairs(server.baseUrl, locked, wrong(lockedUsers + pairs), pairs),
      ];
      return renderRows(rows, pairs);
    } finally {
      await server.stop();
    }
  } finally {
    await institution.remove();
  }
}

async function lockFirstUsers({ database, users }: PreparedInstitution): Promise<void> {
  const ids = users.slice(0, lockedUsers).map(({ institutionUserId }) => institutionUserId);
  await database.sql`
    update credentials set is_locked = true, locked_at = clock_timestamp(), lock_reason = 'FAILED_LOGINS', failed_login_count = 5
    where institution_user_id = any(${ids})`;
}

interface PairFigures {
  readonly left: string;
  readonly right: string;
  readonly leftMs: readonly number[];
  readonly rightMs: readonly number[];
  /** Status, headers and body, without the date. */
  readonly answers: ReadonlySet<string>;
}

/** Sends one after the other, alone on the server, and in every second pair the other one first. */
async function comparePairs(baseUrl: string, left: Case, right: Case, pairs: number): Promise<PairFigures> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const timesMs = new Map<Case, number[]>([
    [left, []],
    [right, []],
  ]);
  const answers = new Set<string>();
  for (let pair = 0; pair < pairs; pair += 1) {
    for (const one of pair % 2 === 0 ? [left, right] : [right, left]) {
      const startedAt = performance.now();
      const answer = await answerTo(baseUrl, one.request(pair), agent);
      timesMs.get(one)?.push(performance.now() - startedAt);
      answers.add(answer);
    }
    if ((pair + 1) % 250 === 0) console.log(`  ${left.name} and ${right.name}: ${pair + 1} of ${pairs} pairs`);
  }
  agent.destroy();
  return { left: left.name, right: right.name, leftMs: timesMs.get(left) ?? [], rightMs: timesMs.get(right) ?? [], answers };
}

function answerTo(baseUrl: string, { method, path, headers, body }: PreparedRequest, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${baseUrl}${path}`, { method, headers, agent }, (response) => {
      const shown = response.rawHeaders.filter((_, index, all) => !/^date$/i.test(all[index - (index % 2)] ?? ''));
      text(response).then((answer) => resolve([response.statusCode, ...shown, answer].join('\n')), reject);
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

function renderRows(rows: readonly PairFigures[], pairs: number): string {
  const ms = (value: number) => `${value.toFixed(2)} ms`;
  const table = renderTable(
    ['', `median of ${pairs}`, '95th percentile', 'other one', 'its median', '95th percentile', 'difference of the medians'],
    rows.map(({ left, right, leftMs, rightMs }) => [
      left,
      ms(median(leftMs)),
      ms(percentile(leftMs, 0.95)),
      right,
      ms(median(rightMs)),
      ms(percentile(rightMs, 0.95)),
      ms(Math.abs(median(leftMs) - median(rightMs))),
    ]),
  );
  const answers = new Set(rows.flatMap((row) => [...row.answers]));
  const largest = Math.max(...rows.map(({ leftMs, rightMs }) => Math.abs(median(leftMs) - median(rightMs))));
  return [
    table,
    '',
    `Different answers (status, headers and body, without the date): ${answers.size}${answers.size === 1 ? ', as it must be' : ' - MISSED, must be 1'}.`,
    `Goal of less than ${largestDifferenceMs} ms between medians: ${largest < largestDifferenceMs ? 'met' : 'MISSED'}, ${ms(largest)}.`,
  ].join('\n');
}
