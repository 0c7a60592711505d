import Alert from '@cloudscape-design/components/alert';
import Autosuggest from '@cloudscape-design/components/autosuggest';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type FormEvent, useEffect, useState } from 'react';

import type { Credentials } from '../api/credentials';
import { describeError } from '../api/error';
import { href } from '../app/place';
import { usePreferences } from '../app/preferences';
import { REGIONS } from '../app/regions';
import { useSession } from '../app/session';
import { LANGUAGES, type Language } from '../i18n/language';
import { useTexts } from '../i18n/useTexts';
import { signIn } from './sign-in';
import './signin.css';
import { TEXT } from './text';

/** The page that asks for an access key. */
export default function SignIn() {
  const text = useTexts(TEXT);
  useEffect(() => {
    document.title = `${text.title} · OpenTrail`;
  }, [text]);
  return (
    <main className="signin">
      <div className="signin-column">
        <SpaceBetween size="l">
          <div className="signin-brand">
            <img src={href('/icon.svg')} alt="" width="44" height="44" />
            <div>
              <Box variant="h1" padding="n">
                OpenTrail
              </Box>
              <Box color="text-body-secondary">{text.tagline}</Box>
            </div>
          </div>
          <KeyForm />
          <Box color="text-body-secondary" fontSize="body-s">
            {text.where} <span className="mono">{text.whereCommand}</span> {text.whereEnd}
          </Box>
          <LanguageChoice />
        </SpaceBetween>
      </div>
    </main>
  );
}

function KeyForm() {
  const text = useTexts(TEXT);
  const session = useSession();
  const [credentials, setCredentials] = useState<Credentials>(EMPTY);
  const [isKept, setKept] = useState(false);
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const change = (some: Partial<Credentials>) => {
    setCredentials((last) => ({ ...last, ...some }));
  };
  const needed = (value: string) => (isTried && value.trim() === '' ? text.needed : undefined);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const given = trimmed(credentials);
    if (given.accessKeyId === '' || given.secretAccessKey === '' || given.region === '') return;
    setBusy(true);
    setError(undefined);
    try {
      session.signIn({ credentials: given, identity: await signIn(given) }, isKept);
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)}>
      <Container header={<Header description={text.description}>{text.title}</Header>}>
        <Form
          actions={
            <Button variant="primary" loading={isBusy} formAction="submit">
              {text.submit}
            </Button>
          }
        >
          <SpaceBetween size="m">
            {error !== undefined && (
              <Alert type="error" header={text.failed}>
                {describeError(error).message}
              </Alert>
            )}
            <FormField label={text.accessKeyId} errorText={needed(credentials.accessKeyId)}>
              <Input
                value={credentials.accessKeyId}
                onChange={({ detail }) => { change({ accessKeyId: detail.value }); }}
                autoComplete="username"
                spellcheck={false}
                autoFocus
              />
            </FormField>
            <FormField label={text.secret} errorText={needed(credentials.secretAccessKey)}>
              <Input
                type="password"
                value={credentials.secretAccessKey}
                onChange={({ detail }) => { change({ secretAccessKey: detail.value }); }}
                autoComplete="current-password"
              />
            </FormField>
            <FormField label={<>{text.token} <i>– {text.optional}</i></>}>
              <Input
                type="password"
                value={credentials.sessionToken ?? ''}
                onChange={({ detail }) => { change({ sessionToken: detail.value }); }}
                autoComplete={false}
              />
            </FormField>
            <FormField label={text.region} errorText={needed(credentials.region)}>
              <Autosuggest
                value={credentials.region}
                options={REGIONS.map((value) => ({ value }))}
                onChange={({ detail }) => { change({ region: detail.value }); }}
                enteredTextLabel={(value) => value}
              />
            </FormField>
            <Checkbox checked={isKept} description={text.keepHint} onChange={({ detail }) => { setKept(detail.checked); }}>
              {text.keep}
            </Checkbox>
          </SpaceBetween>
        </Form>
      </Container>
    </form>
  );
}

const EMPTY: Credentials = { accessKeyId: '', secretAccessKey: '', sessionToken: '', region: 'us-east-1' };

/** Keys are pasted, blanks and all. */
function trimmed(given: Credentials): Credentials {
  return {
    accessKeyId: given.accessKeyId.trim(),
    secretAccessKey: given.secretAccessKey.trim(),
    sessionToken: given.sessionToken?.trim() === '' ? undefined : given.sessionToken?.trim(),
    region: given.region.trim(),
  };
}

function LanguageChoice() {
  const text = useTexts(TEXT);
  const { preferences, change } = usePreferences();
  return (
    <SegmentedControl
      label={text.language}
      selectedId={preferences.language}
      options={LANGUAGES.map(({ id, name }) => ({ id, text: name }))}
      onChange={({ detail }) => { change({ language: detail.selectedId as Language }); }}
    />
  );
}
