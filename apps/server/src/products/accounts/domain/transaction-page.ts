import { accept, type Result, refuse } from '../../../kernel/result.ts';

export interface PageQuery {
  readonly $skip?: string | undefined;
  readonly $top?: string | undefined;
}

/** Which rows of the range are answered. Filters come later (contract sheet "Transactions", section 4). */
export interface Page {
  readonly skip: number;
  /** All when absent. */
  readonly take: number | undefined;
  /** Only a page that both parameters ask for is described in the answer. */
  readonly isDescribed: boolean;
}

/** No account has more rows; larger numbers mean the same. */
const greatest = 2_147_483_647;

/** @param minimumSize A smaller page is raised to it. */
export function decidePage({ $skip, $top }: PageQuery, minimumSize: number): Result<Page, 'queryInvalid' | 'pageInvalid'> {
  const skip = parseCount($skip ?? '0');
  if (typeof skip === 'string') return refuse(skip);
  const top = $top === undefined ? undefined : parseCount($top);
  if (typeof top === 'string') return refuse(top);
  return accept({
    skip,
    take: top === undefined ? undefined : Math.max(top, minimumSize),
    isDescribed: $skip !== undefined && top !== undefined,
  });
}

function parseCount(text: string): number | 'queryInvalid' | 'pageInvalid' {
  if (!/^-?\d+$/u.test(text)) return 'pageInvalid';
  const count = Number(text);
  return count < 0 ? 'queryInvalid' : Math.min(Math.abs(count), greatest);
}

export interface Pagination {
  readonly count: number;
  readonly top: number;
  readonly previous?: string;
  readonly next?: string;
}

/**
 * Absent when the page is not described, the range is empty, or the page begins behind its end.
 * @param count Rows of the range; needed only for a page that is described.
 * @param others Parameters that the links carry beside those of the page (TXN-S2), already in URL form.
 */
export function paginationOf(
  { skip, take, isDescribed }: Page,
  count: number | undefined,
  others: string,
): Pagination | undefined {
  if (!isDescribed || take === undefined || count === undefined || skip >= count) return undefined;
  const link = (to: number): string => `/transactions?$skip=${to}&$top=${take}${others}`;
  return {
    count,
    top: take,
    ...(skip > 0 && { previous: link(Math.max(0, skip - take)) }),
    ...(skip + take < count && { next: link(skip + take) }),
  };
}
