/** Text from a server must not steer the terminal: control characters become question marks. */
export function toPrintable(text: string): string {
  return text.replace(/\p{Cc}+/gu, '?');
}
