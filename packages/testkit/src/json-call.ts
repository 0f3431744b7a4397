import type { Answer, ApiCaller } from './api-caller.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Calls with a bearer token and a JSON body, for operations that take one. */
export type JsonCall = (
  method: Method,
  url: string,
  body?: unknown,
  headers?: Readonly<Record<string, string | undefined>>,
) => Promise<Answer>;

export function createJsonCall(api: ApiCaller, token: string): JsonCall {
  return (method, url, body, headers = {}) =>
    api.withToken(token, method, url, {
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
}
