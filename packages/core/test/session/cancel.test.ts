import { describe, expect, test } from 'vitest';

import { dialogue } from './dialogue.ts';
import { connack, pingresp, puback } from './packets.ts';

const method = { request: { authenticationMethod: 'M' }, properties: { authenticationMethod: 'M' } };

describe('a cancelled operation', () => {
  test('settles at once, and the answer to its ping settles nothing', () => {
    const given = dialogue().connected();
    const [first, second] = [given.ping(), given.ping()];
    given.cancel(first);
    expect(given.outcome(first)).toBe('given-up');
    given.receive(pingresp);
    expect(given.outcome(second)).toBe('pending');
    given.receive(pingresp);
    expect(given.outcome(second)).toBe('ok');
  });

  test('settles at once, and CONNACK settles it no second time', () => {
    const given = dialogue();
    const call = given.connect();
    given.cancel(call);
    expect(given.outcome(call)).toBe('given-up');
    given.receive(connack());
    expect(given.session.isConnected).toBe(true);
  });

  test('settles at once, and neither a refusal nor the end of the connection settles it a second time', () => {
    for (const reasonCode of [0x87, undefined]) {
      const given = dialogue();
      const call = given.connect();
      given.cancel(call);
      if (reasonCode !== undefined) given.receive({ type: 'connack', sessionPresent: false, reasonCode });
      given.lost();
      expect(given.outcome(call)).toBe('given-up');
    }
  });

  test('ends the connection when it was a re-authentication, which has failed with it [parity Z33, E44]', () => {
    const given = dialogue();
    given.connect(method);
    given.receive(connack(method.properties));
    given.act(() => given.session.confirmAuthentication(given.now));
    const again = given.act((operation) => given.session.reauthenticate(operation, undefined, given.now));
    given.sent();
    given.cancel(again);
    expect(given.outcome(again)).toBe('given-up');
    expect(given.said()).toEqual(['disconnect 0x80']);
    expect(given.ending()).toBe('authentication-failed');
  });

  test('that has settled already is left alone', () => {
    const given = dialogue().connected();
    const publish = given.publish('a');
    given.receive(puback(1));
    given.cancel(publish);
    given.cancel(given.operation());
    expect(given.outcome(publish)).toBe('ok');
  });
});
