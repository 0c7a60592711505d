import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import KeyValuePairs, { type KeyValuePairsProps } from '@cloudscape-design/components/key-value-pairs';
import type { ReactNode } from 'react';

import { fill } from '../app/route';
import { ATTRIBUTE_TEXT, type Attribute, valueOf } from '../filter/attributes';
import { formatTime } from '../i18n/format';
import { useTexts } from '../i18n/useTexts';
import { errorOf, isWithMfa } from '../records/identity';
import type { FoundEvent, TrailRecord } from '../records/record';
import { nameOf, principalOf } from '../principal/principal';
import { Ago } from '../ui/Ago';
import { PlaceLink } from '../ui/PlaceLink';
import './fields.css';
import { TEXT } from './text';

export type OnFilter = (attribute: Attribute, operator: '=' | '!=', value: string) => void;

export interface FieldsProps {
  event: FoundEvent;
  /** Names that the server knows the event by. */
  resources: readonly string[];
  onFilter: OnFilter;
}

/** The members of a record that people ask for, each a way to more of the same. */
export function Fields({ event, resources, onFilter }: FieldsProps) {
  const text = useTexts(TEXT);
  const labels = useTexts(ATTRIBUTE_TEXT);
  const { record } = event;
  const filtered = (attribute: Attribute): KeyValuePairsProps.Item[] => {
    const value = valueOf(attribute, record);
    if (value === undefined || value === '') return [];
    return [{ label: labels[attribute], value: <Filtered attribute={attribute} value={value} onFilter={onFilter} /> }];
  };
  const items: KeyValuePairsProps.Item[] = [
    { label: text.time, value: <>{formatTime(event.time)} <Box color="text-body-secondary" display="inline">(<Ago at={event.time} />)</Box></> },
    ...filtered('event-name'),
    ...filtered('event-source'),
    ...filtered('region'),
    ...given(text.error, errorOf(record) !== undefined && <ErrorText record={record} />),
    ...filtered('error-code'),
    ...given(text.caller, <Caller record={record} />),
    ...keyField(record, labels['access-key-id']),
    ...filtered('source-ip'),
    ...given(text.userAgent, record.userAgent !== undefined && <span className="mono">{record.userAgent}</span>),
    ...given(text.resources, resources.length > 0 && <Resources names={resources} />),
    ...sessionFields(record, text),
    ...given(text.mfa, isWithMfa(record) && text.yes),
    ...given(text.viaConsole, record.sessionCredentialFromConsole === 'true' && text.yes),
    ...filtered('read-only'),
    ...filtered('category'),
    ...filtered('account'),
    ...given(text.requestId, record.requestID !== undefined && <span className="mono">{record.requestID}</span>),
    ...filtered('event-id'),
    ...given(text.endpoint, record.vpcEndpointId),
    ...given(text.tls, record.tlsDetails?.tlsVersion),
  ];
  return <KeyValuePairs columns={3} minColumnWidth={230} items={items} />;
}

function given(label: string, value: ReactNode): KeyValuePairsProps.Item[] {
  return value === undefined || value === false || value === null ? [] : [{ label, value }];
}

function ErrorText({ record }: { record: TrailRecord }) {
  return <Box color="text-status-error">{record.errorMessage ?? errorOf(record)}</Box>;
}

function Caller({ record }: { record: TrailRecord }) {
  const principal = principalOf(record.userIdentity);
  if (!principal) return record.userIdentity?.invokedBy ?? record.userIdentity?.accountId ?? '–';
  const path = fill('/principals/:kind/:id', { kind: principal.kind, id: principal.id });
  return <PlaceLink path={path}>{nameOf(principal)}</PlaceLink>;
}

function keyField(record: TrailRecord, label: string): KeyValuePairsProps.Item[] {
  const id = record.userIdentity?.accessKeyId;
  if (id === undefined || id === '') return [];
  return [{ label, value: <PlaceLink path={fill('/principals/:kind/:id', { kind: 'key', id })}>{id}</PlaceLink> }];
}

function sessionFields(record: TrailRecord, text: { role: string; sessionBegan: string }): KeyValuePairsProps.Item[] {
  const context = record.userIdentity?.sessionContext;
  const role = context?.sessionIssuer?.arn;
  const began = context?.attributes?.creationDate;
  return [
    ...given(text.role, role !== undefined && <PlaceLink path={fill('/resources/:name', { name: role })}>{role}</PlaceLink>),
    ...given(text.sessionBegan, began !== undefined && formatTime(began)),
  ];
}

function Resources({ names }: { names: readonly string[] }) {
  return (
    <ul className="fields-list">
      {names.map((name) => (
        <li key={name}>
          <PlaceLink path={fill('/resources/:name', { name })}>{name}</PlaceLink>
        </li>
      ))}
    </ul>
  );
}

function Filtered({ attribute, value, onFilter }: { attribute: Attribute; value: string; onFilter: OnFilter }) {
  const text = useTexts(TEXT);
  return (
    <span className="fields-value">
      <span>{value}</span>
      <Button variant="inline-icon" iconName="zoom-in" ariaLabel={text.filterIn(value)} onClick={() => { onFilter(attribute, '=', value); }} />
      <Button variant="inline-icon" iconName="zoom-out" ariaLabel={text.filterOut(value)} onClick={() => { onFilter(attribute, '!=', value); }} />
    </span>
  );
}
