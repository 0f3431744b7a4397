/** `true` in any case; anything else, and absence, is not. */
export function isTrue(text: string | undefined): boolean {
  return text?.toLowerCase() === 'true';
}
