import { decode, MalformedPacketError, type Problem, type ProtocolVersion, type Role } from '../src/index.ts';
import { octets, type Field } from './vectors/vector.ts';

/** Bytes that the standard forbids, field by field, and how they are to be refused. */
export interface Refused {
  readonly what: string;
  readonly fields: readonly Field[];
  /** Which of the fields is the wrong one: the error has to point into it. */
  readonly wrong: number;
  readonly problem: Problem;
  readonly reasonCode: number;
  /** The statement that the error has to name; any or none when absent. */
  readonly statement?: string;
  /** 5.0 when absent. */
  readonly version?: ProtocolVersion;
  /** Which end reads: either when absent. */
  readonly role?: Role;
}

type Refusal = Pick<Refused, 'problem' | 'reasonCode'> & {
  readonly wrong: number | string;
  readonly statement: string | undefined;
};

/** What `decode` says about the bytes. */
export function refusalOf({ fields, version = '5.0', role = 'either', wrong, statement }: Refused): Refusal {
  const error = errorOf(octets(fields), version, role);
  const { problem, reasonCode, offset } = error;
  const start = octets(fields.slice(0, wrong)).length;
  const end = octets(fields.slice(0, wrong + 1)).length;
  const isInside = offset >= start && offset <= end;
  return {
    problem,
    reasonCode,
    wrong: isInside ? wrong : `${offset} is not within ${start} to ${end}`,
    statement: statement === undefined ? undefined : error.statement,
  };
}

/** What the row asks for, in the shape of a refusal. */
export function asked({ problem, reasonCode, wrong, statement }: Refused): Refusal {
  return { problem, reasonCode, wrong, statement };
}

/** The error that `decode` throws; fails when it throws none, or another. */
export function errorOf(bytes: Uint8Array, version: ProtocolVersion, role: Role = 'either'): MalformedPacketError {
  try {
    const packet = decode(bytes, version, { role });
    throw new Error(`decoded to ${JSON.stringify(packet)}`);
  } catch (error) {
    if (error instanceof MalformedPacketError) return error;
    throw error;
  }
}
