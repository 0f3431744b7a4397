import type { BenchOptions } from './bench-options.ts';
import { formatNumber, median, percentile } from './figures.ts';
import { measurePasscodes, type Passcodes } from './passcodes.ts';
import { renderTable } from './render-table.ts';
import { startSandbox } from './start-sandbox.ts';

const largestDifferenceMs = 5;
const largestDelayMs = 250;
/** The first pairs warm up. */
const unmeasured = 20;

/**
 * Password recovery from outside, on a fresh sandbox: what a stranger can tell of login names that somebody has and that
 * nobody has, and how fast passcodes come into the inbox.
 */
export async function benchRecovery({ pairs }: BenchOptions): Promise<string> {
  const running = await startSandbox();
  try {
    const institution = running.sandbox.institutions[0];
    const compared: Compared[] = [];
    for (const [path, fields] of [
      ['/recover/send', { channel: 'SMS' }],
      ['/recover/verify', { passcode: '000000' }],
    ] as const) {
      const logins = institution?.customers.map(({ loginId }) => loginId) ?? [];
      const form = { institution: institution?.institutionId ?? '', ...fields };
      compared.push(await compareStrangers({ baseUrl: running.baseUrl, path, form, logins, pairs }));
    }
    return `${renderCompared(compared, pairs)}\n\n${renderPasscodes(await measurePasscodes(running))}`;
  } finally {
    await running.stop();
  }
}

interface Strangers {
  readonly baseUrl: string;
  readonly path: string;
  readonly form: Readonly<Record<string, string>>;
  readonly logins: readonly string[];
  readonly pairs: number;
}

interface Compared {
  readonly path: string;
  readonly knownMs: readonly number[];
  readonly unknownMs: readonly number[];
  /** Pairs whose status, headers or body differ, but for the login name and the date. */
  readonly differences: number;
}

async function compareStrangers({ baseUrl, path, form, logins, pairs }: Strangers): Promise<Compared> {
  const timesMs: Readonly<Record<'known' | 'unknown', number[]>> = { known: [], unknown: [] };
  let differences = 0;
  for (let pair = 0; pair < pairs + unmeasured; pair += 1) {
    const known = logins[pair % logins.length] ?? '';
    const names = { known, unknown: `${known.slice(0, -2)}${60 + (pair % 40)}` };
    const seen = new Set<string>();
    for (const kind of pair % 2 === 0 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const)) {
      const startedAt = performance.now();
      const answer = await fetch(`${baseUrl}${path}`, {
        method: 'POST',
        // Each pair comes from an address of its own: limits of an address are not what is measured.
        headers: { 'x-forwarded-for': `10.0.${pair >> 8}.${pair & 255}` },
        body: new URLSearchParams({ ...form, loginName: names[kind] }),
      });
      const body = await answer.text();
      const tookMs = performance.now() - startedAt;
      if (answer.status === 429) throw new Error('The limit of an address was measured, and not the page.');
      if (pair >= unmeasured) timesMs[kind].push(tookMs);
      const headers = [...answer.headers].filter(([name]) => name !== 'date');
      seen.add(JSON.stringify([answer.status, headers, body.replaceAll(names[kind], 'LOGIN')]));
    }
    if (seen.size !== 1) differences += 1;
    if ((pair + 1) % 250 === 0) console.log(`  ${path}: ${pair + 1} of ${pairs + unmeasured} pairs`);
  }
  return { path, knownMs: timesMs.known, unknownMs: timesMs.unknown, differences };
}

function renderCompared(compared: readonly Compared[], pairs: number): string {
  const ms = (value: number) => `${value.toFixed(2)} ms`;
  const gapOf = ({ knownMs, unknownMs }: Compared) => Math.abs(median(knownMs) - median(unknownMs));
  const table = renderTable(
    ['form', `known: median of ${pairs}`, '95th percentile', 'unknown: median', '95th percentile', 'difference of the medians'],
    compared.map((one) => [
      one.path,
      ms(median(one.knownMs)),
      ms(percentile(one.knownMs, 0.95)),
      ms(median(one.unknownMs)),
      ms(percentile(one.unknownMs, 0.95)),
      ms(gapOf(one)),
    ]),
  );
  const differences = compared.reduce((sum, one) => sum + one.differences, 0);
  const largest = Math.max(...compared.map(gapOf));
  return [
    table,
    '',
    `Pairs that differ in status, headers or body: ${differences}${differences === 0 ? ', as it must be' : ' - MISSED, must be 0'}.`,
    `Goal of less than ${largestDifferenceMs} ms between medians: ${largest < largestDifferenceMs ? 'met' : 'MISSED'}, ${ms(largest)}.`,
  ].join('\n');
}

function renderPasscodes({ steadyMs, perSecond }: Passcodes): string {
  const slow = percentile(steadyMs, 0.95);
  const table = renderTable(
    ['passcodes', 'median', '95th percentile', 'worst'],
    [
      [
        'at 50 a second, from the call to the inbox',
        `${formatNumber(median(steadyMs))} ms`,
        `${formatNumber(slow)} ms`,
        `${formatNumber(Math.max(...steadyMs))} ms`,
      ],
    ],
  );
  return [
    table,
    '',
    `As fast as it goes, 16 at a time: ${formatNumber(perSecond)} a second from the call to the inbox.`,
    `Goal of less than ${largestDelayMs} ms at the 95th percentile: ${slow < largestDelayMs ? 'met' : 'MISSED'}, ${formatNumber(slow)} ms.`,
  ].join('\n');
}
