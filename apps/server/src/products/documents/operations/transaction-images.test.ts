import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { withPolicies } from '@openbranch/testkit/change-policies';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { setClock, withSwitch } from '@openbranch/testkit/sandbox-calls';
import {
  createTestAccounts,
  type OpenedAccount,
  type TestAccounts,
  withoutSeededAccounts,
} from '@openbranch/testkit/test-accounts';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let accounts: TestAccounts;
let token: string;
let pat: Customer;
let sam: Customer;
let account: OpenedAccount;
/** Cheque 201 of 2026-04-06. */
let cheque: { readonly identifier: string; readonly id: string };
let slip: string;

beforeAll(async () => {
  app = await createTestApp({
    prepare: async (sql) => {
      await withoutLimits(sql);
      await withoutSeededAccounts(sql);
    },
  });
  api = createApiCaller(app);
  // Today is 2026-04-10 in the zone of the institution, and 2026-04-11 in UTC.
  await setClock(app, '00042', '2026-04-10T21:00:00-07:00');
  accounts = createTestAccounts(app, '00042');
  const [one, other] = api.customers({ state: 'active', role: 'PRIMARY' });
  if (one === undefined || other === undefined) throw new Error('The sandbox has too few customers.');
  [pat, sam] = [one, other];
  token = await api.partnerToken('images:read', 'transactions:read');
  account = await accounts.open(pat.memberNumber, { routing_number: '123456780' });
  await accounts.book(account, { amountMinor: 500_000n, on: '2026-04-01' });
  await accounts.book(account, {
    ...{ amountMinor: -123_450n, on: '2026-04-06', type: 'CHECK', checkNumber: '000201', imageType: 'CHECK' },
    ...{ description: 'Check 201', merchantName: 'Oak Street Dentist' },
  });
  await accounts.book(account, { amountMinor: -1_000n, on: '2026-04-06', type: 'CHECK', checkNumber: '202' });
  for (const [index, amountMinor] of [5_000n, 7_500n].entries())
    await accounts.book(account, {
      ...{ amountMinor, on: '2026-04-07', type: 'DEPOSIT', checkNumber: '77', imageType: 'DEPOSIT_CHECK' },
      merchantName: `Payer ${index + 1}`,
    });
  await accounts.book(account, {
    ...{ amountMinor: 80_000n, on: '2026-04-07', type: 'DEPOSIT', checkNumber: '55', imageType: 'DEPOSIT_SLIP' },
  });
  cheque = await imageOf('2026-04-06', 'CHECK');
  slip = (await imageOf('2026-04-07', 'DEPOSIT_SLIP')).identifier;
});
afterAll(() => app.close());

interface Row {
  readonly transactionNumber: string;
  readonly transactionImage?: { readonly imageType: string; readonly imageIdentifier: string };
}

/** The key of the last image of a day, as an app finds it: among the transactions. */
async function imageOf(date: string, imageType: string) {
  const query = new URLSearchParams({ loginId: pat.loginId, accountId: account.accountId, startDate: date, endDate: date });
  const answer = await api.withToken(token, 'GET', `/v1/transactions?${query}`);
  const rows = answer.json<{ transactions: Row[] }>().transactions;
  const row = rows.find(({ transactionImage }) => transactionImage?.imageType === imageType);
  return { identifier: row?.transactionImage?.imageIdentifier ?? '', id: row?.transactionNumber ?? '' };
}

type Query = Readonly<Record<string, string | undefined>>;
interface Image {
  readonly id: string;
  readonly imageInfoItems?: { readonly imageInfo: { readonly data: string; readonly type: string; readonly view: string }[] };
  readonly [member: string]: unknown;
}

