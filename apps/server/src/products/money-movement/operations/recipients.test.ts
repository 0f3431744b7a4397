import { randomUUID } from 'node:crypto';
import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { withPolicies } from '@openbranch/testkit/change-policies';
import { eventually } from '@openbranch/testkit/eventually';
import { createMoneyCalls, type MoneyCalls } from '@openbranch/testkit/money-calls';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { withSwitch } from '@openbranch/testkit/sandbox-calls';
import { createTestAccounts, type OpenedAccount, type TestAccounts } from '@openbranch/testkit/test-accounts';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { listActivities } from '@openbranch/testkit/user-state';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let token: string;
let calls: MoneyCalls;
let accounts: TestAccounts;
let owner: Customer;
let other: Customer;
let payee: Customer;
let sender: OpenedAccount;
let target: OpenedAccount;
let nextNumber = 1;

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits });
  api = createApiCaller(app);
  token = await api.partnerToken();
  calls = createMoneyCalls(api, token);
  accounts = createTestAccounts(app, api.institutionId);
  [owner, other, payee] = threeOf(api.customers({ userType: 'RETAIL', role: 'PRIMARY', state: 'active' }));
  sender = await accounts.open(owner.memberNumber);
  target = await accounts.open(payee.memberNumber);
  await app.database.sql`
    update core_members set last_name = 'O''Hara' where institution_id = ${api.institutionId} and member_number = ${payee.memberNumber}`;
});
afterAll(() => app.close());

function threeOf([one, two, three]: readonly Customer[]): [Customer, Customer, Customer] {
  if (one === undefined || two === undefined || three === undefined) throw new Error('The sandbox has too few customers.');
  return [one, two, three];
}

const create = (body: unknown, extra?: Parameters<MoneyCalls['recipients']>[4], customer = owner) =>
  calls.recipients(customer, 'POST', '', body, extra);
const get = (id: string, customer = owner) => calls.recipients(customer, 'GET', id);
const put = (id: string, body: unknown, query: Record<string, string> = {}) =>
  calls.recipients(owner, 'PUT', id, body, { query });
/** A payee that nobody has saved yet. */
const fresh = (over: object = {}) => {
  nextNumber += 1;
  return {
    memberNumber: '900001',
    accountNumber: `70000${nextNumber}`,
    accountType: 'CHECKING',
    nickName: `Nick ${nextNumber}`,
    ...over,
  };
};
const saved = async (over: object = {}): Promise<{ id: string; nickName: string; accountNumber: string }> =>
  (await create(fresh(over))).json().recipients[0];
/** The payee that the core knows. */
const real = (over: object = {}) => ({
  memberNumber: payee.memberNumber,
  accountNumber: target.accountNumber,
  accountType: 'CHECKING',
  passCode: 'oha',
  ...over,
});
const validate = (body: object, query: Record<string, string> = { fromAccountId: sender.accountId }) =>
  create(body, { query: { validate: 'true', ...query } });

