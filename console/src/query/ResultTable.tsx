import Box from '@cloudscape-design/components/box';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import { useMemo, useState } from 'react';

import type { Cell } from '../charts/result';
import { useTexts } from '../i18n/useTexts';
import { UI } from '../ui/text';
import type { Rows } from './calls';
import { TEXT } from './text';

const PAGE_ROWS = 50;

type Row = readonly Cell[];

/** Rows in the order in which the query has them. */
export function ResultTable({ rows }: { rows: Rows }) {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  const [page, setPage] = useState(1);
  const columns = useMemo(() => rows.columns.map(column), [rows.columns]);
  const pages = Math.ceil(rows.rows.length / PAGE_ROWS);
  return (
    <SpaceBetween size="xs">
      <Table<Row>
        variant="borderless"
        resizableColumns
        contentDensity="compact"
        items={rows.rows.slice((page - 1) * PAGE_ROWS, page * PAGE_ROWS)}
        columnDefinitions={columns}
        ariaLabels={{ tableLabel: text.results }}
      />
      {pages > 1 && (
        <Pagination
          currentPageIndex={page}
          pagesCount={pages}
          onChange={({ detail }) => {
            setPage(detail.currentPageIndex);
          }}
          ariaLabels={{ nextPageLabel: ui.nextPage, previousPageLabel: ui.previousPage, pageLabel: ui.page }}
        />
      )}
    </SpaceBetween>
  );
}

function column(name: string, at: number): TableProps.ColumnDefinition<Row> {
  return {
    // Two columns may have one name.
    id: `${String(at)} ${name}`,
    header: name,
    minWidth: 90,
    cell: (row) => {
      const cell = row[at] ?? null;
      return cell === null ? <Box color="text-status-inactive">NULL</Box> : <span title={cell}>{cell}</span>;
    },
  };
}
