import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import type { Operation } from './operation.ts';

/**
 * Variables that example calls may name as `{{name}}`. The environment of the Postman collection gives each a value of
 * the running sandbox; documents that belong to no sandbox show the sample.
 */
export const environmentVariables = {
  baseUrl: { sample: 'http://localhost:8080', isSecret: false },
  sandboxKey: { sample: 'sandbox-key', isSecret: true },
  institutionId: { sample: '00042', isSecret: false },
  clientId: { sample: 'k3V9sQ7mZ1xT5bN8cR2wY6pL4hD0fG3jA9eU1iO5tB7nM2vX', isSecret: false },
  clientSecret: { sample: 'secret-of-the-partner', isSecret: true },
  mobileClientId: { sample: 'p8L2dF6gH0jK4lZ7xC1vB5nM9qW3eR6tY0uI4oP8aS2dF6gH', isSecret: false },
  mobileClientSecret: { sample: 'secret-of-the-mobile-app', isSecret: true },
  legacyClientId: { sample: 'a1S5dF9gH3jK7lQ2wE6rT0yU4iO8pZ1xC5vB9nM3aS7dF2gH', isSecret: false },
  legacyClientSecret: { sample: 'secret-of-the-legacy-partner', isSecret: true },
  customerId: { sample: '5b0c9e1f7a2d4c3e8f60a1b2c3d4e5f6', isSecret: false },
  institutionUserId: { sample: '7F3A9C1E5B2D4860E0630A0B0C0D0E0F', isSecret: false },
  loginId: { sample: 'avery.stone', isSecret: false },
  password: { sample: 'password-of-the-customer', isSecret: true },
  lockedCustomerId: { sample: 'c4d8e2f6a0b14c5d9e3f7a1b5c9d3e7f', isSecret: false },
  contactMethodId: { sample: '7100001', isSecret: false },
  now: { sample: '2026-06-19T02:21:33-07:00', isSecret: false },
} as const satisfies Record<string, { readonly sample: string; readonly isSecret: boolean }>;

export type EnvironmentVariable = keyof typeof environmentVariables;

/** A value for each variable of the environment. */
export type EnvironmentValues = Readonly<Record<EnvironmentVariable, string>>;

/** Variables that the Postman collection fills by itself as it runs, with samples for documents. */
export const storedVariables = {
  accessToken: 'eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl',
  userAccessToken: 'eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl',
  refreshToken: 'T3yBn8WqLz5XkR1vCm7HsJ2dPf9GaE4u',
  disposableToken: 'eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl',
  passcode: '048213',
  resetSession: 'w7QzN3bXk5RtYp1LmVc9Hd2SfJ6GaE4u',
  alertTypeId: '10001',
  institutionAlertTypeId: '10001',
  alertTemplateId: '10001',
  alertPreferenceId: '10001',
  institutionAlertPreferenceId: '10001',
  alertHistoryId: '1',
  alertEventId: '5cec1fc8-758c-4bdd-838c-86aee09bd8ad',
  legacyAccessToken: 'eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl',
} as const satisfies Record<string, string>;

export type StoredVariable = keyof typeof storedVariables;

/** Values that name nothing real, for documents that are committed. */
export function sampleValues(): Record<string, string> {
  const samples = Object.entries(environmentVariables).map(([name, { sample }]) => [name, sample]);
  return { ...storedVariables, ...Object.fromEntries(samples) };
}

/** Puts values in place of `{{name}}`; a name without a value stays as it is. */
export function fillVariables(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{(\w+)\}\}/gu, (placeholder, name: string) => values[name] ?? placeholder);
}

/** The body of the example call of `operation`, filled; undefined where it takes none. */
export function exampleBody(operation: Operation, values: Readonly<Record<string, string>>): JsonObject | undefined {
  const body = operation.example.body;
  return body === undefined ? undefined : fillMembers(body, values);
}

function fillMembers(object: JsonObject, values: Readonly<Record<string, string>>): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, fillValue(value, values)]));
}

function fillValue(value: JsonValue, values: Readonly<Record<string, string>>): JsonValue {
  if (typeof value === 'string') return fillVariables(value, values);
  if (isJsonObject(value)) return fillMembers(value, values);
  return Array.isArray(value) ? value.map((item: JsonValue) => fillValue(item, values)) : value;
}