const urlOf = (query: Query, id?: string): string => {
  const present = Object.entries({ loginId: pat.loginId, accountId: account.accountId, ...query }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return `/v1/banking-images${id === undefined ? '' : `/${id}`}?${present.join('&')}`;
};
const get = (query: Query, id?: string, bearer = token) => api.withToken(bearer, 'GET', urlOf(query, id));
const imagesOf = async (query: Query, bearer = token): Promise<Image[]> => {
  const answer = await get(query, undefined, bearer);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<{ bankingImage: Image[] }>().bankingImage;
};
const byNumber = (number = '201'): Query => ({
  ...{ imageType: 'CHECK', transactionDate: '2026-04-06', transactionImageNumber: number },
});
const byIdentifier = (): Query => ({
  ...{ imageType: 'CHECK', transactionDate: '2026-04-06', imageIdentifier: cheque.identifier },
});
const ofSlip = (): Query => ({ imageType: 'DEPOSIT_SLIP', transactionDate: '2026-04-07', imageIdentifier: slip });
const filesOf = (image: Image | undefined) =>
  (image?.imageInfoItems?.imageInfo ?? []).map(({ data, ...rest }) => ({ ...rest, bytes: Buffer.from(data, 'base64') }));

describe('a cheque', () => {
  test('is the same by date and number and by date and identifier, leading zeros or not', async () => {
    const [found] = await imagesOf(byNumber());
    expect(found?.id).toBe(cheque.id);
    expect((await imagesOf(byIdentifier())).map(({ id }) => id)).toEqual([cheque.id]);
    expect((await imagesOf(byNumber('00000201'))).map(({ id }) => id)).toEqual([cheque.id]);
  });

  test('tells of its transaction and has a front and a back that can be looked at', async () => {
    const [image] = await imagesOf(byNumber());
    const { imageInfoItems, ...told } = image ?? { id: '' };
    expect(told).toEqual({
      id: cheque.id,
      institutionCustomerId: pat.customerId,
      institutionId: '00042',
      accountId: account.accountId,
      imageType: 'CHECK',
      accountNumber: account.accountNumber.slice(-4),
      accountType: 'CHECKING',
      transactionImageNumber: '000201',
      transactionDate: '2026-04-06',
      transactionDescription: 'Check 201',
      transactionStatus: 'ACCEPTED',
      amount: { currencyCode: 'USD', amount: 1234.5 },
    });
    expect(imageInfoItems?.imageInfo.map(({ view, type }) => [view, type])).toEqual([
      ['FRONT', 'JPEG'],
      ['BACK', 'JPEG'],
    ]);
    for (const { bytes } of filesOf(image)) {
      expect(bytes.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
      const { format, width, height, channels } = await sharp(bytes).metadata();
      expect({ format, width, height, channels }).toEqual({ format: 'jpeg', width: 1200, height: 550, channels: 1 });
      // Something is drawn: neither white nor black all over.
      const { channels: tones } = await sharp(bytes).stats();
      expect(tones[0]?.stdev).toBeGreaterThan(10);
    }
    const [front, back] = filesOf(image);
    expect(front?.bytes.equals(back?.bytes ?? Buffer.alloc(0))).toBe(false);
  });

  test('that waits to be booked is held for review', async () => {
    await accounts.hold(account, { amountMinor: -900n, on: '2026-04-09', type: 'CHECK', checkNumber: '203', imageType: 'CHECK' });
    const [image] = await imagesOf({ ...byNumber('203'), transactionDate: '2026-04-09' });
    expect(image).toMatchObject({ transactionStatus: 'HELD_FOR_REVIEW', amount: { amount: 9 } });
  });

  test('is drawn the same way each time', async () => {
    const [one, other] = [await imagesOf(byNumber()), await imagesOf(byNumber())];
    expect(one).toEqual(other);
  });

  test.each([
    ['PNG', 'PNG', 'png', Buffer.from([0x89, 0x50, 0x4e, 0x47])],
    ['TIFF', 'UNKNOWN', 'tiff', Buffer.from('II*\0')],
  ] as const)('is a %s where the institution wants that (BIS-S1): its type is %s', async (format, type, read, start) => {
    await withSwitch(app, '00042', 'images.format', [format, 'JPEG'], async () => {
      const single = (await get(byIdentifier(), cheque.id)).json<Image>();
      expect(single.imageInfoItems?.imageInfo.map((info) => info.type)).toEqual([type, type]);
      for (const { bytes } of filesOf(single)) {
        expect(bytes.subarray(0, 4)).toEqual(start);
        const metadata = await sharp(bytes).metadata();
        expect([metadata.format, metadata.width, metadata.channels]).toEqual([read, 1200, 1]);
      }
    });
  });

  test('is listed without files where the institution wants what the text says (BIS-S2)', async () => {
    await withSwitch(app, '00042', 'images.list_data', ['omit', 'include'], async () => {
      const [image] = await imagesOf(byNumber());
      expect(image).toMatchObject({ id: cheque.id, imageType: 'CHECK' });
      expect(image).not.toHaveProperty('imageInfoItems');
      expect((await get(byNumber(), cheque.id)).json<Image>().imageInfoItems?.imageInfo).toHaveLength(2);
    });
  });

  test('needs its number where identifiers are not matched (BIS-S3)', async () => {
    await withSwitch(app, '00042', 'images.identifier_matching', [false, true], async () => {
      expect(await refusalOf(get(byIdentifier()))).toEqual([400, 'BIS_00009']);
      expect((await imagesOf({ ...byIdentifier(), transactionImageNumber: '201' })).map(({ id }) => id)).toEqual([cheque.id]);
      expect((await imagesOf({ ...ofSlip(), transactionImageNumber: '55' })).length).toBe(1);
      expect((await imagesOf(ofSlip())).length).toBe(1);
    });
  });

  test('shows the whole account number to whoever may see it, or where the institution wants that (BIS-S4)', async () => {
    const unmasked = await api.partnerToken('images:read', 'accounts:read_unmasked');
    expect((await imagesOf(byNumber(), unmasked))[0]?.['accountNumber']).toBe(account.accountNumber);
    const masked = filesOf((await imagesOf(byNumber()))[0]);
    expect(filesOf((await imagesOf(byNumber(), unmasked))[0])[0]?.bytes.equals(masked[0]?.bytes ?? Buffer.alloc(0))).toBe(false);
    await withSwitch(app, '00042', 'images.account_number', ['plain', 'masked'], async () => {
      expect((await imagesOf(byNumber()))[0]?.['accountNumber']).toBe(account.accountNumber);
    });
  });

  test.each(['', 'N'.repeat(100)])(
    'is not shown at all where the mask of the institution is none: %j (500 BIS_99999)',
    async (maskFormat) => {
      const unmasked = await api.partnerToken('images:read', 'accounts:read_unmasked');
      await withPolicies(app, '00042', { accounts: { maskFormat } }, async () => {
        const [listed, single] = [await get(byNumber()), await get(byIdentifier(), cheque.id)];
        for (const { statusCode, body } of [listed, single]) {
          expect([statusCode, body]).toEqual([500, expect.stringContaining('"code":"BIS_99999"')]);
          expect(body).not.toContain(account.accountNumber);
        }
        expect((await imagesOf(byNumber(), unmasked))[0]?.['accountNumber']).toBe(account.accountNumber);
      });
    },
  );
});

describe('deposits', () => {
  test('have a slip', async () => {
    const [image] = await imagesOf(ofSlip());
    expect(image).toMatchObject({ imageType: 'DEPOSIT_SLIP', amount: { amount: 800 }, transactionImageNumber: '55' });
    expect(filesOf(image).map(({ view }) => view)).toEqual(['FRONT']);
    expect((await sharp(filesOf(image)[0]?.bytes).metadata()).format).toBe('jpeg');
  });

  test('have their cheques, all of one deposit, each with an id', async () => {
    const { identifier } = await imageOf('2026-04-07', 'DEPOSIT_CHECK');
    const query = { imageType: 'DEPOSIT_CHECK', transactionDate: '2026-04-07', imageIdentifier: identifier };
    const found = await imagesOf(query);
    expect(found.map(({ amount }) => amount)).toEqual(
      expect.arrayContaining([
        { currencyCode: 'USD', amount: 50 },
        { currencyCode: 'USD', amount: 75 },
      ]),
    );
    expect(new Set(found.map(({ id }) => id)).size).toBe(2);
    for (const { id } of found) expect((await get(query, id)).json<Image>().id).toBe(id);
  });
});

describe('a single image', () => {
  test('is that of the list', async () => {
    const [listed] = await imagesOf(byNumber());
    expect((await get(byNumber(), cheque.id)).json()).toEqual(listed);
    expect((await get({ imageType: 'CHECK', transactionDate: '2026-04-06' }, cheque.id)).json()).toEqual(listed);
    // The operation takes no number: a wrong one is as unknown as any other name.
    for (const transactionImageNumber of ['A12', '999', ' ', '1'.repeat(200)])
      expect((await get({ ...byIdentifier(), transactionImageNumber }, cheque.id)).json()).toEqual(listed);
  });

  test('with another id, date, type or identifier is not found (404 BIS_30004)', async () => {
    const other = await imageOf('2026-04-07', 'DEPOSIT_CHECK');
    for (const [query, id] of [
      [byIdentifier(), '1'],
      [byIdentifier(), other.id],
      [{ ...byIdentifier(), transactionDate: '2026-04-07' }, cheque.id],
      [{ ...byIdentifier(), imageIdentifier: other.identifier }, cheque.id],
      [{ ...byIdentifier(), imageIdentifier: 'x'.repeat(43) }, cheque.id],
      [{ ...ofSlip(), transactionDate: '2026-04-06' }, cheque.id],
    ] as const)
      expect(await refusalOf(get(query, id))).toEqual([404, 'BIS_30004']);
  });

  test('outside of what is kept is refused as in a list (400 BIS_00001, 400 BIS_00002)', async () => {
    expect(await refusalOf(get({ ...byNumber(), transactionDate: '2026-04-11' }, '1'))).toEqual([400, 'BIS_00001']);
    expect(await refusalOf(get({ ...ofSlip(), transactionDate: '2019-04-09' }, '1'))).toEqual([400, 'BIS_00002']);
  });
});

describe('a list is refused', () => {
  test.each([
    ['a number with letters (400 BIS_00009)', { transactionImageNumber: '20a' }, 400, 'BIS_00009'],
    ['a number that is blank (400 BIS_00009)', { transactionImageNumber: ' ' }, 400, 'BIS_00009'],
    ['no number (400 BIS_00009)', { transactionImageNumber: undefined }, 400, 'BIS_00009'],
    ['a number of 31 digits (400 BIS_00015)', { transactionImageNumber: '1'.repeat(31) }, 400, 'BIS_00015'],
    ['an id that is too long (400 BIS_00015)', { accountId: 'x'.repeat(129) }, 400, 'BIS_00015'],
    ['no date (400 BIS_00010)', { transactionDate: undefined }, 400, 'BIS_00010'],
    ['a blank date (400 BIS_00010)', { transactionDate: '' }, 400, 'BIS_00010'],
    ['a date that no calendar has (400 BIS_00003)', { transactionDate: '2026-02-30' }, 400, 'BIS_00003'],
    ['a date in another form (400 BIS_00003)', { transactionDate: '04/06/2026' }, 400, 'BIS_00003'],
    ['tomorrow (400 BIS_00001)', { transactionDate: '2026-04-11' }, 400, 'BIS_00001'],
    ['more than seven years ago (400 BIS_00001)', { transactionDate: '2019-04-09' }, 400, 'BIS_00001'],
    ['a blank identifier (400 BIS_00025)', { imageIdentifier: '' }, 400, 'BIS_00025'],
    ['a cheque that nobody wrote (404 BIS_20008)', { transactionImageNumber: '999' }, 404, 'BIS_20008'],
    ['an identifier of nothing (404 BIS_20008)', { imageIdentifier: 'x'.repeat(43) }, 404, 'BIS_20008'],
    ['a cheque of which no image is kept (404 BIS_30004)', { transactionImageNumber: '202' }, 404, 'BIS_30004'],
  ])('%s', async (_what, query, status, code) => {
    expect(await refusalOf(get({ ...byNumber(), ...query }))).toEqual([status, code]);
  });

  test.each([
    ['without an identifier (400 BIS_00012)', { imageIdentifier: undefined }, 400, 'BIS_00012'],
    ['without a date (400 BIS_00010)', { transactionDate: undefined }, 400, 'BIS_00010'],
    ['of tomorrow (400 BIS_00002)', { transactionDate: '2026-04-11' }, 400, 'BIS_00002'],
    ['of more than seven years ago (400 BIS_00002)', { transactionDate: '2019-04-09' }, 400, 'BIS_00002'],
    ['with a blank reference (400 BIS_00025)', { transactionImageNumber: '' }, 400, 'BIS_00025'],
    ['that is not there (404 BIS_20008)', { transactionDate: '2026-04-06' }, 404, 'BIS_20008'],
  ])('for a deposit slip %s', async (_what, query, status, code) => {
    expect(await refusalOf(get({ ...ofSlip(), ...query }))).toEqual([status, code]);
  });

  test('parameters that nobody knows are not looked at, however long', async () => {
    expect(await imagesOf({ ...byNumber(), x: 'y'.repeat(200), blank: '' })).toHaveLength(1);
  });

  test('parameters of statements are not looked at', async () => {
    const query = { ...byNumber(), statementStartDate: 'x', statementEndDate: '', statementPreview: 'maybe' };
    expect(await imagesOf(query)).toHaveLength(1);
  });

  test('the image of another account, or of another user: 404 BIS_20008, 404 BIS_20009', async () => {
    const other = await accounts.open(pat.memberNumber);
    const query = { ...byIdentifier(), accountId: other.accountId };
    expect(await refusalOf(get(query))).toEqual([404, 'BIS_20008']);
    expect(await refusalOf(get({ ...byIdentifier(), loginId: sam.loginId }))).toEqual([404, 'BIS_20009']);
    expect(await refusalOf(get({ ...byIdentifier(), accountId: 'x'.repeat(43) }))).toEqual([404, 'BIS_20009']);
  });

  test('an account of which the user may not read the history: 404 BIS_20009', async () => {
    const secret = await accounts.open(pat.memberNumber);
    await accounts.entitle(secret, pat.institutionUserId, { is_history_entitled: false });
    expect(await refusalOf(get({ ...byNumber(), accountId: secret.accountId }))).toEqual([404, 'BIS_20009']);
  });

  test('an account of which the core shows no history: 404 BIS_20009', async () => {
    const silent = await accounts.open(pat.memberNumber, { is_history_enabled: false });
    expect(await refusalOf(get({ ...byNumber(), accountId: silent.accountId }))).toEqual([404, 'BIS_20009']);
  });

  test('an account that has no cheques: 400 BIS_00006', async () => {
    const card = await accounts.open(pat.memberNumber, { account_type: 'CREDIT_CARD_LOAN' });
    expect(await refusalOf(get({ ...byNumber(), accountId: card.accountId }))).toEqual([400, 'BIS_00006']);
  });

  const settings: [string, Readonly<Record<string, boolean | number | string[]>>, number, string][] = [
    ['images are off (400 BIS_30002)', { isServed: false, hasCheques: false }, 400, 'BIS_30002'],
    ['cheques are off (400 BIS_30000)', { hasCheques: false }, 400, 'BIS_30000'],
    ['images of such accounts are off (400 BIS_30001)', { accountTypesWithout: ['CHECKING'] }, 400, 'BIS_30001'],
    ['the account types are not configured (400 BIS_00007)', { chequeAccountTypes: ['checking account'] }, 400, 'BIS_00007'],
    ['the transaction types are not configured (400 BIS_00008)', { transactionTypes: [] }, 400, 'BIS_00008'],
    ['cheques are not offered (400 BIS_00005)', { offered: ['STATEMENT'] }, 400, 'BIS_00005'],
    ['of such transactions no images are kept (404 BIS_30004)', { transactionTypes: ['DEPOSIT'] }, 404, 'BIS_30004'],
    ['images are kept for a year (400 BIS_00001)', { retentionYears: 1 }, 400, 'BIS_00001'],
  ];
  test.each(settings)('where %s', async (_what, images, status, code) => {
    await withPolicies(app, '00042', { images }, async () => {
      const query = images['retentionYears'] === 1 ? { ...byNumber(), transactionDate: '2025-04-09' } : byNumber();
      expect(await refusalOf(get(query))).toEqual([status, code]);
      expect(await refusalOf(get(query, cheque.id))).toEqual([status, code]);
    });
  });
});
