import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ContentType } from './alert-template.ts';
import { createFindValue } from './event-values.ts';
import { compileContent, renderContent } from './render-template.ts';
import { fitSms, measureSms } from './sms-length.ts';

const event = {
  eventDomainType: 'account',
  eventDetails: { eventId: 'e-1', eventType: 'LOW_BALANCE', additionalInfo: { Branch: 'Main' } },
  account: {
    accountNumber: '000123456789',
    nickName: 'Everyday',
    availableBalance: { currencyCode: 'USD', amount: 72.1 },
  },
  notification: { Name: '<b>&"' },
};

const render = (contentType: ContentType, text: string, variableMap: Record<string, string> = {}, of: object = event) =>
  renderContent(compileContent(contentType, text), createFindValue({ ...of }, variableMap));
const textOf = (...given: Parameters<typeof render>) => render(...given).text;

describe('a value is nothing but text where it is written', () => {
  test('it is escaped in a mail and on a page, and raw in a text message and a push message', () => {
    expect(textOf('EMAIL_BODY', '<p>${Name}</p>')).toBe('<p>&lt;b&gt;&amp;&quot;</p>');
    expect(textOf('WEB_BODY', '${Name}')).toBe('&lt;b&gt;&amp;&quot;');
    expect(textOf('SMS_BODY', '${Name}')).toBe('<b>&"');
    expect(textOf('PUSH_BODY', '${Name}')).toBe('<b>&"');
  });

  test('a line end in a value begins no header', () => {
    expect(textOf('EMAIL_SUBJECT', 'Hi ${X}', {}, { notification: { X: 'a\r\nBcc: all@example.com' } })).toBe(
      'Hi a Bcc: all@example.com',
    );
  });

  test('JSON stays JSON, whatever the value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (value) => {
        const { text } = render('WEB_JSON', '{"x":"${V}"}', {}, { notification: { V: value } });
        expect(JSON.parse(text)).toEqual({ x: value });
        expect(text).not.toContain('<');
      }),
    );
  });

  test('no value ends a tag or an attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', 'a', '$', '{', '}'), maxLength: 40 }), (value) => {
        const { text } = render('EMAIL_BODY', '<a title="${V}">', {}, { notification: { V: value } });
        expect(text.slice('<a title="'.length, -'">'.length)).not.toMatch(/[<>"']/u);
      }),
    );
  });
});

describe('a name is looked up', () => {
  test('in the map first: a path, or a literal', () => {
    expect(textOf('SMS_BODY', '${Name} ${B}', { Name: '=you', B: 'account.availableBalance' })).toBe('you USD 72.10');
  });

  test('then whatever its case in the parts of the event, in their order', () => {
    expect(textOf('SMS_BODY', '${branch} ${NICKNAME} ${EventType}')).toBe('Main Everyday LOW_BALANCE');
    const both = { notification: { X: 'first' }, account: { X: 'second' } };
    expect(textOf('SMS_BODY', '${X}', {}, both)).toBe('first');
  });

  test('and what has no value is left empty and named, once', () => {
    expect(render('SMS_BODY', '[${gone}${gone}${account}]')).toEqual({ text: '[]', unresolved: ['gone', 'account'] });
  });

  test('but never in what every object inherits', () => {
    expect(render('SMS_BODY', '${constructor}${toString}', { P: '__proto__.x' }).unresolved).toEqual(['constructor', 'toString']);
    expect(render('SMS_BODY', '${P}', { P: 'account.__proto__' }).unresolved).toEqual(['P']);
  });
});

test.each([
  ...['accountNumber', 'fromAccountNumber', 'to_account_number', 'acctNumber', 'accountNo', 'accountNum', 'acct_nbr'],
  ...['counterpartyAccountId', 'iban', 'creditorIBAN', 'cardNumber', 'debitCardNo', 'PAN', 'cardPan', 'account-number'],
])('%s shows its last four characters only', (name) => {
  expect(textOf('SMS_BODY', '${A}', { A: `notification.${name}` }, { notification: { [name]: 'XX0012345678' } })).toBe(
    '****5678',
  );
});

test.each(['company', 'accountName', 'urban', 'cardholder', 'accountNote', 'japan', 'nickname'])('%s is no number', (name) => {
  expect(textOf('SMS_BODY', '${A}', { A: `notification.${name}` }, { notification: { [name]: 'XX0012345678' } })).toBe(
    'XX0012345678',
  );
});

test('numbers of accounts and cards show their last four digits only', () => {
  expect(textOf('SMS_BODY', '${accountNumber} ${A}', { A: 'account.accountNumber' })).toBe('****6789 ****6789');
  expect(textOf('SMS_BODY', '${cardNumber}', {}, { transaction: { cardNumber: '4000123412341234' } })).toBe('****1234');
  expect(textOf('SMS_BODY', '${A}', { A: 'transaction.accountId' }, { transaction: { accountId: 'x'.repeat(43) } })).toBe(
    '****xxxx',
  );
});

test('only placeholders are replaced: expressions and values that look like one stay text', () => {
  expect(textOf('SMS_BODY', '${a b} $Name #{Name} ${{Name}}')).toBe('${a b} $Name #{Name} ${{Name}}');
  expect(textOf('SMS_BODY', '${X}', {}, { notification: { X: '${Name}', Name: 'secret' } })).toBe('${Name}');
});

test('attributes of another template engine are dropped', () => {
  expect(textOf('EMAIL_BODY', '<p th:text="${T(java.lang.Runtime)}" class="a">x</p>')).toBe('<p class="a">x</p>');
});

describe('text messages', () => {
  test.each([
    ['a'.repeat(160), 'GSM-7', 1],
    ['a'.repeat(161), 'GSM-7', 2],
    ['€'.repeat(80), 'GSM-7', 1],
    ['€'.repeat(81), 'GSM-7', 2],
    ['ł'.repeat(70), 'UCS-2', 1],
    ['ł'.repeat(71), 'UCS-2', 2],
    ['', 'GSM-7', 1],
  ] as const)('%# are counted by their encoding', (text, encoding, parts) => {
    expect(measureSms(text)).toEqual({ encoding, parts });
  });

  test('a text is cut where it would take more than six, and never inside a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '€', 'ł', '😀'), maxLength: 1500 }), (text) => {
        const cut = fitSms(text);
        expect(measureSms(cut).parts).toBeLessThanOrEqual(6);
        expect(cut.isWellFormed()).toBe(true);
        if (measureSms(text).parts <= 6) expect(cut).toBe(text);
      }),
    );
  });
});
