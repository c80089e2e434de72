/** What the exit status says. Stable: scripts depend on it. The reason code of MQTT stands in the JSON error instead. */
export const exitCodes: {
  readonly done: 0;
  readonly fault: 1;
  readonly usage: 2;
  readonly unreachable: 3;
  readonly tls: 4;
  readonly connectRefused: 5;
  readonly denied: 6;
  readonly refused: 7;
  readonly connectionLost: 8;
  readonly timeout: 9;
  readonly expectation: 10;
  readonly payload: 11;
  readonly file: 12;
  readonly interrupted: 130;
} = {
  done: 0,
  fault: 1,
  usage: 2,
  unreachable: 3,
  tls: 4,
  connectRefused: 5,
  denied: 6,
  refused: 7,
  connectionLost: 8,
  timeout: 9,
  expectation: 10,
  payload: 11,
  file: 12,
  interrupted: 130,
};

export const exitCodeMeanings: Readonly<Record<number, string>> = {
  0: 'done',
  1: 'unexpected fault in omqtt',
  2: 'usage or configuration',
  3: 'cannot reach: DNS, TCP, proxy, WebSocket upgrade',
  4: 'TLS: chain, name, expiry, pin, client certificate',
  5: 'the broker refused CONNECT',
  6: 'authentication or authorisation (CONNACK, SUBACK, PUBACK, AUTH)',
  7: 'publish, subscribe or unsubscribe refused for another reason',
  8: 'connection lost and not recovered, or the server ended it',
  9: 'time-out: no acknowledgement, no message, no response',
  10: 'an expectation, assertion or check failed',
  11: 'a payload could not be encoded or decoded',
  12: 'local file error',
  130: 'interrupted',
};
