import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/**
 * Verifies one password for some seconds, a number of them at a time, with the parameters of Openbranch and a secret,
 * and says how many were done a second: the floor of signing in.
 */
const [seconds = '5', width = '2'] = process.argv.slice(2);
const options = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32, secret: randomBytes(32) };
const stored = await hash('correct horse battery staple', options);
const startedAt = performance.now();
const endsAt = startedAt + Number(seconds) * 1000;
let done = 0;

async function verifyUntilEnd(): Promise<void> {
  while (performance.now() < endsAt) {
    if (!(await verify(stored, 'correct horse battery staple', options))) throw new Error('The password does not match.');
    done += 1;
  }
}

await Promise.all(Array.from({ length: Number(width) }, verifyUntilEnd));
console.log(done / ((performance.now() - startedAt) / 1000));
