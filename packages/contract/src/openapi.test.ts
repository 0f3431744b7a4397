import Type from 'typebox';
import { describe, expect, test } from 'vitest';
import { answerableErrors } from './answerable-errors.ts';
import { unlockUser } from './customers/operations.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import { type OpenApiDocument, openApiDocument } from './openapi.ts';
import { operation } from './operation.ts';
import { operations } from './operations.ts';

const options = { operations, serverUrl: 'https://bank.example', mode: 'sandbox', version: '1.2.3' } as const;
const document = openApiDocument(options);

describe('the OpenAPI document', () => {
  test.each(Object.values(operations))('shows operation $id under its canonical path and verb', (operation) => {
    expect(at(document, operation.path, operation.method)['operationId']).toBe(operation.id);
  });

  test.each(Object.values(operations))('names every refusal of $id under its status, with its code', (operation) => {
    const responses = objectAt(at(document, operation.path, operation.method), 'responses');
    for (const name of operation.errors) expect(answerableErrors(operation).map((error) => error.name)).toContain(name);
    for (const { name, row } of answerableErrors(operation)) {
      const content = objectAt(objectAt(responses, String(row.status)), 'content');
      const media = content['application/json'] ?? content['application/xml'];
      const example = isJsonObject(media) ? objectAt(objectAt(media, 'examples'), name) : {};
      expect(JSON.stringify(example['value'])).toContain(`"${row.code}"`);
    }
  });

  test('has each operation once, whatever aliases it has, and every other verb under a name of its own', () => {
    const ids = Object.values(document.paths).flatMap((item) => Object.values(item).map((method) => method['operationId']));
    expect(ids).toHaveLength(new Set(ids).size);
    expect(ids).toContain('revokeTokenByPost');
    expect(Object.keys(document.paths)).not.toContain('/v1/token');
    expect(at(document, '/oauth2/v1/token', 'POST')['x-aliases']).toEqual(['/v1/token']);
  });

  test('leaves the control of the sandbox out in production', () => {
    const production = openApiDocument({ ...options, mode: 'production' });
    expect(JSON.stringify(production)).not.toMatch(/\/sandbox\/v1|x-sandbox-key|SBX_/u);
    expect(Object.keys(production.paths)).toContain('/v1/customers/{customerId}:unlock-user');
  });

  test('says which scopes a token needs and where a token comes from', () => {
    expect(at(document, unlockUser.path, 'PUT')['security']).toEqual([
      { tokenV2: [] },
      { bearerV2: ['institution-users:write'] },
    ]);
    const flows = objectAt(objectAt(document.components.securitySchemes, 'bearerV2'), 'flows');
    expect(objectAt(flows, 'clientCredentials')).toMatchObject({
      tokenUrl: 'https://bank.example/oauth2/v1/token',
      scopes: { 'institution-users:write': expect.any(String) },
    });
  });

  test('tells where the trace header goes in and that it comes back', () => {
    const unlock = at(document, unlockUser.path, 'PUT');
    expect(unlock['parameters']).toContainEqual(
      expect.objectContaining({
        name: 'correlationId',
        in: 'header',
        required: true,
        schema: { type: 'string', format: 'uuid' },
      }),
    );
    for (const response of Object.values(objectAt(unlock, 'responses'))) {
      expect(response).toHaveProperty('headers.correlationId');
    }
  });

  test('shows the form field that no call can do without as required', () => {
    expect(at(document, '/oauth2/v1/token', 'POST')).toHaveProperty(
      ['requestBody', 'content', 'application/x-www-form-urlencoded', 'schema', 'required'],
      ['grant_type'],
    );
  });

  test('names the root of an XML answer', () => {
    const responses = objectAt(at(document, '/v1/oauth/token', 'POST'), 'responses');
    expect(responses).toHaveProperty(['200', 'content', 'application/xml', 'schema', 'xml'], { name: 'token' });
    expect(document.components.schemas).toHaveProperty('LegacyStatus.xml.name', 'Status');
  });

  test('names the header by which a stored answer is known', () => {
    const guarded = operation({ ...unlockUser, id: 'guarded', hasReplayGuard: true });
    const paths = openApiDocument({ ...options, operations: { guarded } });
    expect(at(paths, guarded.path, 'PUT')).toHaveProperty(['responses', '204', 'headers', 'x-replayed']);
  });

  test('refers only to components that are there, and keeps none that nothing refers to', () => {
    const text = JSON.stringify(document);
    const referred = new Set([...text.matchAll(/#\/components\/schemas\/(\w+)/gu)].map((match) => match[1]));
    expect([...referred].sort()).toEqual(Object.keys(document.components.schemas).sort());
  });

  test('shows the values that it is given in its examples', () => {
    const filled = openApiDocument({ ...options, values: { institutionId: '73105' } });
    expect(at(filled, '/oauth2/v1/token', 'POST')['parameters']).toContainEqual(
      expect.objectContaining({ name: 'institutionId', example: '73105' }),
    );
    expect(JSON.stringify(filled)).not.toContain('{{');
  });

  test('shows schemas without a name in place', () => {
    const plain = operation({
      ...unlockUser,
      id: 'plain',
      success: { status: 200, body: Type.Object({ seen: Type.Boolean() }) },
    });
    const shown = openApiDocument({ ...options, operations: { plain } });
    expect(at(shown, plain.path, 'PUT')).toHaveProperty(['responses', '200', 'content', 'application/json', 'schema'], {
      type: 'object',
      required: ['seen'],
      properties: { seen: { type: 'boolean' } },
    });
  });
});

function at(shown: OpenApiDocument, path: string, method: string): JsonObject {
  return shown.paths[path]?.[method.toLowerCase()] ?? {};
}

function objectAt(parent: JsonObject, member: string): JsonObject {
  const value: JsonValue | undefined = parent[member];
  return isJsonObject(value) ? value : {};
}
