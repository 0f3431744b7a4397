import { randomUUID } from 'node:crypto';

/** Calls to a server in a process of its own, over the network and without retries. */

export interface LiveApplication {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface LiveAnswer {
  readonly status: number;
  /** The parsed body; undefined when there is none. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
  readonly traceId: string;
  /** It is the stored answer of an earlier call. */
  readonly isReplay: boolean;
}

export interface LiveCall {
  readonly method?: string;
  /** Default: a new one. */
  readonly traceId?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
  readonly json?: object;
  /** Hangs up. */
  readonly signal?: AbortSignal;
}

/** @throws Error when the connection is refused or lost. */
export async function call(
  url: string,
  { method, traceId = randomUUID(), headers, form, json, signal }: LiveCall,
): Promise<LiveAnswer> {
  const body = form !== undefined ? new URLSearchParams(form) : json !== undefined ? JSON.stringify(json) : null;
  const answer = await fetch(url, {
    method: method ?? (body === null ? 'GET' : 'POST'),
    headers: {
      transactionId: traceId,
      correlationId: traceId,
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    body,
    ...(signal !== undefined && { signal }),
  });
  const text = await answer.text();
  const isReplay = answer.headers.get('x-replayed') === 'true';
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text), traceId, isReplay };
}

export function basicAuthorization({ clientId, clientSecret }: LiveApplication): string {
  return `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
}

/** T1 for the institution. */
export function callToken(
  baseUrl: string,
  application: LiveApplication,
  institutionId: string,
  form: Readonly<Record<string, string>>,
): Promise<LiveAnswer> {
  return call(`${baseUrl}/oauth2/v1/token`, {
    headers: { authorization: basicAuthorization(application), institutionId },
    form,
  });
}

/** T2. */
export function callRevoke(baseUrl: string, application: LiveApplication, token: string): Promise<LiveAnswer> {
  const headers = { authorization: basicAuthorization(application) };
  return call(`${baseUrl}/oauth2/v1/revoke`, { method: 'DELETE', headers, form: { token } });
}

/** U9, by the id of the user. */
export function callUserStatus(baseUrl: string, token: string, institutionUserId: string): Promise<LiveAnswer> {
  const url = `${baseUrl}/v1/user-status/${institutionUserId}?userIdType=INSTITUTION_USER_ID`;
  return call(url, { headers: { authorization: `Bearer ${token}` } });
}

/** U4. */
export function callUnlock(baseUrl: string, token: string, customerId: string): Promise<LiveAnswer> {
  const url = `${baseUrl}/v1/customers/${customerId}:unlock-user`;
  return call(url, { method: 'PUT', headers: { authorization: `Bearer ${token}` } });
}

/** M6, for the user with that login name. */
export function callTransfer(
  baseUrl: string,
  token: string,
  loginId: string,
  transfer: Pick<LiveCall, 'traceId' | 'json' | 'signal'>,
): Promise<LiveAnswer> {
  const headers = { authorization: `Bearer ${token}` };
  return call(`${baseUrl}/v1/transfers?loginId=${loginId}`, { ...transfer, headers });
}

/** A text of an answer's body; empty when there is none. */
export function textIn({ body }: LiveAnswer, name: string): string {
  const value = body?.[name];
  return typeof value === 'string' ? value : '';
}
