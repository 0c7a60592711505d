import { fireEvent, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';

import { SessionContext } from '../app/session';
import { show } from '../test/render';
import SignIn from './SignIn';

afterEach(() => {
  vi.unstubAllGlobals();
});

function form(answer: Response) {
  const fetched = vi.fn<typeof fetch>().mockResolvedValue(answer);
  vi.stubGlobal('fetch', fetched);
  const signIn = vi.fn();
  const store = { session: undefined, signIn, signOut: () => undefined, changeRegion: () => undefined };
  show(
    <SessionContext value={store}>
      <SignIn />
    </SessionContext>,
  );
  const type = (label: RegExp, value: string) => {
    fireEvent.change(screen.getByLabelText(label), { target: { value } });
  };
  const submit = () => userEvent.click(screen.getByText('Sign in', { selector: 'button *' }));
  return { fetched, signIn, type, submit };
}

const identity = { Account: '1', Arn: 'arn', UserName: 'root', PrincipalType: 'Root', Region: 'us-east-1' };

test('a key is tried, signed and marked as the console’s, before anybody is in', async () => {
  const { fetched, signIn, type, submit } = form(Response.json(identity));
  type(/Access key ID/, ' AKIAEXAMPLE ');
  type(/Secret access key/, 'secret');
  await submit();
  await vi.waitFor(() => { expect(signIn).toHaveBeenCalled(); });
  const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret', sessionToken: undefined, region: 'us-east-1' };
  expect(signIn).toHaveBeenCalledWith({ credentials, identity }, false);
  const headers = new Headers(fetched.mock.calls[0]?.[1]?.headers);
  expect(headers.get('x-amz-target')).toBe('OpenTrail.SignIn');
  expect(headers.get('x-opentrail-console')).toBe('1');
  expect(headers.get('authorization')).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE\/\d{8}\/us-east-1\/opentrail\/aws4_request, SignedHeaders=.*x-opentrail-console/);
});

test('who is refused is told why, and stays out', async () => {
  const refusal = Response.json({ __type: 'x#UnrecognizedClientException', message: 'no such key' }, { status: 400 });
  const { signIn, type, submit } = form(refusal);
  type(/Access key ID/, 'AKIAEXAMPLE');
  type(/Secret access key/, 'secret');
  await submit();
  expect(await screen.findByText('no such key')).toBeTruthy();
  expect(signIn).not.toHaveBeenCalled();
});

test('nothing is sent while something is missing', async () => {
  const { fetched, type, submit } = form(Response.json(identity));
  type(/Access key ID/, 'AKIAEXAMPLE');
  await submit();
  expect(screen.getAllByText('Required')).not.toHaveLength(0);
  expect(fetched).not.toHaveBeenCalled();
});
