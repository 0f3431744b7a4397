import { randomUUID } from 'node:crypto';
import type { Sql } from '@openbranch/server/platform/db/database';
import type { Sandbox, TestApp } from './test-app.ts';
import { requestToken, requestTokenV1, tokensOf } from './token-calls.ts';

type Institution = Sandbox['institutions'][number];
export type Customer = Institution['customers'][number];
type Likeness = Partial<Pick<Customer, 'state' | 'role' | 'userType'>>;
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

interface Extra {
  /** Replaces or adds headers; undefined leaves one out. */
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
  readonly payload?: string | Buffer;
}

/** Calls a test app as the applications and customers of one seeded institution do. */
export type ApiCaller = ReturnType<typeof createApiCaller>;
export type Answer = Awaited<ReturnType<ApiCaller['call']>>;

/** For `prepare` of a test app: tests call faster than an application may. */
export async function withoutLimits(sql: Sql): Promise<void> {
  await sql`update applications set spike_per_second = 0, quota_per_day = 0`;
}

/** @param index Which of the seeded institutions. */
export function createApiCaller(app: TestApp, index = 0) {
  const institution = present(app.sandbox.institutions[index], `institution ${index}`);
  const { institutionId } = institution;
  const application = (name: 'partner' | 'mobile' | 'legacy') =>
    present(
      institution.applications.find((one) => one.name === `${name}-${institutionId}`),
      `application ${name}`,
    );
  const customers = (like: Likeness): Customer[] =>
    institution.customers.filter((one) =>
      (['state', 'role', 'userType'] as const).every((name) => like[name] === undefined || like[name] === one[name]),
    );

  const call = (method: Method, url: string, { headers = {}, payload }: Extra = {}) => {
    const sent = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
    return app.http.inject({ method, url, headers: Object.fromEntries(sent), ...(payload === undefined ? {} : { payload }) });
  };
  const signIn = (username: string, password: string) =>
    requestToken(app.http, application('mobile'), { grant_type: 'password', username, password }, { headers: { institutionId } });

  return {
    institution,
    institutionId,
    application,
    customers,
    /** The first seeded customer like this. */
    customer: (like: Likeness) => present(customers(like)[0], `customer ${JSON.stringify(like)}`),
    call,
    /** The V2 password grant of the mobile application. */
    signIn,
    /** The V1 password grant. */
    signInV1: (username: string, password: string) =>
      requestTokenV1(
        app.http,
        application('legacy'),
        { grant_type: 'password', username, password },
        { headers: { di_fiid: institutionId } },
      ),
    /** A V1 access token of the legacy application, or of a customer who signs in with it. */
    legacyToken: async (customer?: Customer) => {
      const form =
        customer === undefined
          ? { grant_type: 'client_credentials' }
          : { grant_type: 'password', username: customer.loginId, password: customer.password };
      const answer = await requestTokenV1(app.http, application('legacy'), form, { headers: { di_fiid: institutionId } });
      return present(/<access_token>([^<]+)</u.exec(answer.body)?.[1], 'V1 token');
    },
    /** An access token of the partner, with the given scopes or with all. */
    partnerToken: async (...scopes: string[]) => {
      const form = { grant_type: 'client_credentials', ...(scopes.length === 0 ? {} : { scopes: scopes.join(' ') }) };
      return (await tokensOf(requestToken(app.http, application('partner'), form, { headers: { institutionId } }))).accessToken;
    },
    userToken: async ({ loginId, password }: Customer) => (await tokensOf(signIn(loginId, password))).accessToken,
    /** With a bearer token and both trace headers. */
    withToken: (token: string, method: Method, url: string, { headers, ...extra }: Extra = {}) =>
      call(method, url, {
        headers: { authorization: `Bearer ${token}`, correlationId: randomUUID(), transactionId: randomUUID(), ...headers },
        ...extra,
      }),
    /** A call to the control of the sandbox; `path` is below the institution. */
    control: (method: Method, path: string, body?: object) =>
      call(method, `/sandbox/v1/institutions/${institutionId}${path}`, {
        headers: {
          'x-sandbox-key': app.sandbox.sandboxKey,
          'content-type': body === undefined ? undefined : 'application/json',
        },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      }),
  };
}

function present<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`The sandbox has no ${what}.`);
  return value;
}
