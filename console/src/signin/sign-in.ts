import type { Credentials, Identity } from '../api/credentials';
import { ApiError } from '../api/error';
import { OpenTrail } from '../api/opentrail';

/** Tries a key; the server records it as a ConsoleLogin, and says who it is. */
export async function signIn(credentials: Credentials): Promise<Identity> {
  const server = new OpenTrail(credentials);
  try {
    return await server.call<Identity>('SignIn', {});
  } catch (error) {
    if (!(error instanceof ApiError && error.code.startsWith('UnknownOperation'))) throw error;
    for await (const line of server.stream('SearchEvents', { Limit: 1 })) void line;
    return { Account: '', Arn: '', UserName: credentials.accessKeyId, PrincipalType: '', Region: credentials.region };
  }
}
