import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { Tx } from '../../../platform/db/database.ts';
import type { ContactChange } from '../domain/contact-change.ts';
import type { ContactMethod, NewContactMethod, PhoneNumber } from '../domain/contact-method.ts';
import type { InstitutionUser } from '../domain/institution-user.ts';
import { insertContactMethods, listContactMethods, replaceEmailAddress, replacePhoneNumber } from '../store/contact-methods.ts';
import { saveEmailAddress } from '../store/institution-users.ts';
import { endPasscodesOfMethods } from '../store/password-resets.ts';
import { insertPostalAddresses, listPostalAddresses, replacePostalAddress } from '../store/postal-addresses.ts';
import type { CustomersParts } from './customers-parts.ts';

/** Who is told of a change: the old and the new number or address. */
export interface ContactNotice {
  readonly template: 'contact-removed' | 'contact-added';
  readonly what: 'phone number' | 'e-mail address' | 'postal address';
  readonly to: { readonly phone: PhoneNumber } | { readonly emailAddress: string };
}

interface ChangeRules {
  readonly now: Date;
  /** A postal address can only be changed when the core has one. */
  readonly needsHostAddress: boolean;
  /** Makes new contact methods places that messages go to. */
  readonly bindContactMethods: CustomersParts['bindContactMethods'];
}

/** Writes the change; the caller holds the lock of the user. */
export async function applyContactChange(
  tx: Tx,
  user: InstitutionUser,
  change: ContactChange,
  { now, needsHostAddress, bindContactMethods }: ChangeRules,
): Promise<Result<ContactNotice[], 'contactNotOnFile'>> {
  const methods = await listContactMethods(tx, user.institutionId, user.institutionUserId);
  const notices: ContactNotice[] = [];
  const oldPhone = change.phone?.old;
  if (oldPhone !== undefined && !methods.some((method) => carries(method, oldPhone))) return refuse('contactNotOnFile');
  if (change.postalAddress !== undefined) {
    const isChanged = await changePostalAddress(tx, user, change.postalAddress, needsHostAddress);
    if (!isChanged) return refuse('contactNotOnFile');
    if (user.emailAddress !== undefined) {
      notices.push({ template: 'contact-removed', what: 'postal address', to: { emailAddress: user.emailAddress } });
    }
  }
  const enrol: Enrol = async (enrolled) => {
    const ids = await insertContactMethods(tx, user.institutionId, user.institutionUserId, enrolled);
    await bindContactMethods(tx, user.institutionId, user.institutionUserId, ids);
  };
  if (change.phone !== undefined) notices.push(...(await changePhone(tx, user, methods, change.phone, now, enrol)));
  if (change.emailAddress !== undefined) notices.push(...(await changeEmail(tx, user, methods, change.emailAddress, now, enrol)));
  return accept(notices);
}

type Enrol = (methods: readonly NewContactMethod[]) => Promise<void>;

function carries(method: ContactMethod, { countryCode, number }: PhoneNumber): boolean {
  return method.contactInfo === number && method.countryCode === countryCode;
}

async function changePhone(
  tx: Tx,
  user: InstitutionUser,
  methods: readonly ContactMethod[],
  phone: NonNullable<ContactChange['phone']>,
  now: Date,
  enrol: Enrol,
): Promise<ContactNotice[]> {
  const { institutionId, institutionUserId } = user;
  const added: ContactNotice = { template: 'contact-added', what: 'phone number', to: { phone: phone.new } };
  if (phone.old !== undefined) {
    if (phone.old.number === phone.new.number && phone.old.countryCode === phone.new.countryCode) return [];
    const { old } = phone;
    await replacePhoneNumber(tx, institutionId, institutionUserId, old, phone.new, now);
    const changedIds = methods.filter((method) => carries(method, old)).map(({ contactMethodId }) => contactMethodId);
    // Whoever has the old number must not get in with a passcode that is on its way.
    await endPasscodesOfMethods(tx, institutionId, changedIds, now);
    return [{ template: 'contact-removed', what: 'phone number', to: { phone: phone.old } }, added];
  }
  if (methods.some((method) => carries(method, phone.new))) return [];
  const hasPrimary = methods.some((method) => method.isPrimary);
  const number = { contactInfo: phone.new.number, countryCode: phone.new.countryCode, methodType: 'UNKNOWN' } as const;
  const flags = { isActivated: true, isValidated: false, isFromHost: false, enrolledAt: now, changedAt: now };
  await enrol([
    { ...number, ...flags, protocol: 'SMS', isPrimary: !hasPrimary },
    { ...number, ...flags, protocol: 'VOICE', isPrimary: false },
  ]);
  // Nothing was replaced, so there is no old number to tell; whoever owns the address learns of the new number.
  const { emailAddress } = user;
  if (emailAddress === undefined) return [added];
  return [{ template: 'contact-removed', what: 'phone number', to: { emailAddress } }, added];
}

async function changeEmail(
  tx: Tx,
  user: InstitutionUser,
  methods: readonly ContactMethod[],
  emailAddress: string,
  now: Date,
  enrol: Enrol,
): Promise<ContactNotice[]> {
  const { institutionId, institutionUserId } = user;
  await saveEmailAddress(tx, institutionId, institutionUserId, emailAddress);
  const emails = methods.filter(({ protocol }) => protocol === 'EMAIL');
  const method = emails.find(({ contactInfo }) => contactInfo === user.emailAddress) ?? emails[0];
  if (method === undefined) {
    await enrol([
      {
        protocol: 'EMAIL',
        contactInfo: emailAddress,
        countryCode: undefined,
        methodType: 'PERSONAL_EMAIL',
        isActivated: true,
        isValidated: false,
        isFromHost: false,
        isPrimary: methods.length === 0,
        enrolledAt: now,
        changedAt: now,
      },
    ]);
  } else if (method.contactInfo !== emailAddress) {
    await replaceEmailAddress(tx, institutionId, method.contactMethodId, emailAddress, now);
    await endPasscodesOfMethods(tx, institutionId, [method.contactMethodId], now);
  }
  const old = user.emailAddress ?? method?.contactInfo;
  if (old === emailAddress) return [];
  const added: ContactNotice = { template: 'contact-added', what: 'e-mail address', to: { emailAddress } };
  return old === undefined
    ? [added]
    : [{ template: 'contact-removed', what: 'e-mail address', to: { emailAddress: old } }, added];
}

/** @returns false when the core has none and the institution wants one. */
async function changePostalAddress(
  tx: Tx,
  { institutionId, institutionUserId }: InstitutionUser,
  address: NonNullable<ContactChange['postalAddress']>,
  needsHostAddress: boolean,
): Promise<boolean> {
  const addresses = await listPostalAddresses(tx, institutionId, institutionUserId);
  if (needsHostAddress && !addresses.some(({ isFromHost }) => isFromHost)) return false;
  const [primary] = addresses;
  if (primary === undefined) {
    await insertPostalAddresses(tx, institutionId, institutionUserId, [
      {
        ...address,
        addressType: 'PHYSICAL_HOME_ADDRESS',
        isPrimary: true,
        isFromHost: false,
        startsAt: undefined,
        endsAt: undefined,
      },
    ]);
  } else {
    await replacePostalAddress(tx, institutionId, primary.postalAddressId, address);
  }
  return true;
}
