import { randomUUID } from 'node:crypto';
import type { ApiCaller } from './api-caller.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
export type MessagingCall = ReturnType<typeof createMessagingCall>;

/** Calls with a V1 token: `<…` is sent as XML, an object as JSON. */
export function createMessagingCall(api: ApiCaller, token: string) {
  return (
    method: Method,
    url: string,
    body?: string | object,
    headers: Readonly<Record<string, string | string[] | undefined>> = {},
  ) =>
    api.call(method, url, {
      headers: {
        authorization: `Bearer ${token}`,
        di_tid: randomUUID(),
        'content-type': body === undefined ? undefined : typeof body === 'string' ? 'application/xml' : 'application/json',
        ...headers,
      },
      ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
}
