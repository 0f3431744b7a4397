import { randomUUID } from 'node:crypto';
import { type ApiCaller, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { eventually } from '@openbranch/testkit/eventually';
import { createJsonCall, type JsonCall } from '@openbranch/testkit/json-call';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAlertCatalogues } from './alert-catalogues.ts';

let app: TestApp;
let second: TestApp;
let api: ApiCaller;
let call: JsonCall;
let elsewhere: JsonCall;

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits, runsJobs: true });
  second = await createTestApp({ sharedWith: app });
  api = createApiCaller(app);
  call = createJsonCall(api, await api.partnerToken());
  elsewhere = createJsonCall(createApiCaller(second), await createApiCaller(second).partnerToken());
});
afterAll(async () => {
  await second.close();
  await app.close();
});

const own = { alertTypeName: 'WEATHER', alertCategory: 'X', eventTypeDomain: 'USER', channels: 'EMAIL' };

describe('the catalogue of an institution', () => {
  test('is read once, and again when it was changed', async () => {
    const catalogues = createAlertCatalogues(app.database.sql);
    const [first, together] = await Promise.all([catalogues.of(api.institutionId), catalogues.of(api.institutionId)]);
    expect(together).toBe(first);
    expect(await catalogues.of(api.institutionId)).toBe(first);
    catalogues.drop('99999');
    expect(await catalogues.of(api.institutionId)).toBe(first);
    catalogues.drop(api.institutionId);
    expect(await catalogues.of(api.institutionId)).not.toBe(first);
  });

  test('that was being read while it was changed is not kept', async () => {
    const catalogues = createAlertCatalogues(app.database.sql);
    const before = catalogues.of(api.institutionId);
    catalogues.drop(api.institutionId);
    const after = await catalogues.of(api.institutionId);
    expect(await before).not.toBe(after);
    expect(await catalogues.of(api.institutionId)).toBe(after);
  });

  test('makes room for another one when there is too much of it', async () => {
    const catalogues = createAlertCatalogues(app.database.sql, 1);
    const first = await catalogues.of(api.institutionId);
    expect(await catalogues.of(api.institutionId)).not.toBe(first);
  });

  test('is read again after a failure', async () => {
    const { sql } = app.database;
    await sql`alter table alert_templates rename to gone`;
    const catalogues = createAlertCatalogues(sql);
    await expect(catalogues.of(api.institutionId)).rejects.toThrow('alert_templates');
    await sql`alter table gone rename to alert_templates`;
    expect((await catalogues.of(api.institutionId)).typesByName.size).toBeGreaterThan(8);
  });
});

test('what is changed at one process is obeyed by the pipeline of another, step by step', async () => {
  const { loginId } = api.customer({ state: 'active', userType: 'RETAIL', role: 'PRIMARY' });
  const becomes = (reason: string) =>
    eventually(async () => {
      const eventId = randomUUID();
      const eventDetails = { eventId, eventType: own.alertTypeName, institutionId: api.institutionId };
      const event = { eventDomainType: 'user', eventDetails, user: {} };
      expect((await call('POST', `/v1/realtime-events?loginId=${loginId}`, event)).statusCode).toBe(202);
      const found = await eventually(async () => {
        const answer = (await call('GET', `/v1/alert-events/${eventId}/explanation`)).json();
        return answer.state === 'ACCEPTED' ? undefined : answer;
      });
      return (found.outcomes[0].reason ?? 'sent') === reason;
    });
  const done = async (method: 'POST' | 'PUT' | 'DELETE', path: string, body?: object) => {
    const answer = await elsewhere(method, path, body);
    expect([method, path, answer.statusCode]).toEqual([method, path, expect.toSatisfy((status) => status < 205)]);
    return answer.statusCode === 204 ? {} : answer.json();
  };
  await becomes('UNKNOWN_TYPE');
  const { alertTypeId } = await done('POST', '/v1/alert-types', own);
  await becomes('NOT_WHITELISTED');
  const optIn = { alertTypeName: own.alertTypeName, channelsOptd: 'EMAIL' };
  const { institutionAlertTypeId } = await done('POST', '/v1/institution-alert-types', optIn);
  await becomes('CHANNEL_NOT_OPTED');
  const preference = { alertTypeName: own.alertTypeName, channelTypeName: 'EMAIL', alertOpted: true };
  const { institutionAlertPrefId } = await done('POST', '/v1/institution-alert-preferences', preference);
  await becomes('NO_TEMPLATE');
  const templateContents = [
    { channelType: 'EMAIL', templateContentType: 'EMAIL_SUBJECT', templateContent: 'Rain' },
    { channelType: 'EMAIL', templateContentType: 'EMAIL_BODY', templateContent: 'It rains.' },
  ];
  const words = { alertTypeName: own.alertTypeName, state: 'PUBLISHED', templateContents };
  const { alertTemplateResourceId } = await done('POST', '/v1/alert-templates', words);
  await becomes('sent');
  await done('PUT', '/v1/alert-types', { alertTypeId, status: 'INACTIVE' });
  await becomes('TYPE_INACTIVE');
  await done('PUT', '/v1/alert-types', { alertTypeId, status: 'ACTIVE' });
  await becomes('sent');
  await done('PUT', `/v1/institution-alert-preferences/${institutionAlertPrefId}`, { alertOpted: false });
  await becomes('USER_OPTED_OUT');
  await done('DELETE', `/v1/institution-alert-preferences/${institutionAlertPrefId}`);
  await becomes('CHANNEL_NOT_OPTED');
  await done('POST', '/v1/institution-alert-preferences', preference);
  await done('PUT', '/v1/alert-templates', { alertTemplateResourceId, state: 'ARCHIVED' });
  await becomes('NO_TEMPLATE');
  await done('PUT', '/v1/institution-alert-types', { institutionAlertTypeId, statusOptd: 'INACTIVE' });
  await becomes('NOT_WHITELISTED');
  await done('DELETE', `/v1/alert-templates?id=${alertTemplateResourceId}`);
  await done('PUT', '/v1/institution-alert-types', { institutionAlertTypeId, statusOptd: 'ACTIVE' });
  await becomes('NO_TEMPLATE');
  await done('DELETE', `/v1/institution-alert-types/${institutionAlertTypeId}`);
  await becomes('NOT_WHITELISTED');
  await done('DELETE', `/v1/alert-types/${alertTypeId}`);
  await becomes('UNKNOWN_TYPE');
});
