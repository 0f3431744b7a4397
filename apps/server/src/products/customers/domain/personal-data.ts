/** What an institution knows of a person beyond name and login. Absent: never given, or its key was destroyed. */
export interface PersonalData {
  /** Nine digits. */
  readonly ssn: string | undefined;
  /** `1989-10-09` */
  readonly birthDate: string | undefined;
  readonly motherMaidenName: string | undefined;
}

export type DocumentType =
  | 'DRIVERS_LICENSE'
  | 'PASSPORT'
  | 'STATE_ID'
  | 'SSN'
  | 'TIN'
  | 'EIN'
  | 'ITIN'
  | 'ATIN'
  | 'PTIN'
  | 'UNKNOWN';

export interface IdentificationDocument {
  /** Counts the documents of a user from 1. */
  readonly documentId: number;
  readonly documentType: DocumentType;
  /** `*****6789` */
  readonly maskedId: string;
  /** Undefined when the key of the institution was destroyed. */
  readonly number: string | undefined;
  readonly issuerState: string | undefined;
  readonly issuerCountry: string | undefined;
  /** Dates are `2024-05-31`. */
  readonly issuedDate: string | undefined;
  readonly expiryDate: string | undefined;
}

export type NewIdentificationDocument = Omit<IdentificationDocument, 'documentId' | 'maskedId' | 'number'> & {
  readonly number: string;
};

/** `*****6789`: the last four characters; of a short number only as many as leave half of it hidden. */
export function maskDocumentNumber(number: string): string {
  const shown = Math.min(4, Math.floor(number.length / 2));
  return `*****${shown === 0 ? '' : number.slice(-shown)}`;
}
