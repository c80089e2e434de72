import { requirePeer } from '@omqtt/peers';
import { afterAll, describe, expect, test } from 'vitest';
import { buildCli } from './built-cli.ts';
import { startMosquitto } from './mosquitto.ts';
import { Omqtt, Running, type Finished } from './run-omqtt.ts';

const mosquitto = requirePeer('mosquitto');
const theirPub = requirePeer('mosquitto_pub');
const theirSub = requirePeer('mosquitto_sub');
const theirRr = requirePeer('mosquitto_rr');
const isMissing = [mosquitto, theirPub, theirSub, theirRr].some((peer) => peer.isMissing);

describe.skipIf(isMissing)('beside the clients of mosquitto, at mosquitto', async () => {
  const [{ bin, remove }, server] = await Promise.all([buildCli(), startMosquitto(mosquitto.path)]);
  afterAll(async () => {
    await server.close();
    remove();
  });
  const omqtt = new Omqtt(bin);
  const at = ['-h', '127.0.0.1', '-p', String(server.port)];

  /** Both show what is retained, with the same words. */
  async function bothShow(...args: string[]): Promise<readonly [Finished, Finished]> {
    const words = [...at, ...args];
    const theirs = new Running(theirSub.path, words, { input: '' }).finished;
    return Promise.all([omqtt.run(['sub', ...words]), theirs]);
  }

  async function bothPublish(args: readonly string[], input = ''): Promise<readonly [Finished, Finished]> {
    const theirs = new Running(theirPub.path, [...at, ...args], { input }).finished;
    return Promise.all([omqtt.run(['pub', ...at, ...args], { input }), theirs]);
  }

  test.each([
    { what: 'a payload', topic: 'p/m', args: ['-m', 'text'], input: '' },
    { what: 'standard input as a whole', topic: 'p/s', args: ['-s'], input: 'one\ntwo\n' },
    { what: 'QoS 2', topic: 'p/q', args: ['-m', 'twice', '-q', '2'], input: '' },
    { what: 'the last of the lines', topic: 'p/l', args: ['-l'], input: 'one\ntwo\n' },
    {
      what: 'properties',
      topic: 'p/d',
      args: ['-V', '5', '-D', 'publish', 'content-type', 'a/b', '-m', 'x'],
      input: '',
    },
  ])('$what is published alike', async ({ topic, args, input }) => {
    const words = ['-r', '-t', topic, ...args];
    const [ours, theirs] = await bothPublish(words, input);
    expect([ours.status, ours.stdout]).toEqual([theirs.status, theirs.stdout]);
    const show = ['-V', '5', '-t', topic, '-C', '1', '-W', '5', '-F', '%t %q %r %l %C %p'];
    await omqtt.run(['pub', ...at, '-t', topic, '-r', '-n']);
    await omqtt.run(['pub', ...at, ...words], { input });
    const afterOurs = await new Running(theirSub.path, [...at, ...show], { input: '' }).finished;
    await new Running(theirPub.path, [...at, ...words], { input }).finished;
    const afterTheirs = await new Running(theirSub.path, [...at, ...show], { input: '' }).finished;
    expect(afterOurs.stdout).toBe(afterTheirs.stdout);
    expect(afterOurs.stdout).toContain(topic);
  });

  test('messages are shown alike: plain, with topics, with formats, without line ends, left out', async () => {
    for (const [topic, payload] of [
      ['s/1', 'one'],
      ['s/2', 'two'],
      ['s/3', 'b\u0001in'],
    ]) {
      await omqtt.run(['pub', ...at, '-t', topic ?? '', '-m', payload ?? '', '-r', '-q', '1']);
    }
    for (const args of [
      ['-C', '3'],
      ['-C', '3', '-v'],
      ['-C', '3', '-N'],
      ['-C', '2', '-T', 's/2'],
      ['-C', '3', '-F', '%t|%p|%q|%r|%l|%x|%X|%%|%10t|%-6t|'],
      ['-C', '3', '-q', '1', '-F', '%q'],
      ['-E'],
    ]) {
      const [ours, theirs] = await bothShow('-t', 's/#', '-W', '5', ...args);
      expect([args, ours.status, ours.stdout]).toEqual([args, theirs.status, theirs.stdout]);
    }
  });

  test('a request is asked alike, and answered by one replier', async () => {
    const replier = omqtt.start(['reply', ...at, 'ask', '--exec', 'cat; printf " back"', '-C', '2']);
    await replier.shows('answers requests');
    const words = [...at, '-V', '5', '-t', 'ask', '-e', 'answers/here', '-m', 'there and', '-q', '1', '-W', '10'];
    const theirs = await new Running(theirRr.path, words, { input: '' }).finished;
    const ours = await omqtt.run(['req', ...words]);
    expect([ours.status, ours.stdout]).toEqual([theirs.status, theirs.stdout]);
    expect(ours.stdout).toBe('there and back\n');
    await replier.finished;
  });

  test('a closed port and silence do not end with 0, for both', async () => {
    const closed = ['-h', '127.0.0.1', '-p', '1', '-t', 'a', '-m', 'b'];
    const silent = [...at, '-t', 'silence', '-W', '1'];
    const ours = [await omqtt.run(['pub', ...closed]), await omqtt.run(['sub', ...silent])];
    const theirs = [
      await new Running(theirPub.path, closed, { input: '' }).finished,
      await new Running(theirSub.path, silent, { input: '' }).finished,
    ];
    expect(theirs.map(({ status }) => status)).toEqual([1, 27]);
    expect(ours.map(({ status }) => status)).toEqual([3, 9]);
  });

  test('a URL names the topic, as theirs does', async () => {
    const url = `mqtt://127.0.0.1:${server.port}/u/r/l`;
    expect(await omqtt.run(['pub', '-L', url, '-m', 'by url', '-r'])).toMatchObject({ status: 0 });
    const theirs = await new Running(theirSub.path, ['-L', url, '-C', '1', '-W', '5'], { input: '' }).finished;
    const ours = await omqtt.run(['sub', '-L', url, '-C', '1', '-W', '5']);
    expect([ours.stdout, ours.status]).toEqual([theirs.stdout, theirs.status]);
  });

  test('3.1.1 works, and what only 5.0 has is refused before it is sent', async () => {
    const old = await omqtt.run(['pub', ...at, '-V', '311', 'a', 'b', '-q', '1']);
    expect(old).toMatchObject({ status: 0, stderr: '' });
    const refused = await omqtt.run(['pub', ...at, '-V', '311', 'a', 'b', '--content-type', 'x']);
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('needs MQTT 5.0')]);
  });
});
