/** Bodies may come compressed; the limit of the body holds for what comes out. */
import { createBrotliDecompress, createGunzip, createZstdDecompress } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { BridgeProblem } from '../problems/problem.ts';

const decoders = { gzip: createGunzip, 'x-gzip': createGunzip, br: createBrotliDecompress, zstd: createZstdDecompress };

export function addContentDecoding(server: FastifyInstance): void {
  // eslint-disable-next-line max-params -- the form of Fastify's hooks that costs no promise
  server.addHook('preParsing', (request, _reply, payload, done) => {
    const encoding = request.headers['content-encoding']?.toLowerCase();
    if (encoding === undefined || encoding === 'identity') {
      done(null, payload);
      return;
    }
    if (!Object.hasOwn(decoders, encoding)) {
      const accepted = Object.keys(decoders).join(', ');
      const detail = `the content encoding ${JSON.stringify(encoding.slice(0, 50))} is not one of ${accepted}`;
      done(new BridgeProblem('encoding-unsupported', { detail, headers: { 'accept-encoding': accepted } }));
      return;
    }
    const decoder = decoders[encoding as keyof typeof decoders]();
    // For the comparison with Content-Length, which counts what came in.
    const counted = Object.assign(decoder, { receivedEncodedLength: 0 });
    payload.on('data', (chunk: Buffer) => {
      counted.receivedEncodedLength += chunk.length;
    });
    payload.on('error', (error) => decoder.destroy(error));
    decoder.on('error', (error) => Object.assign(error, { statusCode: 400 }));
    done(null, payload.pipe(decoder));
  });
}
