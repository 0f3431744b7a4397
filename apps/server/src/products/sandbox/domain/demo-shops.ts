/** Where people who do not exist spend their money: names that belong to nobody. */
export interface Shop {
  readonly name: string;
  readonly category: string;
  /** In cents. */
  readonly least: number;
  readonly most: number;
}

export const everydayShops: readonly Shop[] = [
  { name: 'Greenbasket Market', category: 'Groceries', least: 1_800, most: 14_500 },
  { name: 'Corner Pantry', category: 'Groceries', least: 600, most: 4_200 },
  { name: 'Harvest Lane Foods', category: 'Groceries', least: 2_200, most: 16_000 },
  { name: 'Bluebird Coffee', category: 'Restaurants', least: 350, most: 1_450 },
  { name: 'Noodle Yard', category: 'Restaurants', least: 1_100, most: 3_900 },
  { name: 'Quickfill Fuel', category: 'Gas', least: 2_400, most: 6_800 },
  { name: 'Wellspring Pharmacy', category: 'Health', least: 550, most: 7_600 },
  { name: 'Metro Transit', category: 'Transport', least: 275, most: 3_000 },
];

export const cardShops: readonly Shop[] = [
  { name: 'Parcelport Online', category: 'Shopping', least: 900, most: 13_900 },
  { name: 'Lumen Electronics', category: 'Electronics', least: 1_900, most: 24_900 },
  { name: 'Willow & Thread', category: 'Clothing', least: 1_800, most: 12_400 },
  { name: 'Trailhead Outfitters', category: 'Sports', least: 1_500, most: 16_900 },
  { name: 'Marquee Cinemas', category: 'Entertainment', least: 1_200, most: 4_800 },
  { name: 'Saffron Table', category: 'Restaurants', least: 2_400, most: 11_800 },
  { name: 'Streamfield', category: 'Subscriptions', least: 1_199, most: 1_199 },
  { name: 'Skylark Air', category: 'Travel', least: 12_900, most: 48_900 },
  { name: 'Hearthside Home', category: 'Home', least: 1_600, most: 18_700 },
];

export const businessShops: readonly Shop[] = [
  { name: 'Paperclip Office Supply', category: 'Office', least: 1_900, most: 24_000 },
  { name: 'Freightway Parcel', category: 'Shipping', least: 1_200, most: 18_000 },
  { name: 'Cloudnest Hosting', category: 'Software', least: 4_900, most: 4_900 },
  { name: 'Bolt & Beam Wholesale', category: 'Supplies', least: 9_500, most: 64_000 },
  { name: 'Quickfill Fuel', category: 'Gas', least: 3_400, most: 9_800 },
];

/** Bills of every month: day, payee, cents. */
export const householdBills = [
  { dayOfMonth: 3, payee: 'Brightwire Energy', least: 6_400, most: 14_800 },
  { dayOfMonth: 8, payee: 'Clearbrook Water', least: 2_800, most: 5_200 },
  { dayOfMonth: 12, payee: 'Northline Internet', least: 6_499, most: 6_499 },
  { dayOfMonth: 18, payee: 'Tandem Mobile', least: 4_500, most: 6_200 },
  { dayOfMonth: 22, payee: 'Shelterwell Insurance', least: 11_840, most: 11_840 },
] as const;

export const chequePayees = [
  'Maple Street School',
  'Dr. Ines Halloway',
  'Fernhill Gardening',
  'Riverside Youth Club',
  'Oak & Son Plumbing',
];

export const employers = ['Northgate Logistics', 'Juniper Health', 'Stonebrook Schools', 'Kestrel Software'];
