import type { ApiCaller, Customer } from './api-caller.ts';

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
