/** An access key and the Region that calls are made in. */
export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  region: string;
}

/** Who somebody is, by the answer of `OpenTrail.SignIn`. */
export interface Identity {
  Account: string;
  Arn: string;
  UserName: string;
  PrincipalType: string;
  Region: string;
}

/** Credentials that the server has accepted. */
export interface Session {
  credentials: Credentials;
  identity: Identity;
}

const KEY = 'opentrail.session';

/** What an earlier page of this tab kept. */
export function readSession(): Session | undefined {
  const text = sessionStorage.getItem(KEY);
  return text === null ? undefined : (JSON.parse(text) as Session);
}

/** Keeps the session until this tab is closed. Only for who chose it: elsewhere secrets stay in memory. */
export function keepSession(session: Session): void {
  sessionStorage.setItem(KEY, JSON.stringify(session));
}

export function isSessionKept(): boolean {
  return sessionStorage.getItem(KEY) !== null;
}

export function forgetSession(): void {
  sessionStorage.removeItem(KEY);
}
