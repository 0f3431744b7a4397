import type { ApiCaller, Customer } from './api-caller.ts';
import { setSwitch } from './sandbox-calls.ts';
import type { TestApp } from './test-app.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

interface Extra {
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
  readonly query?: Readonly<Record<string, string>>;
}

/** Calls on recipients and transfers with the token of an application, for one user each. */
export type MoneyCalls = ReturnType<typeof createMoneyCalls>;

export function createMoneyCalls(api: ApiCaller, token: string) {
  const call = (customer: Pick<Customer, 'loginId'>, method: Method, path: string, body: unknown, extra: Extra = {}) => {
    const query = new URLSearchParams({ loginId: customer.loginId, ...extra.query }).toString();
    const isJson = body !== undefined && typeof body !== 'string';
    return api.withToken(token, method, `${path}?${query}`, {
      headers: { ...(isJson && { 'content-type': 'application/json' }), ...extra.headers },
      ...(body !== undefined && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  };
  return {
    call,
    transfer: (customer: Customer, body: unknown, extra?: Extra) => call(customer, 'POST', '/v1/transfers', body, extra),
    recipients: (customer: Customer, method: Method, id: string, body?: unknown, extra?: Extra) =>
      call(customer, method, `/v1/recipients${id === '' ? '' : `/${id}`}`, body, extra),
  };
}

/** Changes the policy of money movement, as an administrator of the database would, and tells the program. */
export async function setMoneyPolicy(
  app: TestApp,
  institutionId: string,
  policy: Readonly<Record<string, unknown>>,
): Promise<void> {
  const stored = JSON.stringify({ moneyMovement: policy });
  await app.database.sql`
    update institutions set policies = policies || ${stored}::text::jsonb where institution_id = ${institutionId}`;
  // Any change that is announced makes every process read the institution again.
  await setSwitch(app, institutionId, 'debug.rules', false);
}

/** Runs `work` while the policy differs from the default. */
export async function withMoneyPolicy(
  app: TestApp,
  institutionId: string,
  policy: Readonly<Record<string, unknown>>,
  work: () => Promise<void>,
): Promise<void> {
  await setMoneyPolicy(app, institutionId, policy);
  try {
    await work();
  } finally {
    await setMoneyPolicy(app, institutionId, {});
  }
}
