import sharp from 'sharp';
import type { Drawing, DrawingItem } from '../../kernel/drawing.ts';
import { type Letters, loadLetters } from './letters.ts';
import { micrPath } from './micr-shapes.ts';

export type PictureFormat = 'JPEG' | 'PNG' | 'TIFF';

/** 200 dots an inch. */
const dotsPerMm = 200 / 25.4;

/** Paints a drawing. TIFF is one grey strip without an alpha channel, as cheque archives keep them. */
export async function renderPicture(drawing: Drawing, format: PictureFormat): Promise<Buffer> {
  const svg = toSvg(drawing, await loadLetters());
  const picture = sharp(Buffer.from(svg), { limitInputPixels: drawing.width * drawing.height })
    .flatten({ background: 'white' })
    .greyscale()
    .toColourspace('b-w');
  switch (format) {
    case 'JPEG':
      return picture.jpeg({ quality: 80 }).toBuffer();
    case 'PNG':
      return picture.png({ compressionLevel: 9 }).toBuffer();
    case 'TIFF':
      return picture.tiff({ compression: 'lzw', predictor: 'none', tile: false, xres: dotsPerMm, yres: dotsPerMm }).toBuffer();
  }
}

function toSvg({ width, height, items }: Drawing, letters: Letters): string {
  const shapes = items.map((item) => toShape(item, letters)).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shapes}</svg>`;
}

/** Text becomes outlines, so nothing that a person wrote is ever markup. */
function toShape(item: DrawingItem, letters: Letters): string {
  switch (item.kind) {
    case 'text': {
      const weight = item.weight ?? 'regular';
      const text = cutToWidth(item.text, item.widest, (part) => letters.width(part, item.size, weight));
      const x = item.anchor === 'end' ? item.x - letters.width(text, item.size, weight) : item.x;
      return `<path d="${letters.path(text, { x, y: item.y, size: item.size, weight })}"/>`;
    }
    case 'micr':
      return `<path d="${micrPath(item.text, item.x, item.y)}"/>`;
    case 'line':
      return `<path d="M${item.from.x} ${item.from.y}L${item.to.x} ${item.to.y}" stroke="black" stroke-width="${item.width}"/>`;
    case 'box':
      return `<rect x="${item.x}" y="${item.y}" width="${item.width}" height="${item.height}" fill="${item.fill ?? 'none'}" stroke="${item.stroke ?? 'none'}"/>`;
  }
}

function cutToWidth(text: string, widest: number | undefined, widthOf: (text: string) => number): string {
  if (widest === undefined || widthOf(text) <= widest) return text;
  let [fits, tooLong] = [0, text.length];
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (widthOf(`${text.slice(0, middle)}...`) <= widest) fits = middle;
    else tooLong = middle;
  }
  return `${text.slice(0, fits)}...`;
}
