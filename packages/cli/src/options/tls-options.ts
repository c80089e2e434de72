/** How the way to the broker is secured, and whom we trust. */
import { type AnyOption, choice, flag, text, texts, type Option } from './option.ts';

export const tls: Option<boolean> = flag('tls', {
  group: 'security',
  help: 'Encrypt. Implied by --cafile, --cert and port 8883.',
});
export const caFile: Option<string> = text('cafile', {
  aliases: ['ca'],
  group: 'security',
  valueName: 'FILE',
  help: 'Trust these authorities instead of those of the system (PEM).',
});
export const caPath: Option<string> = text('capath', {
  group: 'security',
  valueName: 'FOLDER',
  help: 'Trust the authorities in the files of this folder that end with .pem, .crt or .cer, or have the name of a hash.',
});
export const certificate: Option<string> = text('cert', {
  group: 'security',
  valueName: 'FILE',
  help: 'Certificate of the client (PEM).',
});
export const key: Option<string> = text('key', {
  group: 'security',
  valueName: 'FILE',
  help: 'Its private key (PEM).',
});
export const keyPasswordFile: Option<string> = text('key-password-file', {
  group: 'security',
  valueName: 'FILE',
  help: 'Read the password of the key from the first line of the file.',
});
export const pin: Option<readonly string[]> = texts('ca-pin', {
  group: 'security',
  valueName: 'SHA256',
  help: 'Fingerprint of a certificate that the broker has to show.',
});
export type LeastTls = 'tlsv1.2' | 'tlsv1.3';
export const tlsVersion: Option<LeastTls> = choice(
  'tls-version',
  { 'tlsv1.2': ['1.2'], 'tlsv1.3': ['1.3'] },
  { group: 'security', help: 'The least version of TLS. Default: tlsv1.2.' },
);
export const alpn: Option<readonly string[]> = texts('tls-alpn', {
  group: 'security',
  valueName: 'PROTOCOL',
  help: 'Protocol to ask for in the TLS handshake.',
});
export const serverName: Option<string> = text('sni', {
  group: 'security',
  valueName: 'NAME',
  help: 'Name to ask for and to check instead of the host.',
});
export const insecure: Option<boolean> = flag('insecure', {
  group: 'security',
  help: 'Accept any certificate. Only on the command line, and only for tests.',
});

export const tlsOptions: readonly AnyOption[] = [
  tls,
  caFile,
  caPath,
  certificate,
  key,
  keyPasswordFile,
  pin,
  tlsVersion,
  alpn,
  serverName,
  insecure,
];
