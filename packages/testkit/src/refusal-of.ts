/** What tells one refusal from another: its HTTP status and code, from any of the envelopes. */
export async function refusalOf(
  answer: PromiseLike<{ readonly statusCode: number; readonly body: string }>,
): Promise<[status: number, code: string | undefined]> {
  const { statusCode, body } = await answer;
  const code = /"code":"([^"]*)"|<errorCode>([^<]*)<|<code>([^<]*)</u.exec(body);
  return [statusCode, code?.[1] ?? code?.[2] ?? code?.[3]];
}
