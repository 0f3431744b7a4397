import { randomUUID } from 'node:crypto';
import type { App } from '@openbranch/server/app';
import type { ApplicationKeys } from './test-application.ts';

/** Token calls as an application makes them; whatever a test wants otherwise it names. */

type Http = App['http'];
export type Form = Readonly<Record<string, string>>;

export interface CallChanges {
  readonly method?: 'GET' | 'POST' | 'DELETE' | 'PUT';
  readonly url?: string;
  /** Replaces or adds headers; undefined leaves one out, a list sends it several times. */
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
  readonly remoteAddress?: string;
}

/** The value of the header Authorization. */
export function basicAuthorization({ clientId, clientSecret }: ApplicationKeys): string {
  return `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
}

/** T1. @param form Fields, or the body as it is. */
export function requestToken(http: Http, keys: ApplicationKeys, form: Form | string, changes: CallChanges = {}) {
  return send(http, '/oauth2/v1/token', form, changes, {
    authorization: basicAuthorization(keys),
    transactionId: randomUUID(),
    institutionId: '00042',
  });
}

/** T2, by DELETE. */
export function revokeToken(http: Http, keys: ApplicationKeys, token: string, changes: CallChanges = {}) {
  return send(
    http,
    '/oauth2/v1/revoke',
    { token },
    { method: 'DELETE', ...changes },
    {
      authorization: basicAuthorization(keys),
      transactionId: randomUUID(),
    },
  );
}

/** RFC 7662. */
export function introspectToken(http: Http, keys: ApplicationKeys, token: string, changes: CallChanges = {}) {
  return send(http, '/oauth2/v1/introspect', { token }, changes, { authorization: basicAuthorization(keys) });
}

/** T5. */
export function requestTokenV1(http: Http, keys: ApplicationKeys, form: Form | string, changes: CallChanges = {}) {
  return send(http, '/v1/oauth/token', form, changes, {
    authorization: basicAuthorization(keys),
    di_tid: randomUUID(),
    di_fiid: '00042',
    'user-agent': 'Tests/1.0',
  });
}

function send(http: Http, url: string, form: Form | string, changes: CallChanges, usual: Readonly<Record<string, string>>) {
  const headers = new Map<string, string | string[]>(Object.entries(usual));
  headers.set('content-type', 'application/x-www-form-urlencoded');
  for (const [name, value] of Object.entries(changes.headers ?? {})) {
    for (const known of headers.keys()) if (known.toLowerCase() === name.toLowerCase()) headers.delete(known);
    if (value !== undefined) headers.set(name, value);
  }
  return http.inject({
    method: changes.method ?? 'POST',
    url: changes.url ?? url,
    headers: Object.fromEntries(headers),
    payload: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
    ...(changes.remoteAddress === undefined ? {} : { remoteAddress: changes.remoteAddress }),
  });
}

/** The pair that a good V2 token call answers; `refresh_token` is '' where there is none. */
export async function tokensOf(call: ReturnType<typeof requestToken>): Promise<{ accessToken: string; refreshToken: string }> {
  const answer = await call;
  if (answer.statusCode !== 200) throw new Error(`The token call answered ${answer.statusCode}: ${answer.body}`);
  const { access_token: accessToken, refresh_token: refreshToken = '' } = answer.json<{
    access_token: string;
    refresh_token?: string;
  }>();
  return { accessToken, refreshToken };
}

/** A resource call with a V2 token. By default about a user who is not there: 404 for a good token of an application. */
export function getUserStatus(http: Http, accessToken: string, institutionUserId = '0'.repeat(32)) {
  return http.inject({
    url: `/v1/user-status/${institutionUserId}?userIdType=INSTITUTION_USER_ID`,
    headers: { authorization: `Bearer ${accessToken}`, transactionId: randomUUID() },
  });
}

/** Whether a V2 token opens anything. */
export async function isAccepted(http: Http, accessToken: string): Promise<boolean> {
  return (await getUserStatus(http, accessToken)).statusCode !== 401;
}
