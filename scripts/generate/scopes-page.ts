import type { Operation } from '../../packages/contract/src/operation.ts';
import { operations } from '../../packages/contract/src/operations.ts';
import { scopes } from '../../packages/contract/src/scopes.ts';
import { code, codes, page, table } from './markdown.ts';

/** docs/reference/scopes.md */
export function scopesPage(): string {
  return page('Scopes', 'packages/contract/src/scopes.ts', [
    'An application asks for scopes when it gets a token, and gets no more than it is allowed. Names are case-sensitive.',
    table(
      ['Scope', 'Opens', 'Operations'],
      Object.entries(scopes).map(([name, opens]) => [code(name), opens, codes(operationsWith(name))]),
    ),
  ]);
}

function operationsWith(scope: string): string[] {
  const all: readonly Operation[] = Object.values(operations);
  return all.filter((operation) => operation.scopes.some((name) => name === scope)).map((operation) => operation.id);
}
