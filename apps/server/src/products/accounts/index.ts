export { findAccountOfUser, listAccountsOfUser, type UserAccount } from './operations/accounts-of-user.ts';
