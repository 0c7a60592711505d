import './dashboard.css';

import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import type { CSSProperties } from 'react';

import type { EditedWidget } from './widget';
import { WidgetBody } from './WidgetBody';

/** The widgets of a dashboard, to look at. */
export function WidgetGrid({ widgets, refresh }: { widgets: readonly EditedWidget[]; refresh: string | undefined }) {
  return (
    <div className="widgets">
      {widgets.map(({ id, view }) => (
        <div
          key={id}
          className={`widget widget-${String(view.size.columns)}`}
          data-column={view.size.column}
          style={{ '--rows': view.size.rows } as CSSProperties}
        >
          <Container fitHeight header={<Header variant="h2">{view.title}</Header>}>
            <WidgetBody alias={id} view={view} refresh={refresh} />
          </Container>
        </div>
      ))}
    </div>
  );
}
