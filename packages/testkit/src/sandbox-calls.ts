import type { TestApp } from './test-app.ts';

/** Control of a test app's sandbox through its own routes. */

export async function setSwitch(app: TestApp, institutionId: string, key: string, value: string | boolean): Promise<void> {
  await control(app, 'PUT', `/sandbox/v1/institutions/${institutionId}/switches/${key}`, { value });
}

export async function advanceClock(app: TestApp, institutionId: string, seconds: number): Promise<void> {
  await control(app, 'POST', `/sandbox/v1/institutions/${institutionId}/clock:advance`, { seconds });
}

/** @param now ISO 8601. */
export async function setClock(app: TestApp, institutionId: string, now: string): Promise<void> {
  await control(app, 'PUT', `/sandbox/v1/institutions/${institutionId}/clock`, { now });
}

/** Runs `work` while a switch has another value, then puts the default back. */
export async function withSwitch(
  app: TestApp,
  institutionId: string,
  key: string,
  [value, defaultValue]: readonly [string | boolean, string | boolean],
  work: () => Promise<void>,
): Promise<void> {
  await setSwitch(app, institutionId, key, value);
  try {
    await work();
  } finally {
    await setSwitch(app, institutionId, key, defaultValue);
  }
}

async function control(app: TestApp, method: 'PUT' | 'POST', url: string, payload: object): Promise<void> {
  const answer = await app.http.inject({ method, url, payload, headers: { 'x-sandbox-key': app.sandbox.sandboxKey } });
  if (answer.statusCode !== 200) throw new Error(`${method} ${url} answered ${answer.statusCode}: ${answer.body}`);
}
