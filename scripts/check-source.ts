// Says where names, folders, texts or tables break the rules of this repository.
import { join } from 'node:path';
import { findSourceProblems } from './source-rules.ts';

const problems = findSourceProblems(join(import.meta.dirname, '..'));
for (const problem of problems) console.log(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
