import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/**
 * Verifies or hashes passwords for some seconds, a number of them at a time, with the parameters of Openbranch and a
 * secret, and says how many were done a second: the floor of signing in and of registering.
 */
const [seconds = '5', width = '2', what = 'verify'] = process.argv.slice(2);
const options = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32, secret: randomBytes(32) };
const password = 'correct horse battery staple';
const stored = await hash(password, options);
const startedAt = performance.now();
const endsAt = startedAt + Number(seconds) * 1000;
let done = 0;

async function once(): Promise<void> {
  if (what === 'hash') await hash(password, options);
  else if (!(await verify(stored, password, options))) throw new Error('The password does not match.');
}

async function workUntilEnd(): Promise<void> {
  while (performance.now() < endsAt) {
    await once();
    done += 1;
  }
}

await Promise.all(Array.from({ length: Number(width) }, workUntilEnd));
console.log(done / ((performance.now() - startedAt) / 1000));
