/** A loop sleeps until somebody wakes it, or for a while. A wish that came while it was awake is not lost. */
export interface Sleeper {
  sleep(longestMs: number): Promise<void>;
  wake(): void;
  isAsleep(): boolean;
  /** Waits, whoever wakes it. */
  pause(ms: number): Promise<void>;
}

export function createSleeper(): Sleeper {
  let isWanted = false;
  let rise: (() => void) | undefined;
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  return {
    pause,
    isAsleep: () => rise !== undefined,
    wake: () => {
      isWanted = true;
      rise?.();
    },
    sleep: async (longestMs) => {
      if (!isWanted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, longestMs);
          rise = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      rise = undefined;
      isWanted = false;
    },
  };
}
