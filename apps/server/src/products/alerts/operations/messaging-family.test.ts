import { randomUUID } from 'node:crypto';
import type { Operation } from '@openbranch/contract/operation';
import { operations } from '@openbranch/contract/operations';
import { type ApiCaller, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { changeApplication } from '@openbranch/testkit/change-application';
import { eventually } from '@openbranch/testkit/eventually';
import { createMessagingCall, type MessagingCall } from '@openbranch/testkit/messaging-call';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let call: MessagingCall;
let token: string;
let asCustomer: MessagingCall;
let own: string;
const nobody = '0'.repeat(32);

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits });
  api = createApiCaller(app);
  token = await api.legacyToken();
  call = createMessagingCall(api, token);
  const person = api.customer({ state: 'active', userType: 'RETAIL', role: 'PRIMARY' });
  own = person.customerId;
  asCustomer = createMessagingCall(api, await api.legacyToken(person));
});
afterAll(() => app.close());

/** Bodies that pass, so that what comes after them is reached. */
const goodBodies: Readonly<Record<string, string>> = {
  sendCustomerEvent: '<Events><Event><eventType>ANY</eventType></Event></Events>',
  createDestinations:
    '<destinations><destination><protocol>EMAIL</protocol><contactInfo>a@example.com</contactInfo></destination></destinations>',
  updateDestinations: '<destinations><destination><id>1</id></destination></destinations>',
  createSubscription: '<Subscription><eventTypeId>ANY</eventTypeId></Subscription>',
  updateSubscription: '<Subscription><id>1</id></Subscription>',
};

/** Every operation of the family NCH, at each of its paths. */
const messaging = Object.values(operations).filter((one: Operation) => one.family.name === 'NCH');
const forms = messaging.flatMap((operation: Operation) =>
  [operation.path, ...(operation.aliases ?? [])].map((path) => ({
    id: operation.id,
    method: operation.method,
    path,
    body: operation.bodyFormat === undefined ? undefined : goodBodies[operation.id],
  })),
);
type Form = (typeof forms)[number];
type Headers = Readonly<Record<string, string | string[] | undefined>>;

function urlOf({ path }: Pick<Form, 'path'>, places: Readonly<Record<string, string>> = {}): string {
  const all: Readonly<Record<string, string>> = {
    di_fiid: api.institutionId,
    di_ficustomer: own,
    product_id: 'DIGITAL',
    notification_app_id: 'ALERTS',
    ...places,
  };
  return path.replace(/\{(\w+)\}/gu, (_whole, name: string) => all[name] ?? '1');
}
const send = (form: Form, headers: Headers = {}, places = {}, by = call) =>
  by(form.method, urlOf(form, places), form.body, headers);

test('all of L25 to L36 are here, single deletion at its path too', () => {
  expect(messaging).toHaveLength(12);
});

describe.each(forms)('$method $path', (form) => {
  test('401 90001: no token, no bearer token, an unknown one, one of V2, another institution', async () => {
    const v2 = await api.partnerToken();
    expect(await refusalOf(send(form, { authorization: undefined }))).toEqual([401, '90001']);
    expect(await refusalOf(send(form, { authorization: 'Basic abc' }))).toEqual([401, '90001']);
    expect(await refusalOf(send(form, { authorization: 'Bearer nonsense' }))).toEqual([401, '90001']);
    expect(await refusalOf(send(form, { authorization: `Bearer ${v2}` }))).toEqual([401, '90001']);
    const other = await send(form, {}, { di_fiid: '99999' });
    expect([other.statusCode, other.body]).toEqual([401, expect.stringContaining('di_fiid not authorized')]);
  });

  test('401 90001: the token of a customer reaches no other one, known or not, and that comes before its headers', async () => {
    const strangers = form.path.includes('{di_ficustomer}')
      ? [nobody, 'x', api.customers({ state: 'active' })[1]?.customerId]
      : [own];
    for (const di_ficustomer of strangers) {
      const refused = await send(form, { di_tid: undefined }, { di_ficustomer }, asCustomer);
      if (form.path.includes('{di_ficustomer}'))
        expect([refused.statusCode, refused.body]).toEqual([401, expect.stringContaining('di_ficustomer not authorized')]);
      expect(await refusalOf(send(form, {}, { di_ficustomer }, asCustomer))).toEqual([401, '90001']);
    }
  });

  test('400 400: the headers', async () => {
    expect(await refusalOf(send(form, { di_tid: undefined }))).toEqual([400, '400']);
    expect(await refusalOf(send(form, { di_tid: 'no uuid' }))).toEqual([400, '400']);
    expect(await refusalOf(send(form, { 'x-long': 'x'.repeat(8200) }))).toEqual([400, '400']);
    expect(await refusalOf(send(form, { 'x-odd': 'é' }))).toEqual([400, '400']);
    expect(await refusalOf(send(form, { originating_ip: 'nowhere' }))).toEqual([400, '400']);
  });

  test('the trace id is echoed, and errors are an ErrorResponse in XML whatever Accept says', async () => {
    const di_tid = randomUUID();
    const answer = await send(form, { di_tid, accept: 'application/json' }, { di_fiid: '99999' });
    expect(answer.headers).toMatchObject({ di_tid, 'content-type': 'application/xml; charset=utf-8' });
    expect(answer.body).toMatch(/<ErrorResponse><code>90001<\/code><message>[^<]+<\/message><\/ErrorResponse>/u);
  });
});

