import { quoted } from '../filter/expression';
import { isTemporaryKey } from '../records/identity';
import type { FoundEvent, UserIdentity } from '../records/record';
import { type Principal, principalOf } from './principal';

/** One step on the way back from a session to whoever began it. */
export interface ChainStep {
  /** The call that gave the credentials. */
  event: FoundEvent;
  /** Who made it. */
  identity: UserIdentity;
  /** Their page, if they have one. */
  principal?: Principal;
}

/** Finds the newest event of an expression. */
export type Find = (where: string) => Promise<FoundEvent | undefined>;

/** Roles assume roles in twos and threes; a longer chain is a circle of odd records. */
const STEPS_MAX = 12;

/**
 * Who stands behind a principal: from a session's key to the call that gave it, to that caller's key, and so on, until
 * somebody has a key of their own, comes from an identity provider, or is a service.
 */
export async function chainOf(find: Find, principal: Principal): Promise<ChainStep[]> {
  const steps: ChainStep[] = [];
  const seen = new Set<string>();
  let giver = await giverOf(find, principal);
  while (giver && steps.length < STEPS_MAX && !seen.has(giver.id)) {
    seen.add(giver.id);
    const identity = giver.record.userIdentity ?? {};
    const caller = principalOf(identity);
    steps.push({ event: giver, identity, ...(caller && { principal: caller }) });
    giver = await beforehand(find, identity, caller);
  }
  return steps;
}

function beforehand(find: Find, identity: UserIdentity, caller: Principal | undefined): Promise<FoundEvent | undefined> {
  const { accessKeyId } = identity;
  if (accessKeyId !== undefined && isTemporaryKey(accessKeyId)) return giverOfKey(find, accessKeyId);
  return caller?.kind === 'session' ? giverOf(find, caller) : Promise.resolve(undefined);
}

/** The call that gave a principal its credentials. */
async function giverOf(find: Find, principal: Principal): Promise<FoundEvent | undefined> {
  if (principal.kind === 'user') return undefined;
  if (principal.kind === 'key') return giverOfKey(find, principal.id);
  const call = await find(`user-arn = ${quoted(principal.id)} AND access-key-id ^= ASIA`);
  const key = call?.record.userIdentity?.accessKeyId;
  const byKey = key === undefined ? undefined : await giverOfKey(find, key);
  return byKey ?? find(`event-name ^= AssumeRole AND resource-name = ${quoted(principal.id)}`);
}

/** Sessions get their keys from STS, users from IAM; both list the key as a resource of the call. */
function giverOfKey(find: Find, key: string): Promise<FoundEvent | undefined> {
  const call = isTemporaryKey(key) ? 'event-source = sts.amazonaws.com' : 'event-name = CreateAccessKey';
  return find(`${call} AND resource-name = ${quoted(key)}`);
}
