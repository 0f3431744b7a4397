/** People who do not exist, the same ones for the same seed. */

export const givenNames = [
  'Avery',
  'Blake',
  'Casey',
  'Devon',
  'Emery',
  'Finley',
  'Harper',
  'Indigo',
  'Jordan',
  'Kendall',
  'Logan',
  'Marlow',
  'Nico',
  'Oakley',
  'Parker',
  'Quinn',
  'Reese',
  'Sawyer',
  'Tatum',
  'Wren',
] as const;
export const familyNames = [
  'Ashdown',
  'Birchwood',
  'Cobblepot',
  'Driftwell',
  'Elderfield',
  'Fernhill',
  'Greenmoor',
  'Hollowell',
  'Ironside',
  'Juniper',
  'Kestrel',
  'Larkspur',
  'Meadows',
  'Northgate',
  'Oakhurst',
  'Pinewater',
  'Quillby',
  'Redfern',
  'Stonebrook',
  'Thistlewood',
] as const;

export interface DemoPerson {
  readonly firstName: string;
  readonly middleName: string;
  readonly lastName: string;
  readonly loginName: string;
  readonly emailAddress: string;
}

/** mulberry32: small, fast, and the same on every machine. For demo data only. */
export function createSeededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** As many people with different login names of 8 to 20 letters and digits. */
export function generatePeople(count: number, seed: number): readonly DemoPerson[] {
  const random = createSeededRandom(seed);
  const pick = <Name>(names: readonly Name[], otherwise: Name): Name => names[Math.floor(random() * names.length)] ?? otherwise;
  return Array.from({ length: count }, (_, index) => {
    const firstName = pick(givenNames, 'Avery');
    const lastName = pick(familyNames, 'Ashdown');
    const loginName = `${firstName}${lastName}`.toLowerCase().slice(0, 18) + String(index + 1).padStart(2, '0');
    return {
      firstName,
      middleName: String.fromCharCode(65 + Math.floor(random() * 26)),
      lastName,
      loginName,
      emailAddress: `${firstName}.${lastName}.${index + 1}@example.com`.toLowerCase(),
    };
  });
}