describe.each(forms.filter(({ path }) => path.includes('{di_ficustomer}')))('$method $path', (form) => {
  test('404 404: a customer that nobody knows, one of another institution, and something that is no customer', async () => {
    const theirs = createApiCaller(app, 1).customer({ state: 'active' }).customerId;
    for (const di_ficustomer of [nobody, theirs, 'x', `${own}0`])
      expect(await refusalOf(send(form, {}, { di_ficustomer }))).toEqual([404, '404']);
  });

  test('a customer is known in capitals too, and by a token of its own', async () => {
    for (const by of [call, asCustomer]) {
      const answer = await send(form, {}, { di_ficustomer: own.toUpperCase() }, by);
      expect(answer.statusCode).not.toBe(401);
      expect(answer.body).not.toContain('no such customer');
    }
  });
});

const withBody = forms.filter(({ body }) => body !== undefined);
describe.each(withBody)('$method $path', (form) => {
  test('400 400: a body that is missing, malformed, of another media type, too large, or has a DTD or an entity', async () => {
    const sendBody = (body: string, type = 'application/xml') =>
      refusalOf(call(form.method, urlOf(form), body, { 'content-type': type }));
    const bomb =
      '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Events><Event><eventType>&b;</eventType></Event></Events>';
    for (const body of ['', '<a>', 'nothing', bomb, '<a>&undefined;</a>', '<a/>', '<a>é</a>', `<a>${'x'.repeat(70_000)}</a>`])
      expect([body.slice(0, 20), ...(await sendBody(body))]).toEqual([body.slice(0, 20), 400, '400']);
    expect(await sendBody('{}', 'application/json')).toEqual([400, '400']);
    expect(await sendBody('['.repeat(60_000), 'application/json')).toEqual([400, '400']);
    expect(await sendBody(form.body ?? '', 'text/plain')).toEqual([400, '400']);
  });

  test('400 400: a mebibyte of nesting is not even read', async () => {
    expect(await refusalOf(call(form.method, urlOf(form), '<a>'.repeat(349_525)))).toEqual([400, '400']);
  });
});

test('403 90002: a path below the V1 messaging products that is none', async () => {
  expect(await refusalOf(call('GET', `/subscriptions/v1/fis/${api.institutionId}/nothing`))).toEqual([403, '90002']);
});

test('500 91000 and 500 92000: quota and spike of the application', async () => {
  const { clientId } = api.application('legacy');
  const list = () => refusalOf(call('GET', `/subscriptions/v1/fis/${api.institutionId}/subscriptions`));
  await changeApplication(app, clientId, { spike_per_second: 1 });
  await eventually(async () => expect(await list()).toEqual([500, '92000']));
  await changeApplication(app, clientId, { spike_per_second: 0, quota_per_day: 1 });
  await eventually(async () => expect(await list()).toEqual([500, '91000']));
});
