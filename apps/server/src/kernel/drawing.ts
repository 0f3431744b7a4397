/** A drawing as data: rules lay out, the platform paints. Units are pixels of a picture with 200 dots an inch. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly items: readonly DrawingItem[];
}

export type DrawingItem =
  | {
      readonly kind: 'text';
      /** Of the base line's start, or of its end where the anchor says so. */
      readonly x: number;
      readonly y: number;
      /** Height of the font. */
      readonly size: number;
      readonly text: string;
      readonly weight?: 'regular' | 'bold';
      readonly anchor?: 'start' | 'end';
      /** Text that would be wider is cut, with three dots. */
      readonly widest?: number;
    }
  /** Digits and the four symbols of the line that cheque readers read: A transit, B amount, C on-us, D dash. */
  | { readonly kind: 'micr'; readonly x: number; readonly y: number; readonly text: string }
  | { readonly kind: 'line'; readonly from: Point; readonly to: Point; readonly width: number }
  | {
      readonly kind: 'box';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly fill?: string;
      readonly stroke?: string;
    };

export interface Point {
  readonly x: number;
  readonly y: number;
}
