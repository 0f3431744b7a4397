import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { withPolicies } from '@openbranch/testkit/change-policies';
import { isPdfReaderMissing, pdfLines, unlessPdfReader } from '@openbranch/testkit/pdf-text';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { setClock, withSwitch } from '@openbranch/testkit/sandbox-calls';
import { silentLog } from '@openbranch/testkit/silent-log';
import {
  createTestAccounts,
  type OpenedAccount,
  type TestAccounts,
  withoutSeededAccounts,
} from '@openbranch/testkit/test-accounts';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { createTestCustomer, createTestUser } from '@openbranch/testkit/test-users';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { destroyDataKeysOf, rotateDataKeyOf } from '../../../platform/personal-data/data-key-commands.ts';
import { reencryptPersonalData } from '../../../platform/personal-data/reencrypt.ts';

let app: TestApp;
let api: ApiCaller;
let accounts: TestAccounts;
let token: string;
let deciding: string;
let pat: Customer;
let sam: Customer;
/** Opened in December 2025, with rows in January and March. */
let account: OpenedAccount;

beforeAll(async () => {
  app = await createTestApp({
    prepare: async (sql) => {
      await withoutLimits(sql);
      await withoutSeededAccounts(sql);
      await sql`delete from institution_user_disclosures where account_id is not null`;
    },
  });
  api = createApiCaller(app);
  await setClock(app, '00042', '2026-04-10T21:00:00-07:00');
  accounts = createTestAccounts(app, '00042');
  const [one, other] = api.customers({ state: 'active', role: 'PRIMARY' });
  if (one === undefined || other === undefined) throw new Error('The sandbox has too few customers.');
  [pat, sam] = [one, other];
  token = await api.partnerToken('images:read');
  deciding = await api.partnerToken('disclosures:write', 'institution-users:read', 'accounts:read');
  account = await accounts.open(pat.memberNumber, { opened_on: '2025-12-15' });
  await accounts.book(account, { amountMinor: 50_000n, on: '2025-12-15', description: 'Opening deposit' });
  await accounts.book(account, { amountMinor: 200_000n, on: '2026-01-02', description: 'Salary' });
  await accounts.book(account, { amountMinor: -123_450n, on: '2026-01-20', description: 'Check 201' });
  await accounts.book(account, { amountMinor: -6_499n, on: '2026-03-31', type: 'POS_PURCHASE' });
  await accounts.book(account, { amountMinor: -1_000n, on: '2026-04-02', description: 'Coffee' });
  await decide(pat, account, 'ACCEPTED');
});
afterAll(() => app.close());

/** Accepts or refuses the online statements of an account. */
async function decide(customer: { readonly loginId: string }, of: OpenedAccount, status: string, type = 'CHECKING') {
  const url = `/v1/institution-user-disclosures?${new URLSearchParams({ loginId: customer.loginId, accountType: type })}`;
  const answer = await api.withToken(deciding, 'POST', url, {
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({
      institutionDisclosureName: 'OLS',
      accountId: of.accountId,
      institutionUserDisclosureStatus: status,
      paperWaiver: true,
    }),
  });
  expect(answer.statusCode, answer.body).toBe(204);
}

type Query = Readonly<Record<string, string | undefined>>;
interface Image {
  readonly id: string;
  readonly imageInfoItems: { readonly imageInfo: readonly { readonly data: string; readonly type: string }[] };
  readonly [member: string]: unknown;
}
interface Images {
  readonly bankingImage: Image[];
  readonly warnings?: readonly { readonly code: string; readonly message: string }[];
}

