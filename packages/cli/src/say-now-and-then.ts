const progressEveryMs = 2_000;

/** A walk may take minutes; who waits sees that it goes on. */
export function sayNowAndThen<Progress>(describe: (progress: Progress) => string): (progress: Progress) => void {
  let saidAt = Date.now();
  return (progress) => {
    if (Date.now() - saidAt < progressEveryMs) return;
    saidAt = Date.now();
    console.error(describe(progress));
  };
}
