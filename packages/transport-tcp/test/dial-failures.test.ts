import { describe, expect, test } from 'vitest';
import { explainConnecting, explainLoss } from '../src/dial-failures.ts';
import { facts } from './dialling.ts';

const place = { host: 'broker.test', port: 1883 };

function systemError(code: string, syscall = 'connect'): NodeJS.ErrnoException {
  return Object.assign(new Error(`${syscall} ${code}`), { code, syscall });
}

describe('an error before the connection', () => {
  test.each([
    ['ECONNREFUSED', 'connection-refused', 'connect'],
    ['EHOSTUNREACH', 'unreachable', 'connect'],
    ['ENETUNREACH', 'unreachable', 'connect'],
    ['ETIMEDOUT', 'unreachable', 'connect'],
    ['ECONNRESET', 'unreachable', 'connect'],
    ['EMFILE', 'unreachable', 'connect'],
    ['ENOTFOUND', 'name-not-found', 'dns'],
    ['EAI_AGAIN', 'name-not-found', 'dns'],
  ])('%s is %s, and may pass', (code, mapped, phase) => {
    const cause = systemError(code);
    const error = explainConnecting(place, cause);
    expect(facts(error)).toEqual({ code: mapped, phase, retryable: true });
    expect(error.message).toContain('broker.test');
    expect(error.cause).toBe(cause);
  });

  test('whatever the lookup says is about the name', () => {
    expect(explainConnecting(place, systemError('EAI_FAIL', 'getaddrinfo'))).toMatchObject({ code: 'name-not-found' });
  });

  test('of several addresses the one that refused says most', () => {
    const both = new AggregateError([systemError('ENETUNREACH'), systemError('ECONNREFUSED')]);
    expect(explainConnecting(place, both)).toMatchObject({ code: 'connection-refused' });
    const neither = new AggregateError([systemError('ENETUNREACH'), systemError('ETIMEDOUT')]);
    const error = explainConnecting(place, neither);
    expect(error.code).toBe('unreachable');
    expect(error.message).toContain('ENETUNREACH, ETIMEDOUT');
  });

  test('a socket that closed without an error is unreachable', () => {
    expect(explainConnecting(place)).toMatchObject({ code: 'unreachable', phase: 'connect' });
  });
});

describe('an error of a unix socket', () => {
  test.each([
    ['ECONNREFUSED', 'connection-refused', true],
    ['ENOENT', 'unreachable', true],
    ['EACCES', 'unreachable', false],
    ['EPERM', 'unreachable', false],
    ['EAGAIN', 'unreachable', true],
  ])('%s is %s', (code, mapped, retryable) => {
    const error = explainConnecting({ path: '/run/mqtt.sock' }, systemError(code));
    expect(facts(error)).toEqual({ code: mapped, phase: 'connect', retryable });
    expect(error.message).toContain('/run/mqtt.sock');
  });
});

describe('an error of an open connection', () => {
  test.each([
    ['ECONNRESET', 'connection-lost', true],
    ['EPIPE', 'connection-lost', true],
    ['ETIMEDOUT', 'connection-lost', true],
    ['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', 'tls-failed', true],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'tls-failed', false],
    ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'tls-failed', false],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'tls-failed', false],
  ])('%s is %s', (code, mapped, retryable) => {
    const error = explainLoss('192.0.2.1:1883', systemError(code, 'read'));
    expect(facts(error)).toEqual({ code: mapped, phase: 'open', retryable });
    expect(error.message).toContain('192.0.2.1:1883');
  });
});
