import PDFDocument from 'pdfkit';
import type { Paper, PaperColumn, PaperTable } from '../../kernel/paper.ts';
import { type Letters, loadLetters } from './letters.ts';

/** Points: US letter. */
const [pageWidth, pageHeight] = [612, 792];
const margin = 54;
const contentWidth = pageWidth - 2 * margin;
const lowest = pageHeight - margin - 30;
const rowHeight = 18;
const quiet = '#555555';

type Pen = PDFKit.PDFDocument;

/** Sets a document as a PDF: letterhead and facts on the first page, the table over as many pages as it takes. */
export async function renderPaper(paper: Paper): Promise<Buffer> {
  const letters = await loadLetters();
  const pen = openPen(paper, letters);
  const whole = collect(pen);
  const below = drawHead(pen, paper);
  const end = drawTable(pen, paper.table, below);
  drawNotes(pen, paper.notes, end);
  drawFooters(pen, paper);
  pen.end();
  return whole;
}

function openPen(paper: Paper, letters: Letters): Pen {
  const pen = new PDFDocument({
    size: [pageWidth, pageHeight],
    // Footers stand below the text: what is too long for a page is ours to turn, not the library's.
    margins: { top: margin, bottom: 0, left: margin, right: margin },
    bufferPages: true,
    lang: 'en-US',
    displayTitle: true,
    info: { Title: paper.title, Author: paper.issuer, CreationDate: paper.madeAt, ModDate: paper.madeAt },
  });
  pen.registerFont('regular', letters.files.regular);
  pen.registerFont('bold', letters.files.bold);
  return pen;
}

function collect(pen: Pen): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    pen.on('data', (part: Buffer) => parts.push(part));
    pen.once('end', () => resolve(Buffer.concat(parts)));
    pen.once('error', reject);
  });
}

/** @returns where the table may begin. */
function drawHead(pen: Pen, { title, issuer, recipient, facts }: Paper): number {
  write(pen, issuer, { x: margin, y: margin, size: 11, weight: 'bold', color: quiet });
  write(pen, title, { x: margin, y: margin + 20, size: 20, weight: 'bold' });
  recipient.forEach((line, index) => void write(pen, line, { x: margin, y: margin + 62 + index * 15, size: 10 }));
  const factsX = margin + contentWidth / 2;
  facts.forEach(({ label, value }, index) => {
    const y = margin + 62 + index * 16;
    write(pen, label, { x: factsX, y, size: 10, color: quiet });
    write(pen, value, { x: factsX, y, size: 10, weight: 'bold', width: contentWidth / 2, align: 'right' });
  });
  return margin + 62 + Math.max(recipient.length * 15, facts.length * 16) + 28;
}

function drawTable(pen: Pen, { columns, rows, whenEmpty }: PaperTable, below: number): number {
  if (rows.length === 0) {
    write(pen, whenEmpty, { x: margin, y: below, size: 10 });
    return below + rowHeight;
  }
  const places = placesOf(columns);
  let y = drawHeadings(pen, places, below);
  for (const row of rows) {
    if (y + rowHeight > lowest) {
      pen.addPage();
      y = drawHeadings(pen, places, margin);
    }
    places.forEach(({ x, width, align }, index) => void write(pen, row[index] ?? '', { x, y: y + 4, size: 9, width, align }));
    pen
      .moveTo(margin, y + rowHeight)
      .lineTo(margin + contentWidth, y + rowHeight)
      .lineWidth(0.4)
      .stroke('#dddddd');
    y += rowHeight;
  }
  return y;
}

interface Place extends PaperColumn {
  readonly x: number;
  readonly width: number;
}

function placesOf(columns: readonly PaperColumn[]): readonly Place[] {
  const shares = columns.reduce((sum, { share }) => sum + share, 0);
  let x = margin;
  return columns.map((column) => {
    const width = (contentWidth * column.share) / shares;
    const place = { ...column, x, width: width - 8 };
    x += width;
    return place;
  });
}

function drawHeadings(pen: Pen, places: readonly Place[], y: number): number {
  for (const { x, width, align, heading } of places) write(pen, heading, { x, y, size: 9, weight: 'bold', width, align });
  pen
    .moveTo(margin, y + 15)
    .lineTo(margin + contentWidth, y + 15)
    .lineWidth(1)
    .stroke('#000000');
  return y + 16;
}

function drawNotes(pen: Pen, notes: readonly string[], below: number): void {
  let y = below + 20;
  for (const note of notes) {
    if (y > lowest) {
      pen.addPage();
      y = margin;
    }
    write(pen, note, { x: margin, y, size: 9, color: quiet });
    y += 14;
  }
}

function drawFooters(pen: Pen, { issuer, title }: Paper): void {
  const { start, count } = pen.bufferedPageRange();
  for (let page = 0; page < count; page += 1) {
    pen.switchToPage(start + page);
    const y = pageHeight - margin;
    write(pen, `${issuer} - ${title}`, { x: margin, y, size: 8, color: quiet });
    write(pen, `Page ${page + 1} of ${count}`, { x: margin, y, size: 8, color: quiet, width: contentWidth, align: 'right' });
  }
}

interface Style {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly weight?: 'regular' | 'bold';
  readonly color?: string;
  readonly width?: number;
  readonly align?: 'left' | 'right';
}

/** One line; what is too wide is cut. */
function write(
  pen: Pen,
  text: string,
  { x, y, size, weight = 'regular', color = '#000000', width, align = 'left' }: Style,
): void {
  pen
    .font(weight)
    .fontSize(size)
    .fillColor(color)
    .text(text, x, y, { width: width ?? contentWidth, height: size + 2, align, lineBreak: false, ellipsis: true });
}
