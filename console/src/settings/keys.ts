/** Access keys, by the operations of `OpenTrail` that the root of the server's account may use. */

import type { Api } from '../api/client';

export interface Key {
  readonly AccessKeyId: string;
  readonly Arn: string;
  readonly Account: string;
  readonly CreatedAt: string;
}

/** A key with what is told once. */
export interface NewKey extends Key {
  readonly SecretAccessKey: string;
  readonly SessionToken?: string;
}

export type KeyKind = 'root' | 'user' | 'session';

export interface KeyRequest {
  readonly kind: KeyKind;
  readonly account: string;
  readonly user: string;
  readonly role: string;
  readonly session: string;
}

export async function listKeys(api: Api, signal: AbortSignal): Promise<readonly Key[]> {
  return (await api.opentrail.call<{ Keys: Key[] }>('ListKeys', {}, signal)).Keys;
}

export function createKey(api: Api, request: KeyRequest): Promise<NewKey> {
  return api.opentrail.call<NewKey>('CreateKey', createInput(request));
}

export async function deleteKey(api: Api, id: string): Promise<void> {
  await api.opentrail.call('DeleteKey', { AccessKeyId: id });
}

/** Members that don't belong to the kind are left out. */
export function createInput({ kind, account, user, role, session }: KeyRequest): Record<string, string> {
  const of: Record<string, string> = account.trim() === '' ? {} : { Account: account.trim() };
  switch (kind) {
    case 'root':
      return of;
    case 'user':
      return { ...of, UserName: user.trim() };
    case 'session':
      return { ...of, RoleName: role.trim(), SessionName: session.trim() };
  }
}

const NAME = /^[\w+=,.@-]{1,64}$/;

export function isComplete({ kind, account, user, role, session }: KeyRequest): boolean {
  if (account.trim() !== '' && !/^\d{12}$/.test(account.trim())) return false;
  if (kind === 'user') return NAME.test(user.trim());
  return kind === 'root' || (NAME.test(role.trim()) && NAME.test(session.trim()));
}
