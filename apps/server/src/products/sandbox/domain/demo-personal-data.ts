import { createSeededRandom } from './demo-people.ts';

/** Personal data of people who do not exist, the same for the same person of the seed. */
export interface DemoPersonalData {
  /** Of the 900 series, which no social security number belongs to. */
  readonly ssn: string;
  readonly birthDate: string;
  readonly motherMaidenName: string;
  readonly documents: readonly DemoDocument[];
}

export interface DemoDocument {
  readonly documentType: 'SSN' | 'DRIVERS_LICENSE' | 'PASSPORT' | 'EIN';
  readonly number: string;
  readonly issuerState: string | undefined;
  readonly issuerCountry: string;
  readonly issuedDate: string | undefined;
  readonly expiryDate: string | undefined;
}

const maidenNames = ['Applegarth', 'Brightwater', 'Coppermill', 'Dunnstable', 'Eastlake', 'Foxgrove', 'Goldsworth', 'Hartsfield'];

/** @param index Place of the person among the customers of the institution. */
export function demoPersonalData(institutionId: string, index: number, userType: 'RETAIL' | 'BUSINESS'): DemoPersonalData {
  const random = createSeededRandom(Number(institutionId) * 1000 + index);
  const upTo = (count: number): number => Math.floor(random() * count);
  const twoDigits = (number: number): string => String(number).padStart(2, '0');
  const ssn = `900${institutionId.slice(-2)}${String(1000 + index * 137 + upTo(100)).padStart(4, '0')}`;
  const birthDate = `${1950 + upTo(50)}-${twoDigits(1 + upTo(12))}-${twoDigits(1 + upTo(28))}`;
  const motherMaidenName = maidenNames[upTo(maidenNames.length)] ?? 'Applegarth';
  return { ssn, birthDate, motherMaidenName, documents: documentsOf(institutionId, index, userType, ssn) };
}

function documentsOf(
  institutionId: string,
  index: number,
  userType: 'RETAIL' | 'BUSINESS',
  ssn: string,
): readonly DemoDocument[] {
  const serial = `${institutionId}${String(index).padStart(3, '0')}`;
  const bare = { issuerState: undefined, issuerCountry: 'US', issuedDate: undefined, expiryDate: undefined };
  const own: DemoDocument = { ...bare, documentType: 'SSN', number: ssn };
  // No employer identification number begins with 00.
  if (userType === 'BUSINESS') return [own, { ...bare, documentType: 'EIN', number: `00${serial.slice(-7)}` }];
  const dated = { issuerCountry: 'US', issuedDate: '2023-04-17', expiryDate: '2033-04-17' };
  return index % 2 === 0
    ? [own, { ...dated, documentType: 'DRIVERS_LICENSE', number: `D${serial}`, issuerState: 'CA' }]
    : [own, { ...dated, documentType: 'PASSPORT', number: `X${serial}`, issuerState: undefined }];
}
