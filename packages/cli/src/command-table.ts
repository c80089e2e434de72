/** All commands. Each is loaded when it is run. */
import type { Command } from './command.ts';
import { benchOptions } from './options/bench-options.ts';
import { brokerOptions } from './options/broker-options.ts';
import { connectionOptions } from './options/connection-options.ts';
import { decodeOptions } from './options/decode-options.ts';
import { doctorOptions } from './options/doctor-options.ts';
import { helpOptions } from './options/help-options.ts';
import { contextOptions, generalOptions, messageOutputOptions } from './options/output-options.ts';
import { publishOptions } from './options/publish-options.ts';
import { replyOptions, requestOptions } from './options/request-options.ts';
import { recordOptions, replayOptions, retainedOptions, sessionOptions } from './options/recording-options.ts';
import { subscribeOptions } from './options/subscribe-options.ts';
import { topics } from './options/message-options.ts';
import { once, pingOptions } from './options/watch-options.ts';
import { willOptions } from './options/will-options.ts';

const connected = [...connectionOptions, ...willOptions, ...contextOptions, ...generalOptions];

export const commands: readonly Command[] = [
  {
    name: 'pub',
    usage: 'TOPIC [MESSAGE]',
    summary: 'publish a message, a file, lines or records',
    options: [...publishOptions, ...connected],
    words: [0, 2],
    load: () => import('./commands/pub.ts'),
  },
  {
    name: 'sub',
    usage: 'FILTER…',
    summary: 'show messages as they come',
    options: [topics, ...subscribeOptions, ...messageOutputOptions, ...connected],
    words: [0, 100],
    load: () => import('./commands/sub.ts'),
  },
  {
    name: 'req',
    usage: 'TOPIC [MESSAGE]',
    summary: 'ask, and show the answers',
    options: [...requestOptions, ...messageOutputOptions, ...connected],
    words: [0, 2],
    load: () => import('./commands/req.ts'),
  },
  {
    name: 'reply',
    usage: 'FILTER…',
    summary: 'answer requests',
    options: [...replyOptions, ...connected],
    words: [0, 100],
    load: () => import('./commands/reply.ts'),
  },
  {
    name: 'conn',
    usage: '',
    summary: 'connect, show what the broker allows, and hold the connection',
    options: [once, ...connected],
    words: [0, 0],
    load: () => import('./commands/conn.ts'),
  },
  {
    name: 'ping',
    usage: '',
    summary: 'measure round trips',
    options: [...pingOptions, ...connected],
    words: [0, 0],
    load: () => import('./commands/ping.ts'),
  },
  {
    name: 'retained',
    usage: 'ls|get|clear FILTER…',
    summary: 'list, show or clear retained messages',
    options: [...retainedOptions, ...messageOutputOptions, ...connected],
    words: [1, 100],
    actions: ['ls', 'get', 'clear'],
    load: () => import('./commands/retained.ts'),
  },
  {
    name: 'session',
    usage: 'show|drain|drop|unsub [FILTER…]',
    summary: 'look into the stored session of a client id, empty it or end it',
    options: [...sessionOptions, ...messageOutputOptions, ...connected],
    words: [1, 100],
    actions: ['show', 'drain', 'drop', 'unsub'],
    load: () => import('./commands/session.ts'),
  },
  {
    name: 'record',
    usage: 'FILE FILTER…',
    summary: 'record messages, as JSON records or, with the ending .omq, for the inspector',
    options: [...recordOptions, ...connected],
    words: [1, 100],
    load: () => import('./commands/record.ts'),
  },
  {
    name: 'replay',
    usage: 'FILE',
    summary: 'publish what was recorded, at the same pace',
    options: [...replayOptions, ...connected],
    words: [1, 1],
    load: () => import('./commands/replay.ts'),
  },
  {
    name: 'bench',
    usage: 'conn|pub|sub|rtt|fanout',
    summary: 'measure a broker under load',
    options: [...benchOptions, ...connected],
    words: [1, 1],
    actions: ['conn', 'pub', 'sub', 'rtt', 'fanout'],
    load: () => import('./commands/bench.ts'),
  },
  {
    name: 'doctor',
    usage: '[URL]',
    summary: 'look at the way to a broker, at what it says and at what it does',
    options: [...doctorOptions, ...connected],
    words: [0, 1],
    load: () => import('./commands/doctor.ts'),
  },
  {
    name: 'broker',
    usage: '',
    summary: 'start a broker for tests and local development',
    options: [...brokerOptions, ...generalOptions],
    words: [0, 0],
    load: () => import('./commands/broker.ts'),
  },
  {
    name: 'decode',
    usage: '[FILE|HEX]',
    summary: 'show packets as trees, with what is wrong with them',
    options: [...decodeOptions, ...generalOptions],
    words: [0, 1],
    load: () => import('./commands/decode.ts'),
  },
  {
    name: 'explain',
    usage: 'CODE|NAME|STATEMENT',
    summary: 'say what a reason code, property, packet, statement or exit code means',
    options: generalOptions,
    words: [1, 10],
    load: () => import('./commands/explain.ts'),
  },
  {
    name: 'cheat',
    usage: '[TOPIC]',
    summary: 'show lines to copy',
    options: generalOptions,
    words: [0, 1],
    load: () => import('./commands/cheat.ts'),
  },
  {
    name: 'completion',
    usage: 'SHELL',
    summary: 'write the completion for bash, zsh, fish or pwsh',
    options: generalOptions,
    words: [1, 1],
    load: () => import('./commands/completion.ts'),
  },
  {
    name: 'ctx',
    usage: 'ls|add|show|use|rm|edit|check [NAME] [KEY=VALUE…]',
    summary: 'keep options under a name',
    options: generalOptions,
    words: [0, 100],
    actions: ['ls', 'add', 'show', 'use', 'rm', 'edit', 'check'],
    adviceOnOption: ({ name, takes, valueName }) =>
      `a context keeps options as words: omqtt ctx add NAME ${name}=${takes === 0 ? 'true' : valueName}`,
    load: () => import('./commands/ctx.ts'),
  },
  {
    name: 'help',
    usage: '[COMMAND|exit-codes|formats|expressions]',
    summary: 'show all commands, or one of them',
    options: [...helpOptions, ...generalOptions],
    words: [0, 1],
    load: () => import('./commands/help.ts'),
  },
  {
    name: 'version',
    usage: '',
    summary: 'show the versions of omqtt and of what it runs on',
    options: generalOptions,
    words: [0, 0],
    load: () => import('./commands/version.ts'),
  },
];
