import type { Operation } from '../../packages/contract/src/operation.ts';
import { operations } from '../../packages/contract/src/operations.ts';
import { operationsByProduct, products } from '../../packages/contract/src/products.ts';
import { code, codes, page, table } from './markdown.ts';

/** docs/reference/operations.md */
export function operationsPage(): string {
  return page('Operations', 'packages/contract', [
    'Every operation of the API. Each path is also served below `/digitalbanking`, `/digitalbanking/stage` and `/digitalbanking/sandbox`.',
    'The family decides the token, the trace header, the look of errors and the [codes](errors.md) of the failures that are not of one operation alone.',
    ...operationsByProduct(operations).flatMap(([product, members]) => [
      `## ${products[product].title}`,
      products[product].description,
      table(['Operation', 'Method', 'Path', 'Aliases', 'Scopes', 'Family'], members.map(operationRow)),
    ]),
  ]);
}

function operationRow(operation: Operation): string[] {
  const methods = [operation.method, ...(operation.verbAliases ?? []).map((alias) => alias.method)];
  return [
    code(operation.id),
    methods.join(', '),
    code(operation.path),
    codes(operation.aliases ?? []),
    codes(operation.scopes),
    `${operation.family.name} (${operation.family.title})`,
  ];
}
