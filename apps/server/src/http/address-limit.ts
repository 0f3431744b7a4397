/**
 * Forms that anybody may send, counted by address in windows of five minutes, so that one visitor can neither fill the
 * queue nor try passcodes of many users in turn. Each process counts for itself.
 */
export interface AddressLimit {
  /** @returns Seconds to wait, or undefined when the form may be looked at. */
  take(address: string): number | undefined;
}

const windowMs = 300_000;
/** Beyond this many addresses the window is full for newcomers: memory has an end. */
const mostAddresses = 100_000;

export function createAddressLimit(formsInWindow: number): AddressLimit {
  const counts = new Map<string, number>();
  let endsAt = 0;
  return {
    take: (address) => {
      const now = performance.now();
      if (now >= endsAt) {
        counts.clear();
        endsAt = now + windowMs;
      }
      const count = counts.get(address) ?? 0;
      const isFull = count === 0 && counts.size >= mostAddresses;
      if (isFull || count >= formsInWindow) return Math.ceil((endsAt - now) / 1000);
      counts.set(address, count + 1);
      return undefined;
    },
  };
}