const quarter = { statementStartDate: '2026-01-01', statementEndDate: '2026-03-31' };
const urlOf = (query: Query, id?: string): string => {
  const usual = { loginId: pat.loginId, accountId: account.accountId, imageType: 'STATEMENT' };
  const present = Object.entries({ ...usual, ...query }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return `/v1/banking-images${id === undefined ? '' : `/${id}`}?${present.join('&')}`;
};
const get = (query: Query, id?: string, bearer = token) => api.withToken(bearer, 'GET', urlOf(query, id));
const list = async (query: Query = quarter): Promise<Images> => {
  const answer = await get(query);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json();
};
const fileOf = (image: Image | undefined) => Buffer.from(image?.imageInfoItems.imageInfo[0]?.data ?? '', 'base64');
const kept = () => app.database.sql<{ period: string; document_sealed: Buffer; made_at: Date }[]>`
  select period, document_sealed, made_at from statement_documents
  where institution_id = '00042' and account_key = ${account.accountKey} order by period`;

describe('statements', () => {
  test('of a long range are all listed, the newest with their files: BIS_20007 says that the older ones have none', async () => {
    await withPolicies(app, '00042', { images: { filesPerList: 2 } }, async () => {
      const { bankingImage, warnings } = await list();
      expect(bankingImage.map((image) => [image.id, image.imageInfoItems === undefined])).toEqual([
        ['202601', true],
        ['202602', false],
        ['202603', false],
      ]);
      expect(warnings?.map(({ code }) => code)).toEqual(['BIS_20007']);
      expect((await list({ statementStartDate: '2026-01-01', statementEndDate: '2026-02-28' })).warnings).toBeUndefined();
      expect(
        fileOf((await get({}, '202601')).json())
          .subarray(0, 5)
          .toString(),
      ).toBe('%PDF-');
    });
  });

  test('are one file of PDF for each month, dated on its last day', async () => {
    const { bankingImage, warnings } = await list();
    expect(warnings).toBeUndefined();
    expect(bankingImage.map(({ id, statementDate, statementDescription }) => [id, statementDate, statementDescription])).toEqual([
      ['202601', '2026-01-31', 'Statement for January 2026'],
      ['202602', '2026-02-28', 'Statement for February 2026'],
      ['202603', '2026-03-31', 'Statement for March 2026'],
    ]);
    const { imageInfoItems, ...told } = bankingImage[0] ?? { imageInfoItems: { imageInfo: [] } };
    expect(told).toEqual({
      id: '202601',
      institutionCustomerId: pat.customerId,
      institutionId: '00042',
      accountId: account.accountId,
      imageType: 'STATEMENT',
      accountNumber: account.accountNumber.slice(-4),
      accountType: 'CHECKING',
      statementDescription: 'Statement for January 2026',
      statementDate: '2026-01-31',
    });
    for (const image of bankingImage) {
      expect(image.imageInfoItems.imageInfo).toEqual([{ data: expect.any(String), type: 'PDF' }]);
      expect(fileOf(image).subarray(0, 5).toString()).toBe('%PDF-');
    }
    expect(imageInfoItems.imageInfo).toHaveLength(1);
  });

  test('of a single month are those of the list', async () => {
    const [first] = (await list()).bankingImage;
    expect((await get({}, '202601')).json()).toEqual(first);
    expect((await get({ statementDate: '2026-01-31' }, '202601')).json()).toEqual(first);
  });

  test('of the current month are previews, for whoever asks (true or PREVIEW)', async () => {
    const april = { statementStartDate: '2026-04-01', statementEndDate: '2026-04-30' };
    expect((await get(april)).statusCode).toBe(204);
    for (const statementPreview of ['true', 'TRUE', 'PREVIEW']) {
      const [image] = (await list({ ...april, statementPreview })).bankingImage;
      expect(image).toMatchObject({ id: '202604', statementDate: '2026-04-10' });
      expect(image?.['statementDescription']).toBe('Statement for April 2026 (preview)');
    }
    for (const statementPreview of ['false', 'CURRENT']) expect((await get({ ...april, statementPreview })).statusCode).toBe(204);
    expect((await get({}, '202604')).statusCode).toBe(200);
    expect((await kept()).map(({ period }) => period)).not.toContain('202604');
  });

  test('are previews, and not kept, until their month is closed: its interest is still to come', async () => {
    const savings = await accounts.open(pat.memberNumber, {
      account_type: 'SAVINGS',
      interest_rate: 12,
      opened_on: '2026-03-01',
    });
    await accounts.book(savings, { amountMinor: 100_000n, on: '2026-04-02' });
    await decide(pat, savings, 'ACCEPTED', 'SAVINGS');
    await setClock(app, '00042', '2026-05-01T00:00:30-07:00');
    const april = { accountId: savings.accountId, statementStartDate: '2026-04-01', statementEndDate: '2026-04-30' };
    const periods = () => app.database.sql`
      select period from statement_documents where account_key = ${savings.accountKey} and period = '202604'`;
    try {
      // Nothing is closed yet: an institution begins with the month of its first day.
      await app.database.sql`
        insert into ledger_months (institution_id, closed_through) values ('00042', '2026-03-31')
        on conflict (institution_id) do update set closed_through = excluded.closed_through`;
      const early = await api.partnerToken('images:read');
      expect((await get(april, undefined, early)).statusCode).toBe(204);
      const preview = (await get({ ...april, statementPreview: 'true' }, undefined, early)).json().bankingImage[0];
      expect(preview).toMatchObject({ id: '202604', statementDescription: 'Statement for April 2026 (preview)' });
      expect(await periods()).toEqual([]);
      await setClock(app, '00042', '2026-05-01T00:05:00-07:00');
      await app.jobs.find(({ name }) => name === 'run_days')?.run();
      const [image] = (await get(april, undefined, await api.partnerToken('images:read'))).json().bankingImage;
      expect(image).toMatchObject({ statementDate: '2026-04-30', statementDescription: 'Statement for April 2026' });
      expect(image.imageInfoItems).not.toEqual(preview.imageInfoItems);
      expect(await periods()).toHaveLength(1);
    } finally {
      await app.database.sql`delete from ledger_months where institution_id = '00042'`;
      await setClock(app, '00042', '2026-04-10T21:00:00-07:00');
    }
  });

  test('that are not there: 204 without a body, or an empty list with warning BIS_20002 (BIS-S5)', async () => {
    const before = { statementStartDate: '2025-01-01', statementEndDate: '2025-11-30' };
    const empty = await get(before);
    expect([empty.statusCode, empty.body, empty.headers['content-type']]).toEqual([204, '', undefined]);
    expect((await get({ ...before, imageType: 'DOCUMENT' })).statusCode).toBe(204);
    await withSwitch(app, '00042', 'images.empty_statements', ['200', '204'], async () => {
      expect(await list(before)).toEqual({ bankingImage: [], warnings: [{ code: 'BIS_20002', message: expect.any(String) }] });
    });
  });

  test('are listed without files where the institution wants that (BIS-S2)', async () => {
    await withSwitch(app, '00042', 'images.list_data', ['omit', 'include'], async () => {
      const { bankingImage } = await list();
      expect(bankingImage.map(({ id }) => id)).toEqual(['202601', '202602', '202603']);
      for (const image of bankingImage) expect(image).not.toHaveProperty('imageInfoItems');
    });
  });

  test('stay PDF whatever the format of cheques', async () => {
    await withSwitch(app, '00042', 'images.format', ['TIFF', 'JPEG'], async () => {
      expect((await list()).bankingImage.map((image) => image.imageInfoItems.imageInfo[0]?.type)).toEqual(['PDF', 'PDF', 'PDF']);
    });
  });

  test('of a card are its own type, of which other accounts have none: 400 BIS_00012', async () => {
    const card = await accounts.open(pat.memberNumber, { account_type: 'CREDIT_CARD_LOAN' });
    await accounts.book(card, { amountMinor: -2_500n, on: '2026-03-03', description: 'Shoes' });
    await decide(pat, card, 'ACCEPTED', 'CREDIT_CARD_LOAN');
    const query = { ...quarter, imageType: 'CC_STATEMENT' };
    const { bankingImage } = await list({ ...query, accountId: card.accountId });
    expect(bankingImage.map(({ imageType }) => imageType)).toEqual(['CC_STATEMENT', 'CC_STATEMENT', 'CC_STATEMENT']);
    expect((await get({ imageType: 'CC_STATEMENT', accountId: card.accountId }, '202603')).statusCode).toBe(200);
    expect(await refusalOf(get(query))).toEqual([400, 'BIS_00012']);
    expect(await refusalOf(get({ imageType: 'CC_STATEMENT' }, '202603'))).toEqual([400, 'BIS_00012']);
  });
});

describe.skipIf(isPdfReaderMissing)(`what a statement tells${unlessPdfReader}`, () => {
  test('is what the ledger holds: balances, totals and every row', async () => {
    const { bankingImage } = await list({ ...quarter, statementStartDate: '2025-12-01' });
    const texts = bankingImage.map((image) => pdfLines(fileOf(image)));
    expect(texts[1]).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/Period 01\/01\/2026 to 01\/31\/2026$/u),
        expect.stringMatching(/Opening balance \$500\.00$/u),
        expect.stringMatching(/Money in \$2,000\.00$/u),
        expect.stringMatching(/Money out -\$1,234\.50$/u),
        expect.stringMatching(/Closing balance \$1,265\.50$/u),
        '01/02/2026 Salary $2,000.00 $2,500.00',
        '01/20/2026 Check 201 -$1,234.50 $1,265.50',
      ]),
    );
    expect(texts[1]?.join('\n')).toContain(`*${account.accountNumber.slice(-4)}`);
    expect(texts[1]?.join('\n')).not.toContain(account.accountNumber);
    expect(texts[2]).toEqual(expect.arrayContaining(['No transactions in this period.']));
    expect(texts[3]).toEqual(expect.arrayContaining(['03/31/2026 Pos purchase -$64.99 $1,200.51']));
    // Each opens where the one before it closed, and the last closes with what the ledger has, less what came later.
    const balances = texts.map((lines) => {
      const amountAt = (label: string) =>
        lines
          .map((line) => line.split(label)[1])
          .find((rest) => rest !== undefined)
          ?.trim();
      return [amountAt('Opening balance'), amountAt('Closing balance')];
    });
    expect(balances).toEqual([
      ['$0.00', '$500.00'],
      ['$500.00', '$1,265.50'],
      ['$1,265.50', '$1,265.50'],
      ['$1,265.50', '$1,200.51'],
    ]);
    const [books] = await accounts.core.findAccounts(app.database.sql, '00042', [account.accountKey]);
    expect(books?.balance.ledgerMinor).toBe(120_051n - 1_000n);
  });

  test('names every owner of the account, the primary first, and nobody whom a relation leads there', async () => {
    const shared = await accounts.open(sam.memberNumber, { opened_on: '2026-03-01' });
    await accounts.share(shared, pat.memberNumber, 'JOINT');
    const stranger = await createTestCustomer(app.database.sql, '00042', 'RETAIL');
    await accounts.share(shared, stranger.memberNumber, 'CROSS');
    await decide(pat, shared, 'ACCEPTED');
    const [image] = (await list({ ...quarter, accountId: shared.accountId })).bankingImage;
    const [owner] = await accounts.core.findAccounts(app.database.sql, '00042', [shared.accountKey]);
    const lines = pdfLines(fileOf(image));
    const joint = await accounts.core.findMember(app.database.sql, '00042', pat.memberNumber);
    const other = await accounts.core.findMember(app.database.sql, '00042', stranger.memberNumber);
    const lineOf = (name = 'nobody') => lines.findIndex((line) => line.includes(name));
    expect(lineOf(owner?.primaryHolderName)).toBeGreaterThanOrEqual(0);
    expect(lineOf(`${joint?.firstName} ${joint?.lastName}`)).toBe(lineOf(owner?.primaryHolderName) + 1);
    expect(lineOf(`${other?.firstName} ${other?.lastName}`)).toBe(-1);
  });

  test('of many rows goes over pages', async () => {
    const busy = await accounts.open(pat.memberNumber, { opened_on: '2026-03-01' });
    for (let row = 1; row <= 70; row += 1)
      await accounts.book(busy, { amountMinor: BigInt(row), on: '2026-03-15', description: `Row number ${row}` });
    await decide(pat, busy, 'ACCEPTED');
    const [image] = (await list({ ...quarter, accountId: busy.accountId })).bankingImage;
    const lines = pdfLines(fileOf(image));
    expect(lines.filter((line) => line.includes('Row number'))).toHaveLength(70);
    expect(lines).toEqual(
      expect.arrayContaining([expect.stringMatching(/Page 3 of 3$/u), '03/15/2026 Row number 70 $0.70 $24.85']),
    );
  });
});

