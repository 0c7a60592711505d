/** Which rows of a long list are drawn: those in sight, and a few beside them. */
export interface Rows {
  first: number;
  /** One after the last. */
  end: number;
}

const BESIDE = 8;

export function rowsInSight(scrollTop: number, viewHeight: number, rowHeight: number, count: number): Rows {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - BESIDE);
  const end = Math.min(count, Math.ceil((scrollTop + viewHeight) / rowHeight) + BESIDE);
  return { first: Math.min(first, end), end };
}

/** Where to scroll so that a row is wholly in sight: not at all if it is. */
export function scrollToShow(row: number, scrollTop: number, viewHeight: number, rowHeight: number, headHeight: number): number {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  const bottom = top + rowHeight + headHeight;
  return bottom > scrollTop + viewHeight ? bottom - viewHeight : scrollTop;
}

export interface Cell {
  row: number;
  column: number;
}

/** Where a key leads from a cell; nothing for keys that don't move. */
export function moved(from: Cell, key: string, rows: number, columns: number, pageRows: number): Cell | undefined {
  const moves: Partial<Record<string, Cell>> = {
    ArrowDown: { row: from.row + 1, column: from.column },
    j: { row: from.row + 1, column: from.column },
    ArrowUp: { row: from.row - 1, column: from.column },
    k: { row: from.row - 1, column: from.column },
    ArrowRight: { row: from.row, column: from.column + 1 },
    ArrowLeft: { row: from.row, column: from.column - 1 },
    PageDown: { row: from.row + pageRows, column: from.column },
    PageUp: { row: from.row - pageRows, column: from.column },
    Home: { row: 0, column: from.column },
    End: { row: rows - 1, column: from.column },
  };
  const to = moves[key];
  return to && { row: within(to.row, rows), column: within(to.column, columns) };
}

function within(place: number, count: number): number {
  return Math.max(0, Math.min(count - 1, place));
}
