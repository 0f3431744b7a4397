import { timingSafeEqual } from 'node:crypto';
import type { Application } from '../../../kernel/application.ts';
import type { KeyRing } from '../../../platform/keys/key-ring.ts';
import type { ApplicationDirectory } from '../store/application-directory.ts';
import type { SecretUsage } from '../store/secret-usage.ts';

const basic = /^basic +([A-Za-z0-9+/_-]+={0,2})$/iu;
const longestHeader = 1024;
const noSecret = Buffer.alloc(32);

/**
 * HTTP Basic with the keys of an application (RFC 7617); padding of the base64 is optional. Any live secret opens, so
 * that a secret can be changed without a gap. An unknown application costs the same HMAC and comparison as a known one.
 */
export function createAuthenticateClient(applications: ApplicationDirectory, keyRing: KeyRing, usage: SecretUsage) {
  return (authorization: string | undefined): Application | undefined => {
    if (authorization === undefined || authorization.length > longestHeader) return undefined;
    const encoded = basic.exec(authorization)?.[1];
    if (encoded === undefined) return undefined;
    const pair = Buffer.from(encoded, 'base64').toString('utf8');
    const colon = pair.indexOf(':');
    if (colon === -1) return undefined;
    const clientId = pair.slice(0, colon);
    const presented = hashApplicationSecret(keyRing, clientId, pair.slice(colon + 1));
    const now = Date.now();
    const live = applications.secretsOf(clientId).filter(({ expiresAt }) => expiresAt === undefined || expiresAt.getTime() > now);
    if (live.length === 0) {
      timingSafeEqual(presented, noSecret);
      return undefined;
    }
    const matching = live.find(({ secretHash }) => timingSafeEqual(presented, secretHash));
    if (matching === undefined) return undefined;
    usage.note(clientId, matching.secretId, now);
    return applications.find(clientId);
  };
}

/** How a secret is stored: HMAC-SHA-256 under its own key, bound to its application. */
export function hashApplicationSecret(keyRing: KeyRing, clientId: string, secret: string): Buffer {
  return keyRing.hmac('application-secret', `${clientId}:${secret}`);
}
