import { useCollection } from '@cloudscape-design/collection-hooks';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { type ReactNode, useMemo } from 'react';

import type { Answer } from '../api/useAnswer';
import { useTexts } from '../i18n/useTexts';
import { Failure } from './Failure';
import { UI } from './text';
import { useQueryState } from './useQueryState';

const PAGE_ROWS = 25;
/** On a phone the table scrolls sideways, rather than have columns of a word a line. */
const COLUMN_WIDTH_MIN = 140;
/** Fewer are found by looking. */
const FILTERED_MIN = 6;

export interface ItemColumn<T> {
  id: string;
  header: string;
  cell: (item: T) => ReactNode;
  /** What it is sorted and found by. */
  value?: (item: T) => string | number;
  isRowHeader?: boolean;
}

export interface ItemTableProps<T> {
  title: string;
  description?: ReactNode;
  answer: Answer<readonly T[]>;
  columns: readonly ItemColumn<T>[];
  /** Tells items apart. */
  id: (item: T) => string;
  actions?: ReactNode;
  empty: ReactNode;
  /** The name in the URL under which the filter's text is kept. */
  filterName?: string;
  variant?: TableProps.Variant;
}

/** A list of things that somebody made: found by text, sorted by any column, in pages. */
export function ItemTable<T>(props: ItemTableProps<T>) {
  const { title, description, answer, columns, id, actions, empty, filterName = 'find', variant } = props;
  const text = useTexts(UI);
  const [find, setFind] = useQueryState(filterName);
  const items = answer.value ?? [];
  const definitions = useMemo(() => columns.map(definition), [columns]);
  const found = useMemo(() => filter(answer.value ?? [], columns, find), [answer.value, columns, find]);
  const first = definitions[0];
  const collection = useCollection(found, {
    pagination: { pageSize: PAGE_ROWS },
    sorting: first === undefined ? {} : { defaultState: { sortingColumn: first } },
  });
  const clear = (
    <Button
      onClick={() => {
        setFind('');
      }}
    >
      {text.clearFilter}
    </Button>
  );
  const { pagesCount } = collection.paginationProps;
  return (
    <SpaceBetween size="m">
      {answer.error !== undefined && <Failure error={answer.error} onRetry={answer.reload} />}
      <Table
        {...collection.collectionProps}
        variant={variant ?? 'container'}
        items={collection.items}
        columnDefinitions={definitions}
        trackBy={id}
        loading={answer.isLoading && answer.value === undefined}
        loadingText={text.loading}
        wrapLines
        empty={
          <Box textAlign="center" padding="l">
            {items.length > 0 ? <SpaceBetween size="s">{[text.noMatch, clear]}</SpaceBetween> : empty}
          </Box>
        }
        header={
          <Header
            counter={answer.value && `(${String(items.length)})`}
            description={description}
            actions={<Actions answer={answer}>{actions}</Actions>}
          >
            {title}
          </Header>
        }
        filter={
          (items.length >= FILTERED_MIN || find !== '') && (
            <TextFilter
              filteringText={find}
              filteringPlaceholder={text.find}
              filteringAriaLabel={text.find}
              filteringClearAriaLabel={text.clearFilter}
              countText={find === '' ? '' : text.matches(found.length)}
              onChange={({ detail }) => {
                setFind(detail.filteringText);
              }}
            />
          )
        }
        pagination={
          pagesCount > 1 && (
            <Pagination
              {...collection.paginationProps}
              ariaLabels={{
                nextPageLabel: text.nextPage,
                previousPageLabel: text.previousPage,
                pageLabel: text.page,
              }}
            />
          )
        }
      />
    </SpaceBetween>
  );
}

function Actions({ answer, children }: { answer: Answer<unknown>; children: ReactNode }) {
  const text = useTexts(UI);
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button iconName="refresh" ariaLabel={text.refresh} loading={answer.isLoading} onClick={answer.reload} />
      {children}
    </SpaceBetween>
  );
}

function definition<T>(column: ItemColumn<T>): TableProps.ColumnDefinition<T> {
  const { id, header, cell, value, isRowHeader } = column;
  return {
    id,
    header,
    cell,
    isRowHeader,
    minWidth: COLUMN_WIDTH_MIN,
    ...(value && { sortingComparator: (a: T, b: T) => compare(value(a), value(b)) }),
  };
}

function compare(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
}

function filter<T>(items: readonly T[], columns: readonly ItemColumn<T>[], find: string): readonly T[] {
  const wanted = find.trim().toLowerCase();
  if (wanted === '') return items;
  return items.filter((item) =>
    columns.some((column) => column.value !== undefined && String(column.value(item)).toLowerCase().includes(wanted)),
  );
}
