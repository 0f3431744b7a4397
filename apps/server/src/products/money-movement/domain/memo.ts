export type MemoRefusal = 'memosOff' | 'memoTooLong' | 'memoInvalid';

/** What a memo may hold goes to statements and to other banks' systems. */
export function checkMemo(
  memo: string | undefined,
  rules: { readonly hasMemos: boolean; readonly memoMaxLength: number },
): MemoRefusal | undefined {
  if (memo === undefined) return undefined;
  if (!rules.hasMemos) return 'memosOff';
  if (memo.length > rules.memoMaxLength) return 'memoTooLong';
  return /^[A-Za-z0-9 .,'\-&/#()]*$/u.test(memo) ? undefined : 'memoInvalid';
}
