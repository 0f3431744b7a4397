import { setTimeout as wait } from 'node:timers/promises';
import { call, callToken, type LiveApplication, textIn } from '@openbranch/testkit/live-calls';
import { listenToInbox } from './listen-to-inbox.ts';
import type { RunningSandbox } from './start-sandbox.ts';

export interface Passcodes {
  /** From the call to the arrival in the inbox, one by one at 50 a second. */
  readonly steadyMs: readonly number[];
  /** With 16 callers that each wait for the arrival. */
  readonly perSecond: number;
}

const pauseMs = 20;
const steady = 500;
const burst = 640;
const callers = 16;

/** Sends passcodes by the API and listens to the inbox. Arrivals are told apart by their order only. */
export async function measurePasscodes(running: RunningSandbox): Promise<Passcodes> {
  const institution = running.sandbox.institutions[1];
  const application = institution?.applications[0];
  if (institution === undefined || application === undefined) throw new Error('The sandbox has no second institution.');
  await loosenLimits(running, institution.institutionId);
  const ask = await createAsk(running, institution, application);
  const arrivals: ((at: number) => void)[] = [];
  const listening = new AbortController();
  await listenToInbox(running, listening.signal, () => arrivals.shift()?.(performance.now()));
  const send = async (index: number): Promise<number> => {
    const startedAt = performance.now();
    const arrived = new Promise<number>((resolve) => arrivals.push(resolve));
    await ask(index);
    return (await arrived) - startedAt;
  };
  try {
    for (let index = 0; index < 20; index += 1) await send(index);
    const delays: Promise<number>[] = [];
    const firstAt = performance.now();
    for (let index = 0; index < steady; index += 1) {
      delays.push(send(index));
      await wait(Math.max(0, firstAt + (index + 1) * pauseMs - performance.now()));
    }
    const steadyMs = await Promise.all(delays);
    const startedAt = performance.now();
    const work = Array.from({ length: callers }, async (_, caller) => {
      for (let index = caller; index < burst; index += callers) await send(index);
    });
    await Promise.all(work);
    return { steadyMs, perSecond: burst / ((performance.now() - startedAt) / 1000) };
  } finally {
    listening.abort();
  }
}

/** Few customers get many passcodes here, which the rules exist to prevent. */
async function loosenLimits({ sandbox, baseUrl, onDatabase }: RunningSandbox, institutionId: string): Promise<void> {
  const passcodes = { resendSeconds: 0, sendsPerQuarterHour: 100, sendsPerDay: 100, lifetimeMinutes: 10 };
  const url = `${baseUrl}/sandbox/v1/institutions/${institutionId}/policies/passcodes`;
  await call(url, { method: 'PUT', headers: { 'x-sandbox-key': sandbox.sandboxKey }, json: passcodes });
  await onDatabase(async (sql) => {
    await sql`update applications set spike_per_second = 0`;
    await sql`
      insert into change_feed (topic, subject, expires_at)
      values ('applications_changed', 'all', clock_timestamp() + interval '1 minute')`;
    // A hundred a day is the most that a policy takes, and a test has to go beyond.
    await sql`
      create function forget_sends() returns trigger language plpgsql as $$ begin
        new.sent_at := new.sent_at - interval '2 days'; return new; end $$`;
    await sql`create trigger forget_sends before insert on password_resets for each row execute function forget_sends()`;
  });
  await wait(1500);
}

type Institution = RunningSandbox['sandbox']['institutions'][number];

/** A call that sends to one customer after another. */
async function createAsk({ baseUrl }: RunningSandbox, institution: Institution, application: LiveApplication) {
  const granted = await callToken(baseUrl, application, institution.institutionId, { grant_type: 'client_credentials' });
  const headers = { authorization: `Bearer ${textIn(granted, 'access_token')}` };
  const customers = institution.customers.filter(({ state }) => state !== 'onHold');
  const methods = await Promise.all(
    customers.map(async ({ customerId }) => {
      const answer = await call(`${baseUrl}/ux-users/v1/customers/${customerId}/contact-methods`, { headers });
      const list = answer.body?.['contactMethods'];
      return { customerId, contactMethodId: Array.isArray(list) ? String(list[0]?.id) : '' };
    }),
  );
  return async (index: number): Promise<void> => {
    const { customerId, contactMethodId } = methods[index % methods.length] ?? { customerId: '', contactMethodId: '' };
    const url = `${baseUrl}/v1/customers/${customerId}:reset-password`;
    const { status } = await call(url, { method: 'PUT', headers, json: { contactMethodId } });
    if (status !== 204) throw new Error(`A send was answered ${status}.`);
  };
}
