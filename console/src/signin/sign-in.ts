import type { Credentials, Identity } from '../api/credentials';
import { OpenTrail } from '../api/opentrail';

/** Tries a key; the server records it as a ConsoleLogin, and says who it is. */
export function signIn(credentials: Credentials): Promise<Identity> {
  return new OpenTrail(credentials).call<Identity>('SignIn', {});
}
