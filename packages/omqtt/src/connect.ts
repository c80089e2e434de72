import { Client, type ClientOptions, type Provider } from '@omqtt/core';
import { dial, observeClient, watchNetwork } from '#dial';
import type { AnyVersionClient, V3Client, V3ClientOptions } from './versions.ts';

/** One URL, several to try in turn, or a function that computes them for each attempt. */
export type BrokerUrl = Provider<string | readonly string[]>;

type AnyVersionOptions = ClientOptions & { readonly version: 'auto' };
type V5Options = ClientOptions & { readonly version?: '5.0' };

/** Resolves with a connected client, which stays connected by itself. Rejects, with nothing left open, as `reconnect` says. */
export function connect(url: BrokerUrl, options: V3ClientOptions): Promise<V3Client>;
export function connect(url: BrokerUrl, options: AnyVersionOptions): Promise<AnyVersionClient>;
export function connect(url: BrokerUrl, options?: V5Options): Promise<Client>;
export async function connect(url: BrokerUrl, options: ClientOptions = {}): Promise<unknown> {
  const client = newClient(url, options);
  try {
    await client.connect();
  } catch (error) {
    await client.close();
    throw error;
  }
  return client;
}

/** The same client before its `connect()`: it can subscribe and publish already, and everything waits for the server. */
export function createClient(url: BrokerUrl, options: V3ClientOptions): V3Client;
export function createClient(url: BrokerUrl, options: AnyVersionOptions): AnyVersionClient;
export function createClient(url: BrokerUrl, options?: V5Options): Client;
export function createClient(url: BrokerUrl, options: ClientOptions = {}): unknown {
  return newClient(url, options);
}

function newClient(url: BrokerUrl, options: ClientOptions): Client {
  return observeClient(options, (observed) => new Client({ url, dial, watchNetwork }, observed));
}
