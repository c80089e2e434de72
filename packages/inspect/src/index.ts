export type { ConnectionView, InFlightView, KeepAliveView, SubscriptionView } from './connection-view.ts';
export { eachField, fieldAt, type FieldNode, type FieldValue } from './decode/field.ts';
export type { InspectedPacket, InspectedPacketOf } from './decode/inspected-packet.ts';
export { receiverOf, senderOf, type Direction } from './direction.ts';
export { legsOf, type Exchange, type ExchangeKind, type ExchangeStatus, type ExchangeStep } from './exchange.ts';
export type { Capture, CaptureEvent, CaptureFormat, MarkComments } from './files/capture-event.ts';
export { importCapture, UnknownCaptureError } from './files/import-capture.ts';
export { exportNdjson, importNdjson, toNdjsonLine } from './files/ndjson.ts';
export { exportOmq, omqEntries, omqMagic, packetEventOf, toOmqEntry } from './files/omq.ts';
export { exportPcapng } from './files/pcapng-export.ts';
export { replay } from './files/replay.ts';
export { compileFilter, type Filter } from './filter/compile-filter.ts';
export { completeFilter, type CompletionOption, type FilterCompletion } from './filter/complete-filter.ts';
export { filterFields, filterFlags, type FilterField } from './filter/filter-fields.ts';
export type { FilterProblem } from './filter/filter-problem.ts';
export type { ConnectionClosing, ConnectionOpening, CutOutPacket } from './connection-input.ts';
export { Inspection, type InspectionOptions } from './inspection.ts';
export { defaultLimits, type InspectionLimits } from './limits.ts';
export { fieldStatements } from './lint/field-statements.ts';
export type { Finding } from './lint/finding.ts';
export { rules, type LintLevel, type Rule, type RuleName } from './lint/rule.ts';
export type { Severity } from './lint/rule-row.ts';
export {
  changedRecord,
  faultOf,
  fieldsOf,
  payloadSizeOf,
  soundPacket,
  type ConnectionOrigin,
  type PacketRecord,
  type RecordMark,
  type RecordType,
} from './packet-record.ts';
export { readCbor } from './payload/cbor.ts';
export { decodePayload, payloadFormats, type DecodedPayload, type PayloadFormat } from './payload/decode-payload.ts';
export { encodePayload } from './payload/encode-payload.ts';
export { writeValue, type DecodedValue } from './payload/decoded-value.ts';
export { readMessagePack } from './payload/message-pack.ts';
export { plainValue, type PlainValue } from './payload/plain-value.ts';
export { readSparkplug } from './payload/sparkplug.ts';
export { RecordStore } from './record-store.ts';
export { redact, type RedactionPolicy } from './redact.ts';
export { escapeText, shorten } from './text/escape-text.ts';
export { formatFindings, formatLine, formatRecord, summaryOf } from './text/format-line.ts';
export { formatTree, formatValue } from './text/format-tree.ts';
export { formatHex, hexOf } from './text/hex.ts';
