const secondsOf: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `90`, `90s`, `31m`, `2h`, `1d` and sums like `1h30m` in seconds; any other text stays as it is, to be refused. */
export function toSeconds(text: string): string {
  if (!/^(?:\d+[smhd])+$/u.test(text)) return text;
  const parts = [...text.matchAll(/(\d+)([smhd])/gu)];
  return String(parts.reduce((sum, [, amount, unit = 's']) => sum + Number(amount) * (secondsOf[unit] ?? 1), 0));
}
