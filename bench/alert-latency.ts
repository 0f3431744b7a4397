import { setTimeout as wait } from 'node:timers/promises';
import { call, callToken, callTransfer, textIn } from '@openbranch/testkit/live-calls';
import { formatNumber, median, percentile } from './figures.ts';
import { listenToInbox } from './listen-to-inbox.ts';
import { type RunningSandbox, startSandbox } from './start-sandbox.ts';

const transfers = 500;
/** The first ones warm up. */
const unmeasured = 20;
const largestDelayMs = 1000;

/**
 * Transfers that each cross a threshold, one after the other: from the call until the stream of the inbox tells of the
 * alert. Down is a low balance and up a high one, so that every transfer is told of once.
 */
export async function benchAlertLatency(): Promise<string> {
  const running = await startSandbox();
  const listening = new AbortController();
  try {
    const transfer = await prepare(running);
    let arrived: (at: number) => void = () => undefined;
    await listenToInbox(running, listening.signal, () => arrived(performance.now()));
    const timesMs: { call: number; alert: number }[] = [];
    for (let index = 0; index < transfers + unmeasured; index += 1) {
      const told = new Promise<number>((resolve) => (arrived = resolve));
      const startedAt = performance.now();
      await transfer(index % 2 === 0);
      const answeredAt = performance.now();
      const one = { call: answeredAt - startedAt, alert: (await told) - startedAt };
      if (index >= unmeasured) timesMs.push(one);
    }
    return render(timesMs);
  } finally {
    listening.abort();
    await running.stop();
  }
}

/** @returns A transfer of the first customer from the checking account to the savings account, or back. */
async function prepare(running: RunningSandbox): Promise<(isDown: boolean) => Promise<void>> {
  const { baseUrl, sandbox } = running;
  await liftLimits(running);
  const institution = sandbox.institutions[0];
  const application = institution?.applications[0];
  const customer = institution?.customers[0];
  const [checking, savings] = ['CHECKING', 'SAVINGS'].map((type) => customer?.accounts.find((one) => one.type === type));
  if (institution === undefined || application === undefined || customer === undefined || checking === undefined)
    throw new Error('The sandbox has no first customer with a checking account.');
  const granted = await callToken(baseUrl, application, institution.institutionId, { grant_type: 'client_credentials' });
  const token = textIn(granted, 'access_token');
  const threshold = Math.floor(Number(checking.available));
  for (const [alertTypeName, comparator] of [
    ['LOW_BALANCE', 'LT'],
    ['HIGH_BALANCE', 'GE'],
  ]) {
    const { status } = await call(`${baseUrl}/v1/alert-preferences?loginId=${customer.loginId}`, {
      headers: { authorization: `Bearer ${token}` },
      json: {
        alertOpted: true,
        alertPreferenceDetails: { alertTypeName, channelTypeName: 'SMS' },
        alertPreferenceAccountDetails: { accountId: checking.accountId },
        additionalInfo: { threshold, comparator },
      },
    });
    if (status !== 201) throw new Error(`A preference was answered ${status}.`);
  }
  return async (isDown) => {
    const [from, to] = isDown ? [checking, savings] : [savings, checking];
    const json = {
      fromAccountHolderId: customer.customerId,
      fromAccountId: from?.accountId,
      toAccountId: to?.accountId,
      amount: { amount: 1 },
    };
    const { status } = await callTransfer(baseUrl, token, customer.loginId, { json });
    if (status !== 200) throw new Error(`A transfer was answered ${status}.`);
  };
}

/** Not what is measured: how many calls and transfers one customer may make. */
async function liftLimits({ onDatabase }: RunningSandbox): Promise<void> {
  await onDatabase(async (sql) => {
    await sql`update applications set spike_per_second = 0, quota_per_day = 0`;
    await sql`
      insert into change_feed (topic, subject, expires_at)
      values ('applications_changed', 'all', clock_timestamp() + interval '1 minute')`;
  });
  await wait(1500);
}

function render(timesMs: readonly { readonly call: number; readonly alert: number }[]): string {
  const line = (what: string, values: readonly number[]): string =>
    `| ${what} | ${formatNumber(median(values))} | ${formatNumber(percentile(values, 0.95))} | ${formatNumber(Math.max(...values))} |`;
  const alerts = timesMs.map(({ alert }) => alert);
  const isMet = percentile(alerts, 0.95) < largestDelayMs;
  return [
    `| ms, ${timesMs.length} transfers | median | 95th percentile | most |`,
    '| --- | --- | --- | --- |',
    line(
      'until the transfer is answered',
      timesMs.map((one) => one.call),
    ),
    line('until the inbox tells of the alert', alerts),
    '',
    `95th percentile under ${largestDelayMs} ms: ${isMet ? 'met' : 'missed'}.`,
  ].join('\n');
}
