import { expect, test } from 'vitest';
import { editedWidget, firstStatement, fittingParameters, newWidget, placeholders, requestWidget } from './widget';

test('a widget is sent as it was received, but for its alias', () => {
  const widget = {
    QueryAlias: 'widget-1',
    QueryStatement: "SELECT 1 FROM x WHERE eventTime > '?'",
    QueryParameters: ['$StartTime$'],
    ViewProperties: { Title: 'One', View: 'Table', Height: '2', Width: '4' },
  };
  const { QueryAlias, ...rest } = widget;
  expect(editedWidget(widget).id).toBe(QueryAlias);
  expect(requestWidget(editedWidget(widget))).toEqual(rest);
});

test('a new widget takes the parameters of its statement', () => {
  expect(requestWidget(newWidget("SELECT 1 FROM x WHERE eventTime > '?'", { title: 'One', kind: 'PieChart' }))).toEqual({
    QueryStatement: "SELECT 1 FROM x WHERE eventTime > '?'",
    QueryParameters: ['$StartTime$'],
    ViewProperties: { Title: 'One', View: 'PieChart', Height: '4', Width: '2' },
  });
});

test('parameters follow the placeholders of the statement', () => {
  expect(placeholders("a = '?' AND b = ? -- what?\n/* ? */")).toBe(2);
  expect(fittingParameters("'?' '?' '?'", ['$EndTime$'])).toEqual(['$EndTime$', '$EndTime$', '$Period$']);
  expect(fittingParameters('none', ['$EndTime$'])).toEqual([]);
  expect(fittingParameters(firstStatement('x'), [])).toEqual(['$StartTime$', '$EndTime$']);
});
