import type { ErrorTable } from '../family.ts';

/** Control of the sandbox. Ours: the published API has nothing like it. */
export const sandboxErrors = {
  keyInvalid: { status: 401, code: 'SBX_10001', message: 'header x-sandbox-key is missing or wrong', kind: 'L' },
  bodyInvalid: { status: 400, code: 'SBX_10002', message: 'the body is not what this operation takes', kind: 'L' },
  pathInvalid: { status: 400, code: 'SBX_10003', message: 'a path value is malformed', kind: 'L' },
  requestInvalid: { status: 400, code: 'SBX_10004', message: 'the request cannot be handled', kind: 'L' },
  institutionNotFound: { status: 404, code: 'SBX_20001', message: 'no such institution', kind: 'L' },
  switchNotFound: { status: 404, code: 'SBX_20002', message: 'no such switch', kind: 'L' },
  switchValueInvalid: { status: 400, code: 'SBX_20003', message: 'the switch does not take this value', kind: 'L' },
  timeOutOfRange: { status: 400, code: 'SBX_20004', message: 'the clock takes times from 2000 to 2100', kind: 'L' },
  bodyTooLarge: { status: 413, code: 'SBX_10005', message: 'the body is too large', kind: 'L' },
  messageNotFound: { status: 404, code: 'SBX_20005', message: 'no such message arrived in time', kind: 'L' },
  accountNotFound: { status: 404, code: 'SBX_20006', message: 'no such account', kind: 'L' },
  postingInvalid: { status: 400, code: 'SBX_20007', message: 'the posting contradicts itself', kind: 'L' },
  accountClosed: { status: 409, code: 'SBX_20008', message: 'the account is closed', kind: 'L' },
  fundsInsufficient: { status: 409, code: 'SBX_20009', message: 'the account has not enough', kind: 'L' },
  holdNotFound: { status: 404, code: 'SBX_20010', message: 'no such hold', kind: 'L' },
  holdNotPending: { status: 409, code: 'SBX_20011', message: 'the hold is settled', kind: 'L' },
  policyInvalid: { status: 400, code: 'SBX_20012', message: 'the policy does not take this', kind: 'L' },
  scheduleNotFound: { status: 404, code: 'SBX_20013', message: 'no such active schedule', kind: 'L' },
  faultInvalid: { status: 400, code: 'SBX_20014', message: 'the fault fits no operation', kind: 'L' },
  tooManyFaults: { status: 409, code: 'SBX_20015', message: 'the institution has 100 faults armed already', kind: 'L' },
  customerNotFound: { status: 404, code: 'SBX_20016', message: 'no such customer', kind: 'L' },
  transferLimitsInvalid: { status: 400, code: 'SBX_20017', message: 'a limit has at most two decimals', kind: 'L' },
  unexpected: { status: 500, code: 'SBX_99999', message: 'an unexpected error', kind: 'F' },
} as const satisfies ErrorTable;
