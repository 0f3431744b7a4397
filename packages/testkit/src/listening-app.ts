import { createTestApp, type TestApp, type TestAppOptions } from './test-app.ts';

/** A test app behind a real port of 127.0.0.1; its tokens name that URL as their issuer. */
export interface ListeningApp {
  readonly app: TestApp;
  readonly baseUrl: string;
}

export async function createListeningApp(options: TestAppOptions = {}): Promise<ListeningApp> {
  let baseUrl = '';
  const app = await createTestApp({ ...options, publicUrl: () => baseUrl });
  baseUrl = await app.http.listen({ host: '127.0.0.1', port: 0 });
  return { app, baseUrl };
}
