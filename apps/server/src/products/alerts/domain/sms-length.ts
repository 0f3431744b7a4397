/** How a text travels as text messages (3GPP TS 23.038 section 6.2, TS 23.040 section 9.2.3.24.1). */
export interface SmsMeasure {
  readonly encoding: 'GSM-7' | 'UCS-2';
  /** Text messages that it takes. */
  readonly parts: number;
}

const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** These take two places. */
const extended = new Set('^{}\\[~]|€\f');

const mostParts = 6;
const rest = '...';

export function measureSms(text: string): SmsMeasure {
  let septets = 0;
  for (const character of text) {
    if (basic.has(character)) septets += 1;
    else if (extended.has(character)) septets += 2;
    else return { encoding: 'UCS-2', parts: partsOf(text.length, 70, 67) };
  }
  return { encoding: 'GSM-7', parts: partsOf(septets, 160, 153) };
}

/** A text that is split has fewer places in each part, because of the header that joins them. */
function partsOf(units: number, alone: number, joined: number): number {
  return units <= alone ? 1 : Math.ceil(units / joined);
}

/** The text, cut where it would take more than six text messages. */
export function fitSms(text: string): string {
  if (measureSms(text).parts <= mostParts) return text;
  let [fits, tooLong] = [0, text.length];
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (measureSms(cutAt(text, middle)).parts <= mostParts) fits = middle;
    else tooLong = middle;
  }
  return cutAt(text, fits);
}

/** Never between the halves of a character. */
function cutAt(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/u, '') + rest;
}
