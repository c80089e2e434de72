/** Reads a capture file of any of the known formats. */
import { MqttError } from '@omqtt/codec';
import { plainBytes, textOf } from '../platform-text.ts';
import type { Capture, CaptureEvent } from './capture-event.ts';
import { eventOfPdu, EXPORTED_PDU } from './exported-pdu.ts';
import type { LinkFrames } from './link-frame.ts';
import { importNdjson } from './ndjson.ts';
import { importOmq, isOmq } from './omq.ts';
import { isPcap, readPcap } from './read-pcap.ts';
import { isPcapng, readPcapng } from './read-pcapng.ts';
import { TcpCapture } from './tcp-capture.ts';
import { isKnownLink, segmentOf } from './tcp-segment.ts';

/** The bytes are no capture file that is known here. */
export class UnknownCaptureError extends MqttError {
  override readonly code = 'unknown-capture';

  constructor() {
    super('this is no capture: pcap, pcapng, .omq and NDJSON files of version 1 can be read');
  }
}

/** Throws an `UnknownCaptureError` for other files; what is damaged within a file is listed in `problems`. */
export function importCapture(file: Uint8Array): Capture {
  const bytes = plainBytes(file);
  if (isOmq(bytes)) return importOmq(bytes);
  if (isPcap(bytes)) return { format: 'pcap', ...fromFrames(readPcap(bytes)) };
  if (isPcapng(bytes)) return { format: 'pcapng', ...fromFrames(readPcapng(bytes)) };
  const text = bytes[0] === 0x7b ? textOf(bytes) : undefined;
  const capture = text === undefined ? undefined : importNdjson(text);
  if (capture === undefined || (capture.events.length === 0 && capture.problems.length > 0)) {
    throw new UnknownCaptureError();
  }
  return capture;
}

function fromFrames({ frames, problems }: LinkFrames): Omit<Capture, 'format'> {
  const pdus = frames.filter(({ linkType }) => linkType === EXPORTED_PDU).map(eventOfPdu);
  const segments = frames.map(segmentOf).filter((segment) => segment !== undefined);
  const capture = new TcpCapture(segments);
  for (const segment of segments) capture.add(segment);
  capture.finish();
  const events: CaptureEvent[] = [...pdus.filter((event) => event !== undefined), ...capture.events];
  return { events, problems: [...problems, ...capture.problems, ...unknownLinks(frames)] };
}

function unknownLinks(frames: LinkFrames['frames']): string[] {
  const unknown = new Set(
    frames.map(({ linkType }) => linkType).filter((type) => type !== EXPORTED_PDU && !isKnownLink(type)),
  );
  return Array.from(unknown, (type) => `frames of link type ${type} are not read`);
}
