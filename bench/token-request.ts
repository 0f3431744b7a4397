import type { PreparedRequest } from './http-request.ts';
import { application, institutionId, scopes } from './prepared-institution.ts';

const { clientId, clientSecret } = application;

const headers = {
  authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
  'content-type': 'application/x-www-form-urlencoded',
  transactionId: 'b1a7c7f0-5d5e-4f6a-9d5a-6a3f5f1d9a11',
  institutionId,
};

/** A V2 token call of the application, the same for every server. */
export function tokenRequest(fields: Readonly<Record<string, string>>): PreparedRequest {
  const body = new URLSearchParams({ ...fields, scope: scopes.join(' ') }).toString();
  return { method: 'POST', path: '/oauth2/v1/token', headers, body };
}

/** A customer signs in with login name and password. */
export function signInRequest(username: string, password: string): PreparedRequest {
  return tokenRequest({ grant_type: 'password', username, password });
}
