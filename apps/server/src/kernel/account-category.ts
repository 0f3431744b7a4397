/** Loans and cards are told as what is owed, so that their sign is the opposite of the ledger's. */
export function isOwed({ category }: { readonly category: string }): boolean {
  return category === 'LOAN' || category === 'TIERED_LOAN';
}
