import { expect, test } from 'vitest';
import { readConfig } from '../src/config.ts';

const mail = {
  OPENBRANCH_SMTP_URL: 'smtp://user:secret@mail.example:587',
  OPENBRANCH_MAIL_FROM: 'Example Bank <no-reply@bank.example>',
};
const webhook = { OPENBRANCH_DELIVERY_WEBHOOK_URL: 'https://sms.example/in', OPENBRANCH_DELIVERY_WEBHOOK_SECRET: 'x'.repeat(32) };

test('mail server and service of the settings are used', () => {
  expect(readConfig({ ...mail, ...webhook }).providers).toEqual({
    mail: { smtpUrl: mail.OPENBRANCH_SMTP_URL, from: mail.OPENBRANCH_MAIL_FROM },
    webhook: { url: webhook.OPENBRANCH_DELIVERY_WEBHOOK_URL, secret: webhook.OPENBRANCH_DELIVERY_WEBHOOK_SECRET },
  });
  expect(readConfig({}).providers).toEqual({ mail: undefined, webhook: undefined });
});

test('production does not start without a mail sender, and says so', () => {
  expect(() => readConfig({ OPENBRANCH_MODE: 'production' })).toThrow(/OPENBRANCH_SMTP_URL, OPENBRANCH_MAIL_FROM/u);
});

test.each([
  [{ ...mail, OPENBRANCH_SMTP_URL: 'mail.example' }, 'OPENBRANCH_SMTP_URL must be'],
  [{ ...mail, OPENBRANCH_SMTP_URL: 'https://mail.example' }, 'OPENBRANCH_SMTP_URL must be'],
  [{ ...mail, OPENBRANCH_MAIL_FROM: 'nobody' }, 'OPENBRANCH_MAIL_FROM must be'],
  [{ OPENBRANCH_SMTP_URL: mail.OPENBRANCH_SMTP_URL }, 'OPENBRANCH_MAIL_FROM must be'],
  [{ ...webhook, OPENBRANCH_DELIVERY_WEBHOOK_URL: 'ftp://sms.example' }, 'OPENBRANCH_DELIVERY_WEBHOOK_URL must be'],
  [{ ...webhook, OPENBRANCH_DELIVERY_WEBHOOK_SECRET: 'short' }, 'OPENBRANCH_DELIVERY_WEBHOOK_SECRET must have'],
  [{ OPENBRANCH_DELIVERY_WEBHOOK_URL: webhook.OPENBRANCH_DELIVERY_WEBHOOK_URL }, 'OPENBRANCH_DELIVERY_WEBHOOK_SECRET must have'],
])('a setting that cannot work is named at the start: %o', (environment, message) => {
  expect(() => readConfig(environment)).toThrow(message);
});
