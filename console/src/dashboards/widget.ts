/** Widgets of a dashboard as one edits them, and as the API has them. */

import type { RequestWidget, Widget } from '@aws-sdk/client-cloudtrail';

import { propertiesOf, STANDARD_SIZE, type View, viewOf } from './view';

/** As many as a dashboard has at most. */
export const WIDGETS_MAX = 10;

export interface EditedWidget {
  /** The alias under which it is asked; of a new one, any that is its own. */
  readonly id: string;
  readonly statement: string;
  readonly parameters: readonly string[];
  readonly view: View;
}

export const PARAMETERS = ['$StartTime$', '$EndTime$', '$Period$'] as const;

/** A widget of the usual size that draws what fits the rows. */
export function newWidget(statement: string, { title, kind }: Pick<View, 'title' | 'kind'>): EditedWidget {
  return {
    id: crypto.randomUUID(),
    statement,
    parameters: fittingParameters(statement, []),
    view: { title, kind, label: '', value: '', series: '', size: STANDARD_SIZE },
  };
}

export function editedWidget(widget: Widget): EditedWidget {
  return {
    id: widget.QueryAlias ?? '',
    statement: widget.QueryStatement ?? '',
    parameters: widget.QueryParameters ?? [],
    view: viewOf(widget.ViewProperties ?? {}),
  };
}

export function requestWidget(widget: EditedWidget): RequestWidget {
  return {
    QueryStatement: widget.statement,
    ...(widget.parameters.length > 0 && { QueryParameters: [...widget.parameters] }),
    ViewProperties: propertiesOf(widget.view),
  };
}

/** How many parameters a statement takes: its question marks, in texts or not, but not in comments. */
export function placeholders(statement: string): number {
  const bare = statement.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, '');
  return bare.split('?').length - 1;
}

/** As many parameters as the statement takes: those that are there, and the first ones in their order. */
export function fittingParameters(statement: string, parameters: readonly string[]): string[] {
  return Array.from({ length: placeholders(statement) }, (_, at) => parameters[at] ?? PARAMETERS[at] ?? PARAMETERS[0]);
}

/** A statement to begin with: calls by service within the range. */
export function firstStatement(store: string): string {
  return [
    "SELECT replace(eventSource, '.amazonaws.com') AS service, count(*) AS calls",
    `FROM ${store}`,
    "WHERE eventTime > '?' AND eventTime < '?'",
    'GROUP BY 1',
    'ORDER BY calls DESC',
    'LIMIT 20',
  ].join('\n');
}
