/** The way to the broker: name, port, certificate. */
import { lookup } from 'node:dns/promises';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls, type PeerCertificate, type TLSSocket } from 'node:tls';
import type { Target } from '@omqtt/contracts';
import { type Check, failed, passed, type Verdict, warned } from './check.ts';

const DAY_MS = 86_400_000;

export function reachChecks(target: Target, expiryDays: number): readonly Check[] {
  // Behind a proxy, and on a unix socket, there is nothing to look up here.
  if (target.scheme === 'unix' || target.proxy !== undefined) return [];
  const isSecure = ['mqtts', 'tls', 'ssl', 'wss'].includes(target.scheme);
  const network: readonly Check[] = [
    { layer: 'network', name: 'DNS', statements: [], run: () => checkName(target) },
    { layer: 'network', name: 'TCP', statements: [], run: ({ patienceMs }) => checkPort(target, patienceMs) },
  ];
  // With a pre-shared key there is no certificate to look at; CONNECT will show whether the key fits.
  if (!isSecure || target.tls?.preSharedKey !== undefined) return network;
  return [
    ...network,
    {
      layer: 'tls',
      name: 'TLS',
      statements: [],
      run: ({ patienceMs }) => checkTls(target, { patienceMs, expiryDays }),
    },
  ];
}

async function checkName({ host }: Target): Promise<Verdict> {
  const addresses = await lookup(host, { all: true });
  return passed(`${host} is ${addresses.map(({ address }) => address).join(', ')}`);
}

function checkPort({ host, port, localAddress }: Target, patienceMs: number): Promise<Verdict> {
  return new Promise((resolve) => {
    const startedAt = performance.now();
    const socket = connectTcp({ host, port, autoSelectFamily: true, ...(localAddress && { localAddress }) });
    const end = (verdict: Verdict): void => {
      socket.destroy();
      resolve(verdict);
    };
    socket.setTimeout(patienceMs, () => end(failed(`port ${port} does not answer: a firewall may drop it`)));
    socket.once('connect', () => end(passed(`port ${port} is open, ${(performance.now() - startedAt).toFixed(1)} ms`)));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const isOurs = error.code === 'EADDRNOTAVAIL' && localAddress !== undefined;
      end(
        failed(
          isOurs ? `${localAddress} is no address of this machine` : `port ${port}: ${error.code ?? error.message}`,
        ),
      );
    });
  });
}

function checkTls(
  { host, port, localAddress, tls = {} }: Target,
  limits: { patienceMs: number; expiryDays: number },
): Promise<Verdict> {
  return new Promise((resolve) => {
    const { ca, cert, key, passphrase, serverName = host, ciphers } = tls;
    const client = {
      ...(cert !== undefined && { cert: cert as string }),
      ...(key !== undefined && { key: key as string }),
    };
    const socket = connectTls({
      host,
      port,
      ...client,
      ...(localAddress && { localAddress }),
      ...(ciphers !== undefined && { ciphers }),
      ...(ca !== undefined && { ca: ca as string }),
      ...(passphrase !== undefined && { passphrase }),
      ...(/^[\d.:]+$/.test(serverName) ? {} : { servername: serverName }),
      // Looked at below: all that is wrong shall be told, not the first thing only.
      rejectUnauthorized: false,
    });
    const end = (verdict: Verdict): void => {
      socket.destroy();
      resolve(verdict);
    };
    socket.setTimeout(limits.patienceMs, () => end(failed('the TLS handshake does not end')));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      end(failed(`the TLS handshake failed: ${error.code ?? error.message}`)),
    );
    socket.once('secureConnect', () => end(judge(socket, limits.expiryDays)));
  });
}

function judge(socket: TLSSocket, expiryDays: number): Verdict {
  const certificate: PeerCertificate = socket.getPeerCertificate();
  const days = Math.floor((Date.parse(certificate.valid_to) - Date.now()) / DAY_MS);
  const facts = `${socket.getProtocol() ?? ''} ${socket.getCipher().standardName}, certificate of ${String(certificate.subject?.CN ?? 'nobody')}`;
  const ends = days < 0 ? `ended ${-days} days ago` : `ends in ${days} days`;
  const { authorizationError } = socket;
  if (authorizationError) return failed(`${facts} is not trusted (${String(authorizationError)}), ${ends}`);
  return days < expiryDays ? warned(`${facts} ${ends}: renew it`) : passed(`${facts} ${ends}`);
}
