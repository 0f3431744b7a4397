// Says which imports break the rules of .dependency-cruiser.mjs, and why each rule is there.
import { join } from 'node:path';
import { cruiseImports } from './cruise-imports.ts';

const { seen, unseen, violations } = await cruiseImports(join(import.meta.dirname, '..'));
const reasons = new Map(violations.map(({ rule, reason }) => [rule, reason]));
for (const [rule, reason] of reasons) {
  console.log(`${rule}: ${reason}`);
  for (const { from, to } of violations.filter((violation) => violation.rule === rule)) console.log(`  ${from} -> ${to}`);
}
if (unseen.length > 0) console.log(`Not read, so not checked: ${unseen.join(', ')}`);
if (seen.length === 0) console.log('No module was read: the parser does not work.');
console.log(`${seen.length} modules, ${violations.length} forbidden imports`);
process.exitCode = violations.length + unseen.length > 0 || seen.length === 0 ? 1 : 0;
