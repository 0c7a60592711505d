import { type KeyboardEvent, memo, type ReactNode, type UIEvent, useEffect, useId, useRef, useState } from 'react';

import { usePreferences } from '../app/preferences';
import { ATTRIBUTE_TEXT, type Attribute, isAttribute } from '../filter/attributes';
import { useTexts } from '../i18n/useTexts';
import { errorOf } from '../records/identity';
import type { FoundEvent } from '../records/record';
import { cellText, type Column, filterValue, rawValue, WIDTHS } from './columns';
import './event-table.css';
import { type Cell, moved, rowsInSight, scrollToShow } from './rows';
import { TEXT } from './text';

export interface EventTableProps {
  events: readonly FoundEvent[];
  columns: readonly Column[];
  openId?: string;
  onOpen: (id: string) => void;
  onFilter: (attribute: Attribute, operator: '=' | '!=', value: string) => void;
  /** The end is near. */
  onEnd: () => void;
  /** Below the last row. */
  footer: ReactNode;
}

/** Any number of events, of which only those in sight are drawn. One stop of the Tab key; arrows move inside. */
export function EventTable({ events, columns, openId, onOpen, onFilter, onEnd, footer }: EventTableProps) {
  const text = useTexts(TEXT);
  const id = useId();
  const rowHeight = usePreferences().preferences.density === 'compact' ? 28 : 36;
  const frame = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 800 });
  const [active, setActive] = useState<Cell>({ row: 0, column: 0 });
  const rows = rowsInSight(view.top, view.height, rowHeight, events.length);

  useSize(frame, (height) => { setView((last) => ({ ...last, height })); });
  useEffect(() => {
    if (rows.end >= events.length) onEnd();
  }, [rows.end, events.length, onEnd]);

  const show = (cell: Cell) => {
    setActive(cell);
    const box = frame.current;
    if (box) box.scrollTop = scrollToShow(cell.row, box.scrollTop, box.clientHeight, rowHeight, rowHeight);
  };
  const press = (event: KeyboardEvent) => {
    const to = moved(active, event.key, events.length, columns.length, Math.floor(view.height / rowHeight) - 1);
    const [found, column] = [events[active.row], columns[active.column]];
    if (to) show(to);
    else if (event.key === 'Enter' && found) onOpen(found.id);
    else if ((event.key === '+' || event.key === '-') && found && column) {
      const wanted = filterValue(column, found);
      if (wanted) onFilter(wanted.attribute, event.key === '+' ? '=' : '!=', wanted.value);
    } else return;
    event.preventDefault();
  };

  const template = columns.map((column) => `minmax(${String(WIDTHS[column])}px, ${String(WIDTHS[column])}fr)`).join(' ');
  const width = columns.reduce((sum, column) => sum + WIDTHS[column], 0);
  return (
    <div
      ref={frame}
      className="events"
      role="grid"
      tabIndex={0}
      aria-label={text.table}
      aria-rowcount={events.length + 1}
      aria-colcount={columns.length}
      aria-activedescendant={events.length > 0 ? `${id}-${String(active.row)}-${String(active.column)}` : undefined}
      onKeyDown={press}
      onScroll={(event: UIEvent<HTMLDivElement>) => {
        const { scrollTop, clientHeight } = event.currentTarget;
        setView({ top: scrollTop, height: clientHeight });
      }}
    >
      <div className="events-inner" style={{ minInlineSize: width }}>
        <Head columns={columns} template={template} height={rowHeight} />
        <div role="rowgroup" style={{ position: 'relative', blockSize: events.length * rowHeight }}>
          {events.slice(rows.first, rows.end).map((event, index) => {
            const row = rows.first + index;
            return (
              <Row
                key={row}
                {...{ event, row, columns, template, id }}
                top={row * rowHeight}
                height={rowHeight}
                isOpen={event.id === openId}
                activeColumn={row === active.row ? active.column : undefined}
                onOpen={onOpen}
                onFilter={onFilter}
                onActive={setActive}
              />
            );
          })}
        </div>
      </div>
      <div className="events-footer">{footer}</div>
    </div>
  );
}

function useSize(frame: React.RefObject<HTMLDivElement | null>, changed: (height: number) => void): void {
  const report = useRef(changed);
  useEffect(() => {
    report.current = changed;
  });
  useEffect(() => {
    const box = frame.current;
    if (!box) return;
    const observer = new ResizeObserver(() => { report.current(box.clientHeight); });
    observer.observe(box);
    return () => { observer.disconnect(); };
  }, [frame]);
}

function Head({ columns, template, height }: { columns: readonly Column[]; template: string; height: number }) {
  const text = useTexts(TEXT);
  const labels = useTexts(ATTRIBUTE_TEXT);
  const label = (column: Column) => {
    if (isAttribute(column)) return labels[column];
    return column === 'time' ? text.time : text.userAgent;
  };
  return (
    <div role="rowgroup" className="events-head">
      <div role="row" aria-rowindex={1} className="events-row" style={{ gridTemplateColumns: template, blockSize: height }}>
        {columns.map((column) => (
          <div key={column} role="columnheader" className="events-cell">
            <span className="events-text">{label(column)}</span>
          </div>
        ))}
      </div>
    </div>
  );
}

interface RowProps {
  event: FoundEvent;
  row: number;
  columns: readonly Column[];
  template: string;
  id: string;
  top: number;
  height: number;
  isOpen: boolean;
  activeColumn?: number;
  onOpen: (id: string) => void;
  onFilter: (attribute: Attribute, operator: '=' | '!=', value: string) => void;
  onActive: (cell: Cell) => void;
}

const Row = memo(function Row({ event, row, columns, template, id, top, height, isOpen, activeColumn, onOpen, onFilter, onActive }: RowProps) {
  const failed = errorOf(event.record) !== undefined;
  return (
    <div
      role="row"
      aria-rowindex={row + 2}
      aria-selected={isOpen}
      className={`events-row${failed ? ' is-failed' : ''}${isOpen ? ' is-open' : ''}`}
      style={{ gridTemplateColumns: template, blockSize: height, insetBlockStart: top, position: 'absolute' }}
      onClick={() => { onOpen(event.id); }}
    >
      {columns.map((column, index) => (
        <div
          key={column}
          id={`${id}-${String(row)}-${String(index)}`}
          role="gridcell"
          aria-colindex={index + 1}
          className={`events-cell is-${column}${activeColumn === index ? ' is-active' : ''}`}
          onPointerDown={() => { onActive({ row, column: index }); }}
        >
          <span className="events-text" title={rawValue(column, event)}>{cellText(column, event)}</span>
          <Filters wanted={filterValue(column, event)} onFilter={onFilter} />
        </div>
      ))}
    </div>
  );
});

/** Shown while the pointer is over the cell; by keyboard, plus and minus do the same. */
function Filters({ wanted, onFilter }: { wanted?: { attribute: Attribute; value: string }; onFilter: RowProps['onFilter'] }) {
  const text = useTexts(TEXT);
  if (!wanted) return null;
  const { attribute, value } = wanted;
  const button = (sign: '+' | '−', operator: '=' | '!=', label: string) => (
    <button
      type="button"
      tabIndex={-1}
      aria-label={label}
      title={label}
      onClick={(event) => {
        event.stopPropagation();
        onFilter(attribute, operator, value);
      }}
    >
      {sign}
    </button>
  );
  return (
    <span className="events-filters">
      {button('+', '=', text.filterIn(value))}
      {button('−', '!=', text.filterOut(value))}
    </span>
  );
}
