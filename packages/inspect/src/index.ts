export type { ConnectionView, InFlightView, SubscriptionView } from './connection-view.ts';
export { eachField, fieldAt, type FieldNode, type FieldValue } from './decode/field.ts';
export type { InspectedPacket, InspectedPacketOf } from './decode/inspected-packet.ts';
export { receiverOf, senderOf, type Direction } from './direction.ts';
export { legsOf, type Exchange, type ExchangeKind, type ExchangeStatus, type ExchangeStep } from './exchange.ts';
export type { Capture, CaptureEvent, CaptureFormat } from './files/capture-event.ts';
export { exportNdjson, importNdjson, toNdjsonLine } from './files/ndjson.ts';
export { replay } from './files/replay.ts';
export { Inspection, type ConnectionOpening, type CutOutPacket, type InspectionOptions } from './inspection.ts';
export { defaultLimits, type InspectionLimits } from './limits.ts';
export type { Finding } from './lint/finding.ts';
export { rules, type LintLevel, type Rule, type RuleName } from './lint/rule.ts';
export type { Severity } from './lint/rule-row.ts';
export {
  faultOf,
  fieldsOf,
  soundPacket,
  type PacketRecord,
  type RecordMark,
  type RecordType,
} from './packet-record.ts';
export { RecordStore } from './record-store.ts';
export { redact, type RedactionPolicy } from './redact.ts';
export { escapeText, shorten } from './text/escape-text.ts';
export { formatFindings, formatLine, formatRecord, summaryOf } from './text/format-line.ts';
export { formatTree, formatValue } from './text/format-tree.ts';
export { formatHex, hexOf } from './text/hex.ts';
