/** Feeds what a capture holds into an inspection. */
import type { Inspection } from '../inspection.ts';
import type { PacketRecord } from '../packet-record.ts';
import type { CaptureEvent } from './capture-event.ts';

/** Returns the records of the events, in their order. */
export function replay(events: Iterable<CaptureEvent>, inspection: Inspection): PacketRecord[] {
  const records: PacketRecord[] = [];
  for (const event of events) records.push(...tell(inspection, event));
  return records;
}

function tell(inspection: Inspection, event: CaptureEvent): PacketRecord[] {
  const { connection } = event;
  switch (event.type) {
    case 'open':
      inspection.open(connection, event);
      return [];
    case 'bytes':
      return inspection.bytes(connection, event.direction, event);
    case 'packet':
      return [inspection.packet(connection, event.direction, event)];
    case 'close':
      return inspection.close(connection, event);
  }
}
