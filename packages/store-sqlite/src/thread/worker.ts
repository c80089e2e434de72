/** The thread of the disk: does one request after the other, so that nobody else has to wait for the disk. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Replies, Request } from '../wire.ts';
import { faultOf } from './fault.ts';
import { Trouble } from './trouble.ts';
import { OpenFile } from './open-file.ts';

const port = parentPort;
if (port === null) throw new Error('this file is run by `sqliteStore`, in a thread of its own');
const trouble = Trouble.from(workerData);
let file: OpenFile | undefined;

port.on('message', (request: Request) => {
  try {
    const { reply, transfer } = answer(request);
    port.postMessage({ reply }, transfer);
  } catch (error) {
    port.postMessage({ fault: faultOf(error) });
  }
});

interface Answer {
  readonly reply: Replies[keyof Replies];
  readonly transfer: ArrayBuffer[];
}

function answer(request: Request): Answer {
  switch (request.type) {
    case 'open':
      file = OpenFile.open(request, trouble);
      return { reply: file.session.describe(), transfer: [] };
    case 'commit': {
      const { batch } = request;
      const faults = opened().commit(request);
      return { reply: { batch, faults }, transfer: [batch.buffer] };
    }
    case 'read': {
      const window = opened().session.read(request.after, request.limit);
      return { reply: { window }, transfer: [window.buffer] };
    }
    case 'close':
      file?.close();
      file = undefined;
      return { reply: null, transfer: [] };
    default:
      return request satisfies never;
  }
}

function opened(): OpenFile {
  // Cannot happen: the store asks for this only after `open` has succeeded.
  if (file === undefined) throw new Error('no file is open');
  return file;
}
