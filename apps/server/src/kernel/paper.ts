/** A printed document as data: rules say what stands in it, the platform sets it on pages. */
export interface Paper {
  readonly title: string;
  /** Whose letterhead it bears. */
  readonly issuer: string;
  /** Lines of an address, or what else tells to whom it goes. */
  readonly recipient: readonly string[];
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly table: PaperTable;
  readonly notes: readonly string[];
  /** Written into the file, so that the same document is the same bytes. */
  readonly madeAt: Date;
}

export interface PaperTable {
  readonly columns: readonly PaperColumn[];
  readonly rows: readonly (readonly string[])[];
  readonly whenEmpty: string;
}

export interface PaperColumn {
  readonly heading: string;
  /** Parts of the width of all columns. */
  readonly share: number;
  readonly align: 'left' | 'right';
}
