/** The roles that places among the ten customers of an institution play; `seed-plan.ts` gives the rest of them. */
export const places = {
  everyKind: 0,
  partnerOne: 1,
  partnerTwo: 2,
  withoutAccounts: 3,
  primary: 4,
  subUser: 5,
  business: 6,
} as const;

export function keyOf(place: number, slot: number): bigint {
  return BigInt((place + 1) * 1000 + slot);
}
