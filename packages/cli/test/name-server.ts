/** A name server on loopback that knows one SRV record set, and how a process is made to ask it. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

export interface NameServer {
  /** What Node is started with to ask here. */
  readonly env: Readonly<Record<string, string>>;
  readonly asked: readonly string[];
  readonly close: () => void;
}

const HEADER_BYTES = 12;
const SRV = 33;

/** Every name has a server on each of these ports of 127.0.0.1: the first is to be tried first. */
export async function startNameServer(ports: readonly number[]): Promise<NameServer> {
  const asked: string[] = [];
  const socket = createSocket('udp4', (query, { port, address }) => {
    const end = query.indexOf(0, HEADER_BYTES) + 5;
    asked.push(nameAt(query));
    const header = Buffer.from(query.subarray(0, HEADER_BYTES));
    // A recursive answer without error, one question, and so many answers; nothing else.
    header.writeUInt16BE(0x8180, 2);
    header.writeUInt16BE(ports.length, 6);
    header.writeUInt32BE(0, 8);
    const answers = ports.map((target, index) => answer(index, target));
    socket.send(Buffer.concat([header, query.subarray(HEADER_BYTES, end), ...answers]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const code = `import { setServers } from 'node:dns'; setServers(['127.0.0.1:${socket.address().port}']);`;
  const preload = `--import=data:text/javascript,${encodeURIComponent(code)}`;
  return { env: { NODE_OPTIONS: preload }, asked, close: () => socket.close() };
}

function answer(priority: number, port: number): Buffer {
  const target = Buffer.from('\u0009localhost\0');
  const record = Buffer.alloc(18);
  // The name of the question, again.
  record.writeUInt16BE(0xc000 + HEADER_BYTES, 0);
  record.writeUInt16BE(SRV, 2);
  record.writeUInt16BE(1, 4);
  record.writeUInt16BE(6 + target.length, 10);
  record.writeUInt16BE(priority, 12);
  record.writeUInt16BE(port, 16);
  return Buffer.concat([record, target]);
}

function nameAt(query: Buffer): string {
  const labels: string[] = [];
  for (let at = HEADER_BYTES; (query[at] ?? 0) > 0; at += (query[at] ?? 0) + 1) {
    labels.push(query.toString('latin1', at + 1, at + 1 + (query[at] ?? 0)));
  }
  return labels.join('.');
}
