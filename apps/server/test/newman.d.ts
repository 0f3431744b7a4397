/** The part of newman that we call; it brings no types of its own. */
declare module 'newman' {
  interface Failure {
    readonly error: { readonly name: string; readonly message: string };
    readonly source?: { readonly name?: string };
  }
  interface Summary {
    readonly run: {
      readonly stats: Readonly<
        Record<'requests' | 'assertions' | 'testScripts', { readonly total: number; readonly failed: number }>
      >;
      readonly failures: readonly Failure[];
      readonly error?: Error;
    };
  }
  interface RunOptions {
    readonly collection: object;
    readonly environment: object;
    readonly reporters?: readonly string[];
  }
  const newman: { run(options: RunOptions, done: (error: Error | null, summary: Summary) => void): void };
  export default newman;
}
