import type { getBankingImage } from '@openbranch/contract/documents/image-operations';
import type { AnswerOf } from '@openbranch/contract/operation';
import { findUserReach } from '../../customers/index.ts';
import { hasAcceptedStatements } from '../domain/statement-consent.ts';
import { describePeriod, type StatementPeriod } from '../domain/statement-period.ts';
import { listDecisions } from '../store/user-disclosures.ts';
import type { DocumentsParts } from './documents-parts.ts';
import type { ImageCall, ImageSubject } from './image-call.ts';
import { getShowNumberOnImages } from './shown-number.ts';

/** A statement as the API shows it. @param file In base64; absent where only the data is wanted. */
export function toStatementImage(
  call: ImageCall,
  { type, account, accountId }: ImageSubject,
  period: StatementPeriod,
  file: string | undefined,
): AnswerOf<typeof getBankingImage> {
  const { institution } = call;
  return {
    id: period.id,
    institutionCustomerId: account.customerId,
    institutionId: institution.institutionId,
    accountId,
    imageType: type,
    accountNumber: getShowNumberOnImages(call)(account.accountNumber),
    accountType: account.accountType,
    ...(file !== undefined && { imageInfoItems: { imageInfo: [{ data: file, type: 'PDF' as const }] } }),
    statementDescription: describePeriod(period),
    statementDate: period.to,
  };
}

/** True when somebody else who holds the account, and has a login, has not accepted its statements. */
export async function hasHolderWithoutStatements(
  { institution, sql }: ImageCall,
  { core }: DocumentsParts,
  { account, accountId, user }: ImageSubject,
): Promise<boolean> {
  const { institutionId } = institution;
  const found = await core.findAccountWithHolders(sql, institutionId, account.accountKey);
  const others = (found?.holders ?? []).filter(
    ({ memberNumber }) => !user.customers.some((customer) => customer.memberNumber === memberNumber),
  );
  const refusals = await Promise.all(
    others.map(async ({ memberNumber }) => {
      const other = await findUserReach(sql, institutionId, { memberNumber });
      if (other === undefined) return false;
      const { institutionUserId, userType, customers } = other;
      const location = customers.find((customer) => customer.memberNumber === memberNumber)?.customerId;
      const institutionCustomerId = userType === 'RETAIL' ? undefined : location;
      const rows = await listDecisions(sql, { institutionId, institutionUserId, institutionCustomerId });
      return !hasAcceptedStatements(rows, accountId, institution.policies.statements.multiStatement);
    }),
  );
  return refusals.includes(true);
}
