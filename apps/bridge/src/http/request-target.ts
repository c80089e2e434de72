/** Which topic, which filters and which broker a request is about. */
import type { FastifyRequest } from 'fastify';
import { InvalidTopicError, validateTopicFilter } from 'omqtt';
import type { BrokerDirectory } from '../brokers/broker-directory.ts';
import type { BrokerPool } from '../brokers/broker-pool.ts';
import { BridgeProblem } from '../problems/problem.ts';

interface PathParameters {
  readonly '*'?: string;
  readonly broker?: string;
}

/** What follows `/topics/`, decoded once and used to the byte; awkward ones stand in `?topic=`. */
export function topicOf(request: FastifyRequest): string {
  const inPath = (request.params as PathParameters)['*'];
  const topic = inPath ?? queryValue(request.query, 'topic');
  if (topic === undefined) throw new BridgeProblem('topic-invalid', 'the topic stands in the path or in ?topic=');
  return topic;
}

export function brokerNameOf(request: FastifyRequest): string | undefined {
  return (request.params as PathParameters).broker;
}

/** The connections that this request may use. */
export function poolOf(request: FastifyRequest, { brokers }: { readonly brokers: BrokerDirectory }): BrokerPool {
  const { pool } = request.principal;
  const named = brokers.find(brokerNameOf(request));
  if (pool === undefined || pool.name === named.name) return pool ?? named;
  throw new BridgeProblem('acl-denied', `these credentials are for the broker ${JSON.stringify(pool.name)}`);
}

/** A parameter that stands in the query at most once. */
export function queryValue(query: unknown, name: string): string | undefined {
  const value = (query as Readonly<Record<string, unknown>>)[name];
  if (value === undefined || typeof value === 'string') return value;
  throw new BridgeProblem('parameter-invalid', `the ${name} stands in the query at most once`);
}

/** One of a few words; the first one is the default. */
export function queryChoice<Word extends string>(
  query: unknown,
  name: string,
  words: readonly [Word, ...Word[]],
): Word {
  const value = queryValue(query, name);
  if (value === undefined) return words[0];
  const found = words.find((word) => word === value);
  if (found === undefined) throw new BridgeProblem('parameter-invalid', `the ${name} is one of ${words.join(', ')}`);
  return found;
}

export function queryInteger(
  query: unknown,
  name: string,
  { least, most }: { least: number; most: number },
): number | undefined {
  const value = queryValue(query, name);
  if (value === undefined) return undefined;
  const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new BridgeProblem('parameter-invalid', `the ${name} is a whole number from ${least} to ${most}`);
}

/** `filter`, repeated. */
export function filtersOf(query: unknown, maximum: number): readonly string[] {
  const given = (query as Readonly<Record<string, unknown>>)['filter'];
  const filters = [...new Set([given ?? []].flat() as string[])];
  if (filters.length === 0) throw new BridgeProblem('parameter-invalid', 'a filter is missing, such as ?filter=a/%23');
  if (filters.length > maximum) throw new BridgeProblem('parameter-invalid', `there are more than ${maximum} filters`);
  if (!filters.every((filter) => typeof filter === 'string')) {
    throw new BridgeProblem('parameter-invalid', 'a filter is a text');
  }
  for (const filter of filters) checkFilter(filter);
  return filters;
}

function checkFilter(filter: string): void {
  try {
    validateTopicFilter(filter);
  } catch (error) {
    if (!(error instanceof InvalidTopicError)) throw error;
    throw new BridgeProblem('topic-invalid', error.message);
  }
  // What is shared with others is neither a stream of its own nor retained for anyone.
  if (filter.startsWith('$share/')) throw new BridgeProblem('topic-invalid', 'shared filters are not possible here');
}
