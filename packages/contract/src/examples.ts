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
  otherCustomerId: { sample: 'd1f5a9c3e7b24a6c8d0e2f4a6b8c0d1e', isSecret: false },
  otherContactMethodId: { sample: '7100002', isSecret: false },
  contactMethodId: { sample: '7100001', isSecret: false },
  institutionDisclosureId: { sample: '4D8E2F6A0B14C5D9E3F7A1B5C9D3E7F1', isSecret: false },
  institutionUserDisclosureId: { sample: '9E3F7A1B5C9D3E7F14D8E2F6A0B14C5D', isSecret: false },
  memberNumber: { sample: '1000204200', isSecret: false },
  accountId: { sample: 'kP3vXw0m2nD1cYtB7rQeZsJ5uHfLgA8oNi4MxC6bRdE', isSecret: false },
  otherAccountId: { sample: 'Zt5mQ8wLr2XcV9bNa4HsKd7GjF1yEuP0oTi3RxC6vWk', isSecret: false },
  cardAccountId: { sample: 'Qw7eRt2yUi9oPa4sDf6gHj1kLz8xCv3bNm5QwErTy0U', isSecret: false },
  loanAccountId: { sample: 'Mn4bVc9xZl2kJh7gFd5sAp8oIu1yTr6eWq3MnBvCxZ0', isSecret: false },
  imageIdentifier: { sample: 'Hj6kLp2oIu9yTr4eWq7aSd1fGh8jKl3zXc5vBnM0QwE', isSecret: false },
  now: { sample: '2026-06-19T02:21:33-07:00', isSecret: false },
  dayAgo: { sample: '2026-06-18T02:21:33-07:00', isSecret: false },
  dayAhead: { sample: '2026-06-20T02:21:33-07:00', isSecret: false },
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
  holdId: 'Kt8sVd3wQe7rTy1uIo5pAs9dFg2hJk6lZx0cVb4nMqW',
  alertTypeId: '10001',
  institutionAlertTypeId: '10001',
  alertTemplateId: '10001',
  alertPreferenceId: '10001',
  institutionAlertPreferenceId: '10001',
  recipientId: '6F1E0A9B8C7D4E5F80123456789ABCDE',
  scheduleId: '0A1B2C3D4E5F60718293A4B5C6D7E8F9',
  bankingImageId: '202601',
  destinationId: '7200001',
  subscriptionId: '2f6d1c0b9a8e4f7d8c6b5a4938271605',
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
