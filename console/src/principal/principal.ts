import { sessionOf } from '../records/identity';
import type { UserIdentity } from '../records/record';
import type { Token } from '../filter/query';

export const KINDS = ['user', 'session', 'key'] as const;
export type PrincipalKind = (typeof KINDS)[number];

/** Someone whose calls can be looked for: a user by name, a role's session by ARN, an access key by id. */
export interface Principal {
  kind: PrincipalKind;
  id: string;
}

/** Their calls. */
export function callsOf({ kind, id }: Principal): Token {
  const attribute = ({ user: 'username', session: 'user-arn', key: 'access-key-id' } as const)[kind];
  return { attribute, operator: '=', value: id };
}

/** Who made a call; a service of AWS has no page. */
export function principalOf(identity: UserIdentity | undefined): Principal | undefined {
  if (!identity) return undefined;
  if (sessionOf(identity) && identity.arn !== undefined) return { kind: 'session', id: identity.arn };
  if (identity.userName !== undefined && identity.userName !== '') return { kind: 'user', id: identity.userName };
  if (identity.type === 'Root') return { kind: 'user', id: 'root' };
  return undefined;
}

/** What a page calls them. */
export function nameOf({ kind, id }: Principal): string {
  return kind === 'session' ? (id.split(':assumed-role/')[1] ?? id) : id;
}


