import type { Drawing } from '../../../kernel/drawing.ts';
import { absolute } from '../../../kernel/money.ts';
import { drawChequeBack, drawChequeFront } from './cheque-drawing.ts';
import { drawDepositSlip } from './deposit-slip-drawing.ts';
import type { TransactionImageType } from './image-request.ts';

/** What pictures of a transaction are drawn from. */
export interface DrawnTransaction {
  readonly type: TransactionImageType;
  readonly institutionName: string;
  readonly ownerName: string;
  /** As the caller may see it. */
  readonly accountNumber: string;
  readonly routingNumber: string | undefined;
  readonly date: string;
  readonly amountMinor: bigint;
  readonly number: string | undefined;
  readonly merchantName: string | undefined;
  readonly memo: string | undefined;
  readonly description: string | undefined;
}

export interface View {
  readonly view: 'FRONT' | 'BACK';
  readonly drawing: Drawing;
}

export function drawTransaction(transaction: DrawnTransaction): readonly View[] {
  const { type, institutionName, ownerName, accountNumber, date, number } = transaction;
  const amountMinor = absolute(transaction.amountMinor);
  if (type === 'DEPOSIT_SLIP') {
    const slip = { institutionName, ownerName, accountNumber, date, reference: number, cashMinor: amountMinor, cheques: [] };
    return [{ view: 'FRONT', drawing: drawDepositSlip(slip) }];
  }
  const cheque = { number: number ?? '', date, amountMinor, institutionName, ...partiesOf(transaction) };
  // A deposited cheque is endorsed here, and drawn on a bank of which the books tell nothing.
  const front = type === 'DEPOSIT_CHECK' ? { ...cheque, institutionName: '' } : cheque;
  return [
    { view: 'FRONT', drawing: drawChequeFront(front) },
    { view: 'BACK', drawing: drawChequeBack(cheque) },
  ];
}

/** Who pays whom; the books know only the account's owner for sure. */
function partiesOf({ type, ownerName, accountNumber, routingNumber, merchantName, memo, description }: DrawnTransaction) {
  const other = merchantName ?? memo ?? description ?? '';
  const note = merchantName === undefined ? undefined : memo;
  return type === 'CHECK'
    ? { drawerName: ownerName, payee: other, memo: note, routingNumber: routingNumber ?? '', accountNumber }
    : { drawerName: other, payee: ownerName, memo: note, routingNumber: '', accountNumber: '' };
}
