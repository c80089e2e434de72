export type { ConnectionRow, PageMessage, RouteView, ServerMessage, StateView, Subject } from './api/messages.ts';
export { MOST_ROWS_IN_WINDOW, PROTOCOL_VERSION } from './api/messages.ts';
export { apiRoutes, type ApiProblem, type ExportFormat } from './api/routes.ts';
export { detailOf, rowOf, toRecord } from './api/row-of.ts';
export type { RecordDetail, Row, RowPair } from './api/row.ts';
export type { SecondCount, StatisticsView, TopicRow, TypeCount } from './api/tally-view.ts';
