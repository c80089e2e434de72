// Runs in an empty project that installed the package, in every runtime: only what all of them have is used here.
import { formatLine, Inspection } from '@omqtt/inspect';

const inspection = new Inspection();
const [record] = inspection.bytes('one', 's2c', { chunk: Uint8Array.of(0x30, 0x04, 0x00, 0x01, 0x61, 0x00), at: 0 });
const line = record === undefined ? 'nothing' : formatLine(record);
if (line !== '00:00:00.000 one <- PUBLISH q0 a 0B') throw new Error(`formatLine returned ${line}`);
