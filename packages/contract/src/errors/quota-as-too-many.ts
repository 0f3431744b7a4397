/** Refusals by quota and spike with the status that HTTP has for them (CR-49). */
export const quotaAsTooMany = {
  switchKey: 'quota.http',
  value: '429',
  rows: { quotaExceeded: { status: 429 }, spikeExceeded: { status: 429 } },
} as const;
