/**
 * Forms that anybody may send, counted by address (of IPv6 by network) in windows of five minutes, so that one visitor can neither fill the
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
      const network = networkOf(address);
      const now = performance.now();
      if (now >= endsAt) {
        counts.clear();
        endsAt = now + windowMs;
      }
      const count = counts.get(network) ?? 0;
      const isFull = count === 0 && counts.size >= mostAddresses;
      if (isFull || count >= formsInWindow) return Math.ceil((endsAt - now) / 1000);
      counts.set(network, count + 1);
      return undefined;
    },
  };
}

/** One line of a provider has 2^64 addresses of IPv6: they count as one. */
function networkOf(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address;
  const [lead = '', tail] = address.split('::');
  const groups = lead === '' ? [] : lead.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - groups.length - last.length) }, () => '0');
  return [...groups, ...zeros, ...last]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
