import { accept, type Result, refuse } from '../../../kernel/result.ts';

export type AlertChannel = 'EMAIL' | 'SMS' | 'PUSH' | 'WEB';

/** The order in which lists of channels are written. */
export const alertChannels: readonly AlertChannel[] = ['EMAIL', 'SMS', 'PUSH', 'WEB'];

export function toAlertChannel(word: string): AlertChannel | undefined {
  const upper = word.trim().toUpperCase();
  return alertChannels.find((channel) => channel === upper);
}

/** The words of a list in a text: commas, semicolons, bars and blanks all part them. */
export function splitWords(text: string): string[] {
  return text.split(/[\s,;|]+/u).filter((word) => word !== '');
}

/** `email; SMS` as a list without repeats, in our order. */
export function parseChannels(text: string): Result<AlertChannel[], 'channelInvalid'> {
  const words = splitWords(text).map(toAlertChannel);
  if (words.includes(undefined)) return refuse('channelInvalid');
  return accept(alertChannels.filter((channel) => words.includes(channel)));
}

/** `EMAIL,SMS` */
export function formatChannels(channels: readonly AlertChannel[]): string {
  return alertChannels.filter((channel) => channels.includes(channel)).join(',');
}
