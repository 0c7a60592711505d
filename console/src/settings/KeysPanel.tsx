import Badge from '@cloudscape-design/components/badge';
import Button from '@cloudscape-design/components/button';
import { useCallback, useMemo, useState } from 'react';

import { useApi } from '../api/client';
import { useAnswer } from '../api/useAnswer';
import { useNotifications } from '../app/notifications-context';
import { useSession } from '../app/session';
import { useTexts } from '../i18n/useTexts';
import { Ago } from '../ui/Ago';
import { ConfirmDelete } from '../ui/ConfirmDelete';
import { type ItemColumn, ItemTable } from '../ui/ItemTable';
import { UI } from '../ui/text';
import { useAction } from '../ui/useAction';
import { CreateKey } from './CreateKey';
import { deleteKey, type Key, listKeys, type NewKey } from './keys';
import { NewKeyModal } from './NewKeyModal';
import { TEXT } from './text';

type Open = { what: 'create' } | { what: 'new'; key: NewKey } | { what: 'delete'; key: Key };

/** The access keys of the server. */
export function KeysPanel() {
  const text = useTexts(TEXT);
  const api = useApi();
  const keys = useAnswer(useCallback((signal: AbortSignal) => listKeys(api, signal), [api]));
  const [open, setOpen] = useState<Open>();
  const close = () => {
    setOpen(undefined);
    keys.reload();
  };
  return (
    <>
      <ItemTable
        title={text.keys}
        description={text.keysAbout}
        answer={keys}
        columns={useColumns((key) => {
          setOpen({ what: 'delete', key });
        })}
        id={(key) => key.AccessKeyId}
        empty={text.noKeys}
        actions={
          <Button
            variant="primary"
            onClick={() => {
              setOpen({ what: 'create' });
            }}
          >
            {text.createKey}
          </Button>
        }
      />
      {open?.what === 'create' && (
        <CreateKey
          onCreated={(key) => {
            setOpen({ what: 'new', key });
          }}
          onDismiss={close}
        />
      )}
      {open?.what === 'new' && <NewKeyModal made={open.key} onDismiss={close} />}
      {open?.what === 'delete' && <DeleteKey accessKey={open.key} onEnd={close} />}
    </>
  );
}

function useColumns(remove: (key: Key) => void): readonly ItemColumn<Key>[] {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  const { session } = useSession();
  const own = session?.credentials.accessKeyId;
  return useMemo(
    () => [
      {
        id: 'id',
        header: text.id,
        isRowHeader: true,
        value: (key) => key.AccessKeyId,
        cell: (key) => (
          <>
            <span className="mono">{key.AccessKeyId}</span> {key.AccessKeyId === own && <Badge>{text.yours}</Badge>}
          </>
        ),
      },
      { id: 'owner', header: text.owner, value: (key) => key.Arn, cell: (key) => key.Arn },
      { id: 'created', header: text.created, value: (key) => key.CreatedAt, cell: (key) => <Ago at={key.CreatedAt} /> },
      {
        id: 'remove',
        header: ui.remove,
        cell: (key) => (
          <Button
            variant="icon"
            iconName="remove"
            ariaLabel={text.deleteKey(key.AccessKeyId)}
            onClick={() => {
              remove(key);
            }}
          />
        ),
      },
    ],
    [text, ui, own, remove],
  );
}

function DeleteKey({ accessKey, onEnd }: { accessKey: Key; onEnd: () => void }) {
  const text = useTexts(TEXT);
  const api = useApi();
  const { succeeded } = useNotifications();
  const { isBusy, run } = useAction();
  const id = accessKey.AccessKeyId;
  const remove = async () => {
    if (await run(text.notDeleted, () => deleteKey(api, id))) succeeded(text.deleted(id));
    onEnd();
  };
  return (
    <ConfirmDelete name={id} isBusy={isBusy} onConfirm={() => void remove()} onDismiss={onEnd}>
      {text.deletes}
    </ConfirmDelete>
  );
}
