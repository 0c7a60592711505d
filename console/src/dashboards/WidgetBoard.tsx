import Board, { type BoardProps } from '@cloudscape-design/board-components/board';
import BoardItem from '@cloudscape-design/board-components/board-item';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';

import { useTexts } from '../i18n/useTexts';
import { TEXT } from './text';
import { BOARD_COLUMNS } from './view';
import type { EditedWidget } from './widget';
import { WidgetBody } from './WidgetBody';

export interface WidgetBoardProps {
  widgets: readonly EditedWidget[];
  refresh: string | undefined;
  onChange: (widgets: readonly EditedWidget[]) => void;
  onEdit: (widget: EditedWidget) => void;
}

/** The widgets of a dashboard, to move about and to change the size of, by mouse or by keys. */
export default function WidgetBoard({ widgets, refresh, onChange, onEdit }: WidgetBoardProps) {
  const text = useTexts(TEXT);
  return (
    <Board<EditedWidget>
      items={widgets.map(boardItem)}
      i18nStrings={useAnnouncements()}
      empty={<Box textAlign="center">{text.noWidgets}</Box>}
      onItemsChange={({ detail }) => {
        onChange(detail.items.map(widgetOf));
      }}
      renderItem={({ data }, actions) => (
        <BoardItem
          header={<Header variant="h2">{data.view.title}</Header>}
          i18nStrings={{
            dragHandleAriaLabel: text.dragHandle(data.view.title),
            dragHandleAriaDescription: text.dragHow,
            resizeHandleAriaLabel: text.resizeHandle(data.view.title),
            resizeHandleAriaDescription: text.resizeHow,
          }}
          settings={
            <SpaceBetween direction="horizontal" size="xxs">
              <Button
                variant="icon"
                iconName="edit"
                ariaLabel={text.editWidget(data.view.title)}
                onClick={() => {
                  onEdit(data);
                }}
              />
              <Button
                variant="icon"
                iconName="remove"
                ariaLabel={text.removeWidget(data.view.title)}
                onClick={() => {
                  actions.removeItem();
                }}
              />
            </SpaceBetween>
          }
        >
          <WidgetBody alias={data.id} view={data.view} refresh={refresh} />
        </BoardItem>
      )}
    />
  );
}

function boardItem(widget: EditedWidget): BoardProps.Item<EditedWidget> {
  const { columns, rows, column } = widget.view.size;
  return {
    id: widget.id,
    data: widget,
    columnSpan: columns,
    rowSpan: rows,
    ...(column !== undefined && { columnOffset: { [BOARD_COLUMNS]: column } }),
  };
}

function widgetOf({ data, columnSpan, rowSpan, columnOffset }: BoardProps.Item<EditedWidget>): EditedWidget {
  const { columns, rows } = data.view.size;
  const column = columnOffset?.[BOARD_COLUMNS];
  const size = { columns: columnSpan ?? columns, rows: rowSpan ?? rows, ...(column !== undefined && { column }) };
  return { ...data, view: { ...data.view, size } };
}

/** What is told to who doesn't see the board. */
function useAnnouncements(): BoardProps.I18nStrings<EditedWidget> {
  const text = useTexts(TEXT);
  return {
    liveAnnouncementDndStarted: (operation) => text.started[operation],
    liveAnnouncementDndItemReordered: ({ placement }) => text.moved(placement.x + 1, placement.y + 1),
    liveAnnouncementDndItemInserted: ({ placement }) => text.moved(placement.x + 1, placement.y + 1),
    liveAnnouncementDndItemResized: ({ placement }) => text.resized(placement.width, placement.height),
    liveAnnouncementDndCommitted: () => text.committed,
    liveAnnouncementDndDiscarded: () => text.discarded,
    liveAnnouncementItemRemoved: ({ item }) => text.removedWidget(item.data.view.title),
    navigationAriaLabel: text.title,
    navigationItemAriaLabel: (item) => item?.data.view.title ?? '',
  };
}