describe('a statement that was made', () => {
  test('is kept sealed, and one that is made anew is the same file', async () => {
    const before = (await list()).bankingImage;
    const rows = await kept();
    expect(rows.map(({ period }) => period)).toEqual(expect.arrayContaining(['202601', '202602', '202603']));
    for (const { document_sealed: sealed } of rows) expect(sealed.includes('%PDF')).toBe(false);
    expect((await list()).bankingImage).toEqual(before);
    expect(await kept()).toEqual(rows);
    await app.database.sql`delete from statement_documents where institution_id = '00042'`;
    expect((await list()).bankingImage).toEqual(before);
  });

  test('is made again when something is booked late into its month', async () => {
    const before = (await list()).bankingImage;
    const late = await accounts.open(pat.memberNumber, { opened_on: '2026-03-01' });
    await decide(pat, late, 'ACCEPTED');
    const query = { ...quarter, accountId: late.accountId };
    const [empty] = (await list(query)).bankingImage;
    await accounts.book(late, { amountMinor: 100n, on: '2026-03-20', description: 'Late' });
    const [other] = (await list(query)).bankingImage;
    expect(fileOf(other).equals(fileOf(empty))).toBe(false);
    expect((await list()).bankingImage).toEqual(before);
  });

  test('that somebody changed in the database is not shown: warning BIS_20007, and 500 BIS_99999 by itself', async () => {
    const before = await list();
    const { sql } = app.database;
    await sql`
      update statement_documents set document_sealed = set_byte(document_sealed, 40, (get_byte(document_sealed, 40) + 1) % 256)
      where institution_id = '00042' and account_key = ${account.accountKey} and period = '202602'`;
    const after = await list();
    expect(after.bankingImage.map(({ id }) => id)).toEqual(['202601', '202603']);
    expect(after.warnings?.map(({ code }) => code)).toEqual(['BIS_20007']);
    expect(await refusalOf(get({}, '202602'))).toEqual([500, 'BIS_99999']);
    const february = { statementStartDate: '2026-02-01', statementEndDate: '2026-02-28' };
    expect(await list(february)).toMatchObject({ bankingImage: [], warnings: [{ code: 'BIS_20007' }] });
    await sql`delete from statement_documents where institution_id = '00042' and period = '202602'`;
    expect(await list()).toEqual(before);
  });

  test('is shown when it cannot be kept', async () => {
    const before = await list();
    const { sql } = app.database;
    await sql`delete from statement_documents where institution_id = '00042'`;
    await sql`alter table statement_documents add constraint nothing_more check (false) not valid`;
    try {
      expect(await list()).toEqual(before);
      expect((await get({}, '202601')).json()).toEqual(before.bankingImage[0]);
    } finally {
      await sql`alter table statement_documents drop constraint nothing_more`;
    }
    expect(await kept()).toEqual([]);
    expect(await list()).toEqual(before);
    expect(await kept()).toHaveLength(3);
  });

  test('follows the data keys of its institution: a new key seals it again, destroyed keys leave nothing of it', async () => {
    const before = await list();
    const platform = { sql: app.database.sql, keyRing: app.keyRing };
    const old = await kept();
    await rotateDataKeyOf(platform, '00042');
    await reencryptPersonalData(platform.sql, platform.keyRing, ['00042'], silentLog);
    const sealed = await kept();
    expect(sealed.map(({ period }) => period)).toEqual(old.map(({ period }) => period));
    expect(sealed.some(({ document_sealed: bytes }, index) => bytes.equals(old[index]?.document_sealed ?? bytes))).toBe(false);
    expect(await list()).toEqual(before);
    await destroyDataKeysOf(platform, '00042');
    // The books know it still, so it is made anew, under a new key.
    expect(await list()).toEqual(before);
  });
});

