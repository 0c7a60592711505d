import type { TrailRecord, UserIdentity } from './record';

/** The name that Event history lists a caller under: a user's, a role's session's, `root`, or a service's. */
export function userNameOf(record: TrailRecord): string | undefined {
  const identity = record.userIdentity ?? {};
  return principalName(identity) ?? identity.invokedBy;
}

function principalName(identity: UserIdentity): string | undefined {
  const { type, userName, arn } = identity;
  const given = userName === '' ? undefined : userName;
  if (type === 'AssumedRole') return sessionOf(identity)?.session ?? given;
  if (type === 'FederatedUser') return given ?? arn?.split(':federated-user/')[1];
  if (type === 'Root') return given ?? 'root';
  return given;
}

/** The role and the session's name of a caller who assumed one. */
export function sessionOf(identity: UserIdentity): { role: string; session: string } | undefined {
  const byArn = /:assumed-role\/(.+)\/([^/]+)$/.exec(identity.arn ?? '');
  if (byArn?.[1] !== undefined && byArn[2] !== undefined) return { role: byArn[1], session: byArn[2] };
  const session = identity.type === 'AssumedRole' ? identity.principalId?.split(':')[1] : undefined;
  const role = identity.sessionContext?.sessionIssuer?.userName;
  return session === undefined ? undefined : { role: role ?? '?', session };
}

/** Whether the caller proved more than a key: known only for sessions. */
export function isWithMfa(record: TrailRecord): boolean {
  const used = record.additionalEventData?.['MFAUsed'];
  return record.userIdentity?.sessionContext?.attributes?.mfaAuthenticated === 'true' || used === 'Yes';
}

/** Keys that begin so are of a session, and so have been given by somebody to somebody. */
export function isTemporaryKey(accessKeyId: string): boolean {
  return accessKeyId.startsWith('ASIA');
}

/** `iam` for `iam.amazonaws.com`. */
export function serviceOf(record: TrailRecord): string {
  return (record.eventSource ?? '').replace(/\.amazonaws\.com$/, '');
}

/** What failed: an error's code, or a sign-in that was refused. */
export function errorOf(record: TrailRecord): string | undefined {
  if (record.errorCode !== undefined && record.errorCode !== '') return record.errorCode;
  return record.responseElements?.['ConsoleLogin'] === 'Failure' ? 'Failure' : undefined;
}
