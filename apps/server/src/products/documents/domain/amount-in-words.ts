const small = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
  'thirteen',
  'fourteen',
  'fifteen',
  'sixteen',
  'seventeen',
  'eighteen',
  'nineteen',
];
const tens = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const scales = ['', ' thousand', ' million', ' billion', ' trillion', ' quadrillion', ' quintillion'];

/** As a cheque says it: 123450 is "One thousand two hundred thirty-four and 50/100". @param minor Cents, not negative. */
export function amountInWords(minor: bigint): string {
  const [units, cents] = [minor / 100n, minor % 100n];
  const words = units === 0n ? 'zero' : groupsOf(units).reverse().join(' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} and ${String(cents).padStart(2, '0')}/100`;
}

/** Groups of three digits in words, the lowest first; groups of zeros are left out. */
function groupsOf(units: bigint): string[] {
  const groups: string[] = [];
  for (let [rest, scale] = [units, 0]; rest > 0n; [rest, scale] = [rest / 1000n, scale + 1]) {
    const group = Number(rest % 1000n);
    if (group > 0) groups.push(`${belowThousand(group)}${scales[scale] ?? ''}`);
  }
  return groups;
}

function belowThousand(value: number): string {
  const [hundreds, rest] = [Math.floor(value / 100), value % 100];
  const start = hundreds > 0 ? `${small[hundreds]} hundred` : '';
  return [start, rest > 0 ? belowHundred(rest) : ''].filter((part) => part !== '').join(' ');
}

function belowHundred(value: number): string {
  if (value < 20) return small[value] ?? '';
  const one = value % 10;
  return `${tens[Math.floor(value / 10)]}${one > 0 ? `-${small[one]}` : ''}`;
}
