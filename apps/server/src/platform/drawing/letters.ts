import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { create, type Font } from 'fontkit';

export type Weight = 'regular' | 'bold';

/**
 * The font of pictures and documents (Inter, Open Font License). It comes with the program: a server has no fonts of
 * its own to rely on, and the same text has the same look everywhere.
 */
export interface Letters {
  /** The file, for documents that embed it. */
  readonly files: Readonly<Record<Weight, Buffer>>;
  /** A text as the data of an SVG path; what the font lacks is a question mark. */
  path(text: string, place: { x: number; y: number; size: number; weight: Weight }): string;
  width(text: string, size: number, weight: Weight): number;
}

let loading: Promise<Letters> | undefined;

/** Reads the font once, when the first picture is asked for. */
export function loadLetters(): Promise<Letters> {
  loading ??= readLetters().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function readLetters(): Promise<Letters> {
  const [regular, bold] = await Promise.all([readFont('400'), readFont('600')]);
  const fonts = { regular: openFont(regular), bold: openFont(bold) };
  const runOf = (text: string, size: number, weight: Weight) => {
    const font = fonts[weight];
    const known = [...text].map((character) => (font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0) ? character : '?'));
    return { run: font.layout(known.join('')), scale: size / font.unitsPerEm };
  };
  return {
    files: { regular, bold },
    width: (text, size, weight) => {
      const { run, scale } = runOf(text, size, weight);
      return run.advanceWidth * scale;
    },
    path: (text, { x, y, size, weight }) => {
      const { run, scale } = runOf(text, size, weight);
      let pen = x;
      return run.glyphs
        .map((glyph, index) => {
          const path = glyph.path.scale(scale, -scale).translate(pen, y).toSVG();
          pen += (run.positions[index]?.xAdvance ?? 0) * scale;
          return path;
        })
        .join('');
    },
  };
}

function readFont(weight: '400' | '600'): Promise<Buffer> {
  return readFile(fileURLToPath(import.meta.resolve(`@fontsource/inter/files/inter-latin-${weight}-normal.woff`)));
}

function openFont(file: Buffer): Font {
  const opened = create(file);
  if ('fonts' in opened) throw new Error('The font file holds a collection.');
  return opened;
}
