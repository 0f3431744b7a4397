import { generateKeyPair } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Sql } from '../../../platform/db/database.ts';
import type { KeyRing } from '../../../platform/keys/key-ring.ts';
import { open, seal } from '../../../platform/keys/sealed-box.ts';
import { findSealedDocumentKey } from '../store/document-key-rows.ts';

/** Identification documents leave encrypted to a key of the institution. In a sandbox the developer has its other half. */
export interface DocumentKeyPair {
  /** SPKI, PEM. */
  readonly publicKey: string;
  readonly privateKeySealed: Buffer;
}

const generate = promisify(generateKeyPair);

export async function makeDocumentKeyPair(keyRing: KeyRing, institutionId: string): Promise<DocumentKeyPair> {
  const { publicKey, privateKey } = await generate('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { publicKey, privateKeySealed: seal(keyRing.key('sandbox'), contextOf(institutionId), Buffer.from(privateKey)) };
}

function contextOf(institutionId: string): string {
  return `document key ${institutionId}`;
}

/** The private key of an institution, PKCS #8, PEM; undefined when it has none that we hold. */
export async function readDocumentKey(sql: Sql, keyRing: KeyRing, institutionId: string): Promise<string | undefined> {
  const sealed = await findSealedDocumentKey(sql, institutionId);
  return sealed === undefined ? undefined : open(keyRing.key('sandbox'), contextOf(institutionId), sealed).toString();
}

/** Name of the file in the data directory that holds the private key of an institution. */
export function documentKeyFile(institutionId: string): string {
  return `document-key-${institutionId}.pem`;
}

/** Writes the private keys into the data directory, readable by their owner only. */
export async function writeDocumentKeys(
  dataDirectory: string,
  sql: Sql,
  keyRing: KeyRing,
  institutionIds: readonly string[],
): Promise<void> {
  for (const institutionId of institutionIds) {
    const privateKey = await readDocumentKey(sql, keyRing, institutionId);
    if (privateKey === undefined) continue;
    await writeFile(join(dataDirectory, documentKeyFile(institutionId)), privateKey, { mode: 0o600 });
  }
}
