import { BlockList, isIP } from 'node:net';

/** The block list of each set of rules is made once. */
const listsByRules = new WeakMap<readonly string[], BlockList>();

/** True when the address is one of, or lies in one of, the addresses and CIDR ranges; no rules allow every address. */
export function isAllowedAddress(rules: readonly string[], address: string): boolean {
  if (rules.length === 0) return true;
  let list = listsByRules.get(rules);
  if (list === undefined) {
    list = toBlockList(rules);
    listsByRules.set(rules, list);
  }
  // A dual-stack socket shows IPv4 peers as ::ffff:192.0.2.1.
  const plain = address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
  const version = isIP(plain);
  return version !== 0 && list.check(plain, version === 4 ? 'ipv4' : 'ipv6');
}

function toBlockList(rules: readonly string[]): BlockList {
  const list = new BlockList();
  for (const rule of rules) {
    const [address = '', prefix] = rule.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}
