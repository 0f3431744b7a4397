/** The last day of the month after the one that ends on `monthEnd`. Dates are YYYY-MM-DD. */
export function nextMonthEnd(monthEnd: string): string {
  return toDate(Date.UTC(Number(monthEnd.slice(0, 4)), Number(monthEnd.slice(5, 7)) + 1, 0));
}

export function isYearEnd(monthEnd: string): boolean {
  return monthEnd.endsWith('-12-31');
}

function toDate(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}
