import type { DatabaseTarget } from '@openbranch/server/platform/db/database-target';
import type { TestProject } from 'vitest/node';
import { startTestServer } from './test-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    testServer: DatabaseTarget;
  }
}

/** Vitest calls this once before all tests, and what it answers once after them, also when tests failed. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTestServer();
  project.provide('testServer', server.target);
  return server.stop;
}
