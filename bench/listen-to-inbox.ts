import type { RunningSandbox } from './start-sandbox.ts';

/** Settles when the stream is open, and calls `onArrival` for each message from then on. */
export async function listenToInbox(
  { baseUrl, sandbox }: Pick<RunningSandbox, 'baseUrl' | 'sandbox'>,
  signal: AbortSignal,
  onArrival: () => void,
): Promise<void> {
  const answer = await fetch(`${baseUrl}/inbox/events`, { headers: { 'x-sandbox-key': sandbox.sandboxKey }, signal });
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    let pending = '';
    for await (const part of answer.body ?? []) {
      const lines = `${pending}${decoder.decode(part, { stream: true })}`.split('\n');
      pending = lines.pop() ?? '';
      for (const line of lines) if (line.startsWith('data:')) onArrival();
    }
  };
  void read().catch(() => undefined);
}
