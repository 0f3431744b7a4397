const pauseMs = 250;

/**
 * Under `npm start` a signal to npm reaches the shell that npm runs us by, and no further: the shell ends and we would go on
 * alone. When our parent is gone we take it as told to stop, as if the signal had come to us.
 */
export function endWithNpm() {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, pauseMs);
  timer.unref();
}