test('a recipient is created, listed, read, renamed and deleted; then it is REC_14004', async () => {
  const body = { ...fresh(), passCode: 'abc', email: 'land.lord@example.com', fullName: 'Lana Lord' };
  const created = await create(body);
  expect([created.statusCode, created.headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
  const [recipient] = created.json().recipients;
  expect(recipient).toEqual({
    ...body,
    id: expect.stringMatching(/^[0-9A-F]{32}$/u),
    institutionId: api.institutionId,
    institutionCustomerId: owner.customerId,
  });
  expect((await get('')).json().recipients.at(-1)).toEqual(recipient);
  expect((await get(recipient.id)).json()).toEqual({ recipients: [recipient] });
  const renamed = await put(recipient.id, { id: recipient.id, nickName: 'Another name' });
  expect(renamed.json()).toEqual({ recipients: [{ ...recipient, nickName: 'Another name' }] });
  expect((await get(recipient.id)).json().recipients[0].nickName).toBe('Another name');
  const deleted = await calls.recipients(owner, 'DELETE', recipient.id);
  expect([deleted.statusCode, deleted.body]).toEqual([204, '']);
  expect(await refusalOf(get(recipient.id))).toEqual([400, 'REC_14004']);
  const kinds = (
    await listActivities(app.database.sql, { institutionId: api.institutionId, institutionUserId: owner.institutionUserId })
  ).map(({ kind }) => kind);
  expect(kinds).toEqual(expect.arrayContaining(['recipient_created', 'recipient_changed', 'recipient_deleted']));
});

test('a user without recipients gets an empty list', async () => {
  const answer = await calls.recipients(payee, 'GET', '');
  expect([answer.statusCode, answer.json()]).toEqual([200, { recipients: [] }]);
});

test('recipients are listed in the order in which they were saved, and every alias answers the same', async () => {
  const first = await saved();
  const second = await saved();
  const ids = (await get('')).json().recipients.map(({ id }: { id: string }) => id);
  expect(ids.slice(-2)).toEqual([first.id, second.id]);
  const query = `?loginId=${owner.loginId}`;
  for (const path of ['/db-recipients/v1/recipients', '/digitalbanking/v1/recipients'])
    expect((await api.withToken(token, 'GET', path + query)).json().recipients).toHaveLength(ids.length);
});

test('passcode, e-mail and full name are unreadable in the database', async () => {
  const { id } = await saved({ passCode: 'Zanzibar', email: 'secret@example.com', fullName: 'Known To Nobody' });
  const [row] = await app.database.sql`select to_jsonb(r)::text as text from recipients r where recipient_id = ${id}`;
  for (const secret of ['Zanzibar', 'secret@example.com', 'Known To Nobody']) expect(row?.['text']).not.toContain(secret);
});

describe('duplicates', () => {
  test('the same payee again is 400 REC_13001, also with another nickname; another owner may save it', async () => {
    const body = fresh();
    await create(body);
    expect(await refusalOf(create({ ...body, nickName: 'Something else' }))).toEqual([400, 'REC_13001']);
    expect(await refusalOf(create(body))).toEqual([400, 'REC_13001']);
    expect((await create(body, {}, other)).statusCode).toBe(200);
  });

  test('a nickname in other letters is 400 REC_13002, at creation and at a change; its own is none', async () => {
    const one = await saved({ nickName: 'The Landlord' });
    expect(await refusalOf(create(fresh({ nickName: 'the landLORD' })))).toEqual([400, 'REC_13002']);
    const two = await saved();
    expect(await refusalOf(put(two.id, { nickName: 'THE LANDLORD' }))).toEqual([400, 'REC_13002']);
    expect(await refusalOf(put(two.id, { accountNumber: one.accountNumber }))).toEqual([400, 'REC_13001']);
    expect((await put(one.id, { nickName: 'the landlord' })).statusCode).toBe(200);
  });

  test('of twenty equal calls at once one saves', async () => {
    const body = fresh();
    const answers = await Promise.all(Array.from({ length: 20 }, () => create(body)));
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
    expect(answers.filter((answer) => answer.body.includes('REC_13001'))).toHaveLength(19);
  });
});

describe('validation', () => {
  test('without the account of the sender it is 400 REC_12013', async () => {
    expect(await refusalOf(validate(real(), {}))).toEqual([400, 'REC_12013']);
    expect(await refusalOf(validate(real(), { fromAccountId: ' ' }))).toEqual([400, 'REC_12013']);
  });

  test('an account that is not the sender’s, or takes no transfers out, is 400 REC_10007', async () => {
    const foreign = await accounts.open(other.memberNumber);
    const shut = await accounts.open(owner.memberNumber, { may_transfer_from: false });
    for (const fromAccountId of [foreign.accountId, shut.accountId, 'nonsense'])
      expect(await refusalOf(validate(real(), { fromAccountId }))).toEqual([400, 'REC_10007']);
  });

  test('an unknown member is 400 REC_10005', async () => {
    expect(await refusalOf(validate(real({ memberNumber: '404404' })))).toEqual([400, 'REC_10005']);
  });

  test('an account that is unknown, of another type, somebody else’s, closed or without transfers in is 400 REC_10007', async () => {
    const closed = await accounts.open(payee.memberNumber, { closed_on: '2026-01-01' });
    const shut = await accounts.open(payee.memberNumber, { may_transfer_to: false });
    const excluded = await accounts.open(payee.memberNumber, { transfer_restriction: 'EXCLUDE_AS_TO' });
    for (const over of [
      { accountNumber: '404' },
      { accountType: 'SAVINGS' },
      { accountNumber: sender.accountNumber },
      { accountNumber: closed.accountNumber },
      { accountNumber: shut.accountNumber },
      { accountNumber: excluded.accountNumber },
    ])
      expect(await refusalOf(validate(real(over)))).toEqual([400, 'REC_10007']);
  });

  test('a wrong passcode is 400 REC_10006; letters count, upper and lower case alike', async () => {
    expect(await refusalOf(validate(real({ passCode: 'oh' })))).toEqual([400, 'REC_10006']);
    expect(await refusalOf(validate(real({ passCode: 'xyz' })))).toEqual([400, 'REC_10006']);
    expect((await validate(real({ passCode: 'OHA' }))).statusCode).toBe(200);
  });

  test('a good one is saved with a nickname and only echoed without', async () => {
    const count = async () => (await get('')).json().recipients.length;
    const before = await count();
    const echoed = await validate(real());
    expect(echoed.json().recipients).toEqual([
      { ...real(), institutionId: api.institutionId, institutionCustomerId: owner.customerId },
    ]);
    expect(await count()).toBe(before);
    const kept = await validate(real({ nickName: 'Validated' }));
    expect(kept.json().recipients[0].id).toMatch(/^[0-9A-F]{32}$/u);
    expect(await count()).toBe(before + 1);
    await calls.recipients(owner, 'DELETE', kept.json().recipients[0].id);
  });

  test('switch MM-S5 saves every validated recipient, or none', async () => {
    const count = async () => (await get('')).json().recipients.length;
    const before = await count();
    const key = 'recipients.validate';
    await withSwitch(app, api.institutionId, key, ['never save', 'save if nickName'], async () => {
      expect((await validate(real({ nickName: 'Never' }))).statusCode).toBe(200);
      expect(await count()).toBe(before);
    });
    await withSwitch(app, api.institutionId, key, ['always save', 'save if nickName'], async () => {
      const { id } = (await validate(real())).json().recipients[0];
      expect(await count()).toBe(before + 1);
      await calls.recipients(owner, 'DELETE', id);
    });
  });

  test('a change of the account is validated only when the sender’s account is named', async () => {
    const { id } = await saved();
    expect((await put(id, { accountNumber: '123' })).statusCode).toBe(200);
    const query = { fromAccountId: sender.accountId };
    expect(await refusalOf(put(id, { accountNumber: '1234' }, query))).toEqual([400, 'REC_10005']);
    expect(await refusalOf(put(id, real({ passCode: 'no' }), query))).toEqual([400, 'REC_10006']);
    expect((await put(id, real(), query)).json().recipients[0]).toMatchObject(real());
    expect((await put(id, { email: 'a@example.com' }, query)).statusCode).toBe(200);
    await calls.recipients(owner, 'DELETE', id);
  });
});

describe('fields', () => {
  test.each(['memberNumber', 'accountNumber', 'accountType', 'nickName'])('without %s it is 400 REC_12004', async (name) => {
    expect(await refusalOf(create(fresh({ [name]: undefined })))).toEqual([400, 'REC_12004']);
    expect(await refusalOf(create(fresh({ [name]: '  ' })))).toEqual([400, 'REC_12004']);
  });

  test('a field that is no text is 400 REC_12004, and so is a missing passcode in a validation', async () => {
    expect(await refusalOf(create(fresh({ nickName: { a: 1 } })))).toEqual([400, 'REC_12004']);
    expect(await refusalOf(create(fresh({ email: true })))).toEqual([400, 'REC_12004']);
    expect(await refusalOf(validate(real({ passCode: undefined })))).toEqual([400, 'REC_12004']);
  });

  test('digits may come as JSON numbers', async () => {
    const { accountNumber } = fresh();
    const answer = await create(fresh({ memberNumber: 900_001, accountNumber: Number(accountNumber) }));
    expect(answer.json().recipients[0]).toMatchObject({ memberNumber: '900001', accountNumber });
  });

  test('a blank needed field of a change is 400 REC_12004; a blank optional one is cleared', async () => {
    const { id } = await saved({ email: 'x@example.com', fullName: 'Somebody' });
    for (const name of ['memberNumber', 'accountNumber', 'accountType', 'nickName'])
      expect(await refusalOf(put(id, { [name]: '' }))).toEqual([400, 'REC_12004']);
    const [cleared] = (await put(id, { email: '', fullName: ' ' })).json().recipients;
    expect([cleared.email, cleared.fullName]).toEqual([undefined, undefined]);
  });

  test.each([
    ['memberNumber', 16],
    ['accountNumber', 32],
    ['passCode', 32],
    ['nickName', 40],
    ['fullName', 80],
  ])('%s of more than %i characters is 400 REC_12011', async (name, most) => {
    expect(await refusalOf(create(fresh({ [name]: '7'.repeat(most + 1) })))).toEqual([400, 'REC_12011']);
    expect((await create(fresh({ [name]: String(nextNumber).padStart(most, '7') }))).statusCode).toBe(200);
  });

  test('an e-mail address of more than 64 characters is 400 REC_12011, one of another form 400 REC_12009', async () => {
    expect(await refusalOf(create(fresh({ email: `${'a'.repeat(60)}@b.org` })))).toEqual([400, 'REC_12011']);
    for (const email of ['nobody', 'a@b', 'a b@c.org', '@c.org', 'a@c..org'])
      expect(await refusalOf(create(fresh({ email })))).toEqual([400, 'REC_12009']);
  });

  test('a type of account that is unknown or not allowed is 400 REC_12012', async () => {
    for (const accountType of ['TRUST', 'checking', 'MORTGAGE_LOAN'])
      expect(await refusalOf(create(fresh({ accountType })))).toEqual([400, 'REC_12012']);
    expect(await refusalOf(put((await saved()).id, { accountType: 'TRUST' }))).toEqual([400, 'REC_12012']);
  });

  test('an id in the body that is not that of the path is 400 REC_12010', async () => {
    const { id } = await saved();
    expect(await refusalOf(put(id, { id: '0'.repeat(32), nickName: 'New' }))).toEqual([400, 'REC_12010']);
    expect(await refusalOf(put('0'.repeat(32), { id, nickName: 'New' }))).toEqual([400, 'REC_12010']);
  });

  test('a blank id in the path is 400 REC_12006', async () => {
    for (const method of ['GET', 'PUT', 'DELETE'] as const)
      expect(await refusalOf(calls.recipients(owner, method, '%20', method === 'PUT' ? {} : undefined))).toEqual([
        400,
        'REC_12006',
      ]);
  });
});

describe('the institution', () => {
  test('without a type of provider answers 400 REC_12007, with an unknown one 400 REC_12008', async () => {
    await withPolicies(app, api.institutionId, { moneyMovement: { recipientProvider: '' } }, async () => {
      expect(await refusalOf(create(fresh()))).toEqual([400, 'REC_12007']);
    });
    await withPolicies(app, api.institutionId, { moneyMovement: { recipientProvider: 'SOMETHING' } }, async () => {
      expect(await refusalOf(create(fresh()))).toEqual([400, 'REC_12008']);
    });
  });

  test('that derives fields refuses them as 400 REC_12015, and fills them in', async () => {
    await withPolicies(app, api.institutionId, { moneyMovement: { recipientProvider: 'NONGENERIC' } }, async () => {
      for (const field of [{ memberNumber: '1' }, { accountType: 'CHECKING' }, { fullName: 'Name' }])
        expect(await refusalOf(create({ accountNumber: '1', nickName: 'n', ...field }))).toEqual([400, 'REC_12015']);
      const body = { accountNumber: target.accountNumber, passCode: 'OHA', nickName: 'Derived' };
      const [recipient] = (await validate(body)).json().recipients;
      expect(recipient).toMatchObject({ ...body, memberNumber: payee.memberNumber, accountType: 'CHECKING' });
      expect(await refusalOf(validate({ ...body, accountNumber: '404' }))).toEqual([400, 'REC_10007']);
      await calls.recipients(owner, 'DELETE', recipient.id);
    });
  });

  test('may want a passcode always (MM-S8), and shorter or longer nicknames (MM-S11)', async () => {
    await withSwitch(app, api.institutionId, 'recipients.passcode', ['required', 'optional'], async () => {
      expect(await refusalOf(create(fresh()))).toEqual([400, 'REC_12004']);
    });
    await withSwitch(app, api.institutionId, 'recipients.nickname_max', ['20', '40'], async () => {
      expect(await refusalOf(create(fresh({ nickName: 'n'.repeat(21) })))).toEqual([400, 'REC_12011']);
    });
    await withSwitch(app, api.institutionId, 'recipients.nickname_max', ['64', '40'], async () => {
      expect((await create(fresh({ nickName: 'n'.repeat(64) }))).statusCode).toBe(200);
    });
  });

  test('may want other forms of the answer: MM-S2, MM-S3 and MM-S4', async () => {
    const { id, accountNumber } = await saved({ passCode: 'abc' });
    const one = async () => (await get(id)).json();
    await withSwitch(app, api.institutionId, 'recipients.list_key', ['Recipients', 'recipients'], async () => {
      expect(Object.keys(await one())).toEqual(['Recipients']);
    });
    await withSwitch(app, api.institutionId, 'recipients.list_key', ['both', 'recipients'], async () => {
      expect(Object.keys(await one())).toEqual(['recipients', 'Recipients']);
    });
    await withSwitch(app, api.institutionId, 'recipients.single_form', ['bare', 'list'], async () => {
      expect(await one()).toMatchObject({ id, accountNumber });
      expect((await get('')).json().recipients.length).toBeGreaterThan(0);
    });
    await withSwitch(app, api.institutionId, 'recipients.mask', [true, false], async () => {
      expect((await one()).recipients[0]).toMatchObject({
        passCode: '***',
        accountNumber: accountNumber.slice(-4).padStart(accountNumber.length, '*'),
      });
    });
  });
});

describe('who may', () => {
  test('another owner’s recipient is as unknown as one that never was: 400 REC_14004', async () => {
    const { id } = await saved();
    for (const method of ['GET', 'PUT', 'DELETE'] as const) {
      const body = method === 'PUT' ? { nickName: 'Mine now' } : undefined;
      const theirs = await calls.recipients(other, method, id, body);
      const none = await calls.recipients(other, method, 'F'.repeat(32), body);
      expect(await refusalOf(Promise.resolve(theirs))).toEqual([400, 'REC_14004']);
      expect(theirs.body).toBe(none.body);
    }
    expect((await get(id)).statusCode).toBe(200);
  });

  test('a user’s own token needs no user, may name its own, and no other: 403 REC_11003', async () => {
    const own = await api.userToken(owner);
    expect((await api.withToken(own, 'GET', '/v1/recipients')).statusCode).toBe(200);
    expect((await api.withToken(own, 'GET', `/v1/recipients?hostUserId=${owner.memberNumber}`)).statusCode).toBe(200);
    expect(await refusalOf(api.withToken(own, 'GET', `/v1/recipients?loginId=${other.loginId}`))).toEqual([403, 'REC_11003']);
    expect(await refusalOf(api.withToken(own, 'GET', '/v1/recipients?loginId=nobody.at.all'))).toEqual([403, 'REC_11003']);
  });

  test('a token without the scope is 403 REC_11003', async () => {
    const reader = await api.partnerToken('recipients:read');
    const path = `/v1/recipients?loginId=${owner.loginId}`;
    expect((await api.withToken(reader, 'GET', path)).statusCode).toBe(200);
    expect(await refusalOf(api.withToken(reader, 'POST', path))).toEqual([403, 'REC_11003']);
    const writer = await api.partnerToken('recipients:write');
    const { id } = await saved();
    expect(await refusalOf(api.withToken(writer, 'DELETE', `/v1/recipients/${id}?loginId=${owner.loginId}`))).toEqual([
      403,
      'REC_11003',
    ]);
  });

  test('no token is 401 REC_11001, an unknown one 401 REC_11002, another institution’s header 400 REC_11004', async () => {
    const path = `/v1/recipients?loginId=${owner.loginId}`;
    expect(await refusalOf(api.call('GET', path, { headers: { transactionId: randomUUID() } }))).toEqual([401, 'REC_11001']);
    expect(await refusalOf(api.withToken('nonsense', 'GET', path))).toEqual([401, 'REC_11002']);
    expect(await refusalOf(api.withToken(token, 'GET', path, { headers: { institutionId: '00077' } }))).toEqual([
      400,
      'REC_11004',
    ]);
  });

  test('no user, two, or a blank one is 400 REC_10009; an unknown one 400 REC_10005; a strange validate 400 REC_10009', async () => {
    const list = (query: string) => refusalOf(api.withToken(token, 'GET', `/v1/recipients${query}`));
    expect(await list('')).toEqual([400, 'REC_10009']);
    expect(await list(`?loginId=${owner.loginId}&hostUserId=${owner.memberNumber}`)).toEqual([400, 'REC_10009']);
    expect(await list('?loginId=%20')).toEqual([400, 'REC_10009']);
    expect(await list(`?loginId=a&loginId=b`)).toEqual([400, 'REC_10009']);
    expect(await list('?loginId=nobody.at.all')).toEqual([400, 'REC_10005']);
    expect(await refusalOf(create(fresh(), { query: { validate: 'maybe' } }))).toEqual([400, 'REC_10009']);
  });
});

describe('headers and bodies', () => {
  const path = () => `/v1/recipients?loginId=${owner.loginId}`;
  const withHeaders = (headers: Record<string, string | undefined>) =>
    refusalOf(api.withToken(token, 'GET', path(), { headers }));

  test('no transactionId is 400 REC_12002, a long one 400 REC_12003, long headers and callingAppId 400 REC_12014', async () => {
    expect(await withHeaders({ transactionId: undefined })).toEqual([400, 'REC_12002']);
    expect(await withHeaders({ transactionId: 'x'.repeat(65) })).toEqual([400, 'REC_12003']);
    expect(await withHeaders({ callingAppId: 'x'.repeat(65) })).toEqual([400, 'REC_12014']);
    expect(await withHeaders({ 'x-long': 'x'.repeat(9000) })).toEqual([400, 'REC_12014']);
  });

  test('characters outside printable ASCII are 400 REC_12001, in the query and in the body', async () => {
    expect(await refusalOf(api.withToken(token, 'GET', `${path()}&x=%C3%BC`))).toEqual([400, 'REC_12001']);
    expect(await refusalOf(create(fresh({ nickName: 'Müller' })))).toEqual([400, 'REC_12001']);
  });

  test('no body is 400 REC_12005; what is not JSON 400 REC_99997; the user comes first', async () => {
    const json = { headers: { 'content-type': 'application/json' } };
    expect(await refusalOf(create('', json))).toEqual([400, 'REC_12005']);
    expect(await refusalOf(create(undefined))).toEqual([400, 'REC_12005']);
    for (const body of ['{', '[]', '"text"']) expect(await refusalOf(create(body, json))).toEqual([400, 'REC_99997']);
    expect(await refusalOf(create('<a/>', { headers: { 'content-type': 'application/xml' } }))).toEqual([400, 'REC_99997']);
    expect(await refusalOf(create(`{"nickName":"${'x'.repeat(1_100_000)}"}`, json))).toEqual([400, 'REC_99997']);
    expect(await refusalOf(create('{', { ...json, query: { loginId: 'nobody.at.all' } }))).toEqual([400, 'REC_10005']);
  });

  test('XML is answered to whoever prefers it, errors too', async () => {
    const { id } = await saved({ nickName: 'Smith & Sons' });
    const xml = { headers: { accept: 'application/xml' } };
    const answer = await calls.recipients(owner, 'GET', id, undefined, xml);
    expect(answer.headers['content-type']).toBe('application/xml; charset=utf-8');
    expect(answer.body).toContain(`<Recipients>\n    <recipients>\n        <id>${id}</id>`);
    expect(answer.body).toContain('<nickName>Smith &amp; Sons</nickName>');
    const refused = await calls.recipients(owner, 'GET', 'F'.repeat(32), undefined, xml);
    expect(refused.headers['content-type']).toBe('application/xml; charset=utf-8');
    expect(refused.body).toContain('<ErrorResponse><code>REC_14004</code>');
    const both = await calls.recipients(owner, 'GET', id, undefined, { headers: { accept: 'application/xml;q=0.5, */*' } });
    expect(both.headers['content-type']).toContain('application/json');
  });
});

test('a creation that is sent again saves nothing and answers the same', async () => {
  const transactionId = randomUUID();
  const body = fresh();
  const first = await create(body, { headers: { transactionId } });
  const again = await create(body, { headers: { transactionId } });
  expect(again.body).toBe(first.body);
  expect([first.headers['x-replayed'], again.headers['x-replayed']]).toEqual([undefined, 'true']);
  const changed = await create(fresh(), { headers: { transactionId } });
  expect([changed.statusCode, changed.headers['x-replayed']]).toEqual([200, undefined]);
});

test('a creation that is sent again is answered again, whatever has become of payee, sender and hold since', async () => {
  const headers = { transactionId: randomUUID() };
  const account = await accounts.open(payee.memberNumber);
  const body = real({ accountNumber: account.accountNumber, nickName: randomUUID().slice(0, 20) });
  const extra = { headers, query: { validate: 'true', fromAccountId: sender.accountId } };
  const first = await create(body, extra);
  expect(first.statusCode).toBe(200);
  await accounts.change(account, { closed_on: '2026-01-01' });
  const phone = (changedAt: Date | null) => app.database.sql`
    update contact_methods set changed_at = ${changedAt}
    where institution_id = ${api.institutionId} and institution_user_id = ${owner.institutionUserId} and protocol = 'SMS'`;
  await phone(new Date());
  const again = await create(body, extra);
  expect(await refusalOf(create({ ...body, nickName: 'Another' }, { query: extra.query }))).toEqual([403, 'REC_11003']);
  await phone(null);
  expect([again.statusCode, again.body, again.headers['x-replayed']]).toEqual([200, first.body, 'true']);
  expect(await refusalOf(create({ ...body, nickName: 'Another' }, { query: extra.query }))).toEqual([400, 'REC_10007']);
});

test('a change that waits for the removal of its recipient is 400 REC_14004', async () => {
  const { sql } = app.database;
  const { id } = await saved();
  const waiting = async (count: number) =>
    (await sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`).length >= count;
  const running = await sql.begin(async (tx) => {
    await tx`select 1 from recipients where recipient_id = ${id} for update`;
    const removed = calls.recipients(owner, 'DELETE', id).then((answer) => answer.statusCode);
    await eventually(() => waiting(1));
    const changed = refusalOf(put(id, { nickName: 'Too late' }));
    await eventually(() => waiting(2));
    return { removed, changed };
  });
  expect([await running.removed, await running.changed]).toEqual([204, [400, 'REC_14004']]);
});

test('a creation that is sent again while the first one runs is 409 REC_99998', async () => {
  const { sql } = app.database;
  const headers = { transactionId: randomUUID() };
  const body = fresh();
  const running = await sql.begin(async (tx) => {
    const name = `recipients ${api.institutionId} ${owner.institutionUserId}`;
    await tx`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`;
    const first = create(body, { headers }).then((answer) => answer.statusCode);
    await eventually(async () => (await sql`select 1 from pg_locks where locktype = 'advisory' and not granted`).length > 0);
    expect(await refusalOf(create(body, { headers }))).toEqual([409, 'REC_99998']);
    return { first };
  });
  expect(await running.first).toBe(200);
});

test('what goes wrong inside is 500 REC_99999', async () => {
  await app.database.sql`alter table recipients rename to recipients_away`;
  const answer = await get('');
  await app.database.sql`alter table recipients_away rename to recipients`;
  expect([answer.statusCode, answer.json().code]).toEqual([500, 'REC_99999']);
});

describe('after a recovery', () => {
  const held = () => other;
  const refused = () => refusalOf(create(fresh(), {}, held()));

  test('within 24 hours of a password reset there is no new recipient: 403 REC_11003, with the reason in the log', async () => {
    const { institutionUserId, contactMethods } = held();
    await app.database.sql`
      insert into password_resets (institution_id, password_reset_id, institution_user_id, contact_method_id, channel, recipient_index,
        sent_at, expires_at, ended_at, end_reason, password_set_at)
      values (${api.institutionId}, ${randomUUID()}, ${institutionUserId}, ${contactMethods[0]?.id ?? '0'}, 'SMS', ${Buffer.from('x')},
        ${new Date()}, ${new Date()}, ${new Date()}, 'used', ${new Date(Date.now() - 23 * 3_600_000)})`;
    expect(await refused()).toEqual([403, 'REC_11003']);
    const rows = await listActivities(app.database.sql, { institutionId: api.institutionId, institutionUserId });
    expect(rows.at(-1)).toMatchObject({ kind: 'recipient_refused', details: { reason: 'password_reset', holdHours: 24 } });
    await withPolicies(app, api.institutionId, { moneyMovement: { recoveryHoldHours: 22 } }, async () => {
      expect((await create(fresh(), {}, held())).statusCode).toBe(200);
    });
    await app.database.sql`delete from password_resets where institution_user_id = ${institutionUserId}`;
    expect((await create(fresh(), {}, held())).statusCode).toBe(200);
  });

  test('a new phone number holds as well, and an account is then not changed either; a nickname is', async () => {
    const { id } = (await create(fresh(), {}, held())).json().recipients[0];
    const phone = held().contactMethods[0]?.contactInfo;
    const phoneNumber = { oldPhoneNumber: phone, newPhoneNumber: '2015550166' };
    const changed = await api.withToken(token, 'PUT', `/v1/customers/${held().customerId}:contact-info`, {
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify({ phoneNumber }),
    });
    expect(changed.statusCode).toBe(204);
    expect(await refused()).toEqual([403, 'REC_11003']);
    expect(await refusalOf(calls.recipients(held(), 'PUT', id, { accountNumber: '99' }))).toEqual([403, 'REC_11003']);
    expect((await calls.recipients(held(), 'PUT', id, { nickName: 'Only a name' })).statusCode).toBe(200);
    await withPolicies(app, api.institutionId, { moneyMovement: { recoveryHoldHours: 0 } }, async () => {
      expect((await create(fresh(), {}, held())).statusCode).toBe(200);
    });
  });
});
