import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { Drawing } from '../../kernel/drawing.ts';
import { renderPicture } from './render-picture.ts';

const drawing = (text: string): Drawing => ({
  width: 600,
  height: 200,
  items: [
    { kind: 'box', x: 0, y: 0, width: 600, height: 200, fill: 'white' },
    { kind: 'text', x: 20, y: 80, size: 40, text, widest: 500 },
    { kind: 'micr', x: 20, y: 150, text: 'A123C456' },
  ],
});

test.each(['JPEG', 'PNG', 'TIFF'] as const)('a picture is grey, opaque and has its size: %s', async (format) => {
  const { width, height, channels, hasAlpha } = await sharp(await renderPicture(drawing('Pat'), format)).metadata();
  expect({ width, height, channels, hasAlpha }).toEqual({ width: 600, height: 200, channels: 1, hasAlpha: false });
});

test('a TIFF is one strip at 200 dots an inch, as archives of cheques have it', async () => {
  const file = await renderPicture(drawing('Pat'), 'TIFF');
  expect((await sharp(file).metadata()).density).toBe(200);
  expect(stripsOf(file)).toBe(1);
});

test('whatever somebody wrote is drawn, and nothing of it is markup', async () => {
  for (const text of ['<script>&"\'</svg>', '漢字', '', ' ', 'x'.repeat(5000)]) {
    const { width } = await sharp(await renderPicture(drawing(text), 'PNG')).metadata();
    expect(width).toBe(600);
  }
  const plain = await renderPicture(drawing(''), 'PNG');
  expect((await renderPicture(drawing('<path d="M0 0h600v200z"/>'), 'PNG')).equals(plain)).toBe(false);
});

/** The count of tag StripOffsets (273) in the first directory of a little-endian TIFF. */
function stripsOf(file: Buffer): number {
  const directory = file.readUInt32LE(4);
  for (let entry = 0; entry < file.readUInt16LE(directory); entry += 1) {
    const at = directory + 2 + entry * 12;
    if (file.readUInt16LE(at) === 273) return file.readUInt32LE(at + 4);
  }
  return 0;
}