describe('statements are refused', () => {
  test.each([
    ['without an end (400 BIS_00018)', { statementEndDate: undefined }, 400, 'BIS_00018'],
    ['without a start (400 BIS_00018)', { statementStartDate: undefined }, 400, 'BIS_00018'],
    ['with a blank date (400 BIS_00018)', { statementStartDate: '' }, 400, 'BIS_00018'],
    ['the wrong way round (400 BIS_00019)', { statementStartDate: '2026-04-01' }, 400, 'BIS_00019'],
    ['with a date that no calendar has (400 BIS_00003)', { statementEndDate: '2026-02-30' }, 400, 'BIS_00003'],
    ['with another word for a preview (400 BIS_00017)', { statementPreview: 'yes' }, 400, 'BIS_00017'],
    ['with a blank preview (400 BIS_00025)', { statementPreview: '' }, 400, 'BIS_00025'],
    ['of the future (400 BIS_00002)', { statementStartDate: '2026-04-11', statementEndDate: '2026-05-31' }, 400, 'BIS_00002'],
    ['of long ago (400 BIS_00002)', { statementStartDate: '2018-01-01', statementEndDate: '2019-04-09' }, 400, 'BIS_00002'],
  ])('%s', async (_what, query, status, code) => {
    expect(await refusalOf(get({ ...quarter, ...query }))).toEqual([status, code]);
  });

  test.each([
    ['with a blank date (400 BIS_00022)', { statementDate: '' }, '202601', 400, 'BIS_00022'],
    ['with a date that no calendar has (400 BIS_00003)', { statementDate: '2026-13-01' }, '202601', 400, 'BIS_00003'],
    ['with a date of 31 characters (400 BIS_00015)', { statementDate: '1'.repeat(31) }, '202601', 400, 'BIS_00015'],
    ['with another date (404 BIS_30004)', { statementDate: '2026-01-30' }, '202601', 404, 'BIS_30004'],
    ['of a month to come (404 BIS_30004)', {}, '202605', 404, 'BIS_30004'],
    ['of a month before the account (404 BIS_30004)', {}, '202511', 404, 'BIS_30004'],
    ['with an id that is none (404 BIS_30004)', {}, 'abc', 404, 'BIS_30004'],
    ['of another kind of document (404 BIS_30004)', { imageType: 'DOCUMENT' }, '202601', 404, 'BIS_30004'],
  ])('by id %s', async (_what, query, id, status, code) => {
    expect(await refusalOf(get(query, id))).toEqual([status, code]);
  });

  test('until the user has accepted those of the account: 400 BIS_30005, or 401 (BIS-S6)', async () => {
    const other = await accounts.open(sam.memberNumber);
    const query = { ...quarter, loginId: sam.loginId, accountId: other.accountId };
    expect(await refusalOf(get(query))).toEqual([400, 'BIS_30005']);
    expect(await refusalOf(get(query, '202601'))).toEqual([400, 'BIS_30005']);
    await withSwitch(app, '00042', 'images.not_accepted_http', ['401', '400'], async () => {
      expect(await refusalOf(get(query))).toEqual([401, 'BIS_30005']);
    });
    await decide(sam, other, 'ACCEPTED');
    expect((await get(query)).statusCode).toBe(200);
    await decide(sam, other, 'NOT_ACCEPTED');
    expect(await refusalOf(get(query))).toEqual([400, 'BIS_30005']);
    // Where statements are chosen once for the user, decisions on accounts do not count.
    await decide(sam, other, 'ACCEPTED');
    await withPolicies(app, '00042', { statements: { multiStatement: false } }, async () => {
      expect(await refusalOf(get(query))).toEqual([400, 'BIS_30005']);
    });
  });

  test('to a user who may not read the history, accepted or not: 404 BIS_20009', async () => {
    const secret = await accounts.open(pat.memberNumber);
    const query = { ...quarter, accountId: secret.accountId };
    await decide(pat, secret, 'ACCEPTED');
    expect((await get(query)).statusCode).toBe(200);
    await accounts.change(secret, { is_history_enabled: false });
    expect(await refusalOf(get(query))).toEqual([404, 'BIS_20009']);
    await accounts.change(secret, { is_history_enabled: true });
    await accounts.entitle(secret, pat.institutionUserId, { is_history_entitled: false });
    expect(await refusalOf(get(query))).toEqual([404, 'BIS_20009']);
    expect(await refusalOf(get({ accountId: secret.accountId }, '202601'))).toEqual([404, 'BIS_20009']);
  });

  test('where the mask of the institution is none: 500 BIS_99999', async () => {
    await withPolicies(app, '00042', { accounts: { maskFormat: '' } }, async () => {
      for (const answer of [await get(quarter), await get({}, '202601')])
        expect([answer.statusCode, answer.body]).toEqual([500, expect.stringContaining('"code":"BIS_99999"')]);
    });
  });

  test('where the core has switched those of the account off: 400 BIS_30005', async () => {
    const paper = await accounts.open(pat.memberNumber, { is_statement_enabled: false });
    await decide(pat, paper, 'ACCEPTED');
    expect(await refusalOf(get({ ...quarter, accountId: paper.accountId }))).toEqual([400, 'BIS_30005']);
  });
});

test('of an account that others hold too, statements say when somebody of them gets none: warning BIS_20002', async () => {
  const { sql } = app.database;
  const shared = await accounts.open(pat.memberNumber);
  await accounts.share(shared, sam.memberNumber, 'JOINT');
  await decide(pat, shared, 'ACCEPTED');
  const query = { ...quarter, accountId: shared.accountId };
  const first = await list(query);
  expect(first.bankingImage).toHaveLength(3);
  expect(first.warnings?.map(({ code }) => code)).toEqual(['BIS_20002']);
  await decide(sam, shared, 'ACCEPTED');
  expect((await list(query)).warnings).toBeUndefined();
  // A holder who never registered expects none.
  const stranger = await createTestCustomer(sql, '00042', 'RETAIL');
  await accounts.share(shared, stranger.memberNumber, 'JOINT');
  expect((await list(query)).warnings).toBeUndefined();
  await createTestUser(sql, '00042', 'PRIMARY', [stranger]);
  expect((await list(query)).warnings).toHaveLength(1);
});
