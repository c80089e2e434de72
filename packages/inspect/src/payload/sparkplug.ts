/** The payload of Sparkplug B: a protocol buffer of metrics. Integers are those of their data type. */
import { ByteReader, smallest } from './byte-reader.ts';
import { NotThisFormat, type DecodedValue } from './decoded-value.ts';

type Kind = 'integer' | 'yes-no' | 'text' | 'bytes' | 'float' | 'double' | 'datatype' | ShapeName;
type Field = readonly [name: string, kind: Kind, isList?: 'list'];
type ShapeName =
  | 'payload'
  | 'metric'
  | 'metadata'
  | 'propertySet'
  | 'property'
  | 'propertySets'
  | 'dataSet'
  | 'row'
  | 'element'
  | 'template'
  | 'parameter';
type Shape = Readonly<Record<number, Field>>;

/** The members of a value, whose numbers follow each other in each message. */
const values = (first: number): Shape => ({
  [first]: ['value', 'integer'],
  [first + 1]: ['value', 'integer'],
  [first + 2]: ['value', 'float'],
  [first + 3]: ['value', 'double'],
  [first + 4]: ['value', 'yes-no'],
  [first + 5]: ['value', 'text'],
});

const shapes: Readonly<Record<ShapeName, Shape>> = {
  payload: {
    1: ['timestamp', 'integer'],
    2: ['metrics', 'metric', 'list'],
    3: ['seq', 'integer'],
    4: ['uuid', 'text'],
    5: ['body', 'bytes'],
  },
  metric: {
    1: ['name', 'text'],
    2: ['alias', 'integer'],
    3: ['timestamp', 'integer'],
    4: ['datatype', 'datatype'],
    5: ['isHistorical', 'yes-no'],
    6: ['isTransient', 'yes-no'],
    7: ['isNull', 'yes-no'],
    8: ['metadata', 'metadata'],
    9: ['properties', 'propertySet'],
    ...values(10),
    16: ['value', 'bytes'],
    17: ['value', 'dataSet'],
    18: ['value', 'template'],
  },
  metadata: {
    1: ['isMultiPart', 'yes-no'],
    2: ['contentType', 'text'],
    3: ['size', 'integer'],
    4: ['seq', 'integer'],
    5: ['fileName', 'text'],
    6: ['fileType', 'text'],
    7: ['md5', 'text'],
    8: ['description', 'text'],
  },
  propertySet: { 1: ['keys', 'text', 'list'], 2: ['values', 'property', 'list'] },
  property: {
    1: ['type', 'datatype'],
    2: ['isNull', 'yes-no'],
    ...values(3),
    9: ['value', 'propertySet'],
    10: ['value', 'propertySets'],
  },
  propertySets: { 1: ['sets', 'propertySet', 'list'] },
  dataSet: {
    1: ['columnCount', 'integer'],
    2: ['columns', 'text', 'list'],
    3: ['types', 'datatype', 'list'],
    4: ['rows', 'row', 'list'],
  },
  row: { 1: ['elements', 'element', 'list'] },
  element: values(1),
  template: {
    1: ['version', 'text'],
    2: ['metrics', 'metric', 'list'],
    3: ['parameters', 'parameter', 'list'],
    4: ['reference', 'text'],
    5: ['isDefinition', 'yes-no'],
  },
  parameter: { 1: ['name', 'text'], 2: ['type', 'datatype'], ...values(3) },
};

const datatypes = (
  'Unknown Int8 Int16 Int32 Int64 UInt8 UInt16 UInt32 UInt64 Float Double Boolean String DateTime Text UUID DataSet Bytes ' +
  'File Template PropertySet PropertySetList Int8Array Int16Array Int32Array Int64Array UInt8Array UInt16Array UInt32Array ' +
  'UInt64Array FloatArray DoubleArray BooleanArray StringArray DateTimeArray'
).split(' ');

/** `undefined` when it is no payload of Sparkplug B. */
export function readSparkplug(bytes: Uint8Array): { readonly value: DecodedValue } | undefined {
  try {
    const reader = new ByteReader(bytes);
    const value = readMessage(reader, bytes.length, 'payload');
    return bytes.length === 0 ? undefined : { value };
  } catch (error) {
    if (error instanceof NotThisFormat) return undefined;
    throw error;
  }
}

/** Protocol buffers have the members of one list apart, and allow any order. */
function readMessage(reader: ByteReader, end: number, name: ShapeName): DecodedValue {
  const shape = shapes[name];
  const found = new Map<string, DecodedValue>();
  const lists = new Map<string, DecodedValue[]>();
  while (reader.at < end) {
    reader.countPart();
    const key = Number(reader.varint());
    const [number, wire] = [key >>> 3, key & 7];
    const field = shape[number];
    if (field === undefined) {
      skip(reader, wire);
      continue;
    }
    const [member, kind, isList] = field;
    if (!isList) found.set(member, readField(reader, wire, kind));
    else {
      const list = lists.get(member) ?? [];
      list.push(...readList(reader, wire, kind));
      lists.set(member, list);
      found.set(member, list);
    }
  }
  if (reader.at !== end) throw new NotThisFormat();
  return { pairs: [...withSign(found)] };
}

/** Numbers of a list may stand in one field. */
function readList(reader: ByteReader, wire: number, kind: Kind): DecodedValue[] {
  if (kind !== 'datatype' || wire !== 2) return [readField(reader, wire, kind)];
  const end = Number(reader.varint()) + reader.at;
  const list: DecodedValue[] = [];
  while (reader.at < end) {
    reader.countPart();
    list.push(readField(reader, 0, kind));
  }
  return list;
}

const wires: Readonly<Record<string, number>> = { integer: 0, 'yes-no': 0, datatype: 0, float: 5, double: 1 };

function readField(reader: ByteReader, wire: number, kind: Kind): DecodedValue {
  if (wire !== (wires[kind] ?? 2)) throw new NotThisFormat();
  switch (kind) {
    case 'integer':
      return smallest(reader.varint());
    case 'yes-no':
      return reader.varint() !== 0n;
    case 'datatype':
      return nameOf(Number(reader.varint()));
    case 'float':
      return reader.littleF32();
    case 'double':
      return reader.littleF64();
    case 'text':
      return reader.text(reader.varint());
    case 'bytes':
      return reader.bytes(reader.varint());
    default: {
      const size = Number(reader.varint());
      return reader.deeper(() => readMessage(reader, reader.at + size, kind));
    }
  }
}

function nameOf(datatype: number): DecodedValue {
  return datatypes[datatype] ?? datatype;
}

function skip(reader: ByteReader, wire: number): void {
  if (wire === 0) reader.varint();
  else if (wire === 1) reader.bytes(8);
  else if (wire === 2) reader.bytes(reader.varint());
  else if (wire === 5) reader.bytes(4);
  else throw new NotThisFormat();
}

const signed: Readonly<Record<string, number>> = { Int8: 8, Int16: 16, Int32: 32, Int64: 64 };

/** Signed integers travel as unsigned ones; which they are says the data type beside them. */
function withSign(found: Map<string, DecodedValue>): Map<string, DecodedValue> {
  const [value, datatype] = [found.get('value'), found.get('datatype') ?? found.get('type')];
  const bits = typeof datatype === 'string' ? signed[datatype] : undefined;
  if (bits !== undefined && (typeof value === 'number' || typeof value === 'bigint')) {
    found.set('value', smallest(BigInt.asIntN(bits, BigInt(value))));
  }
  return found;
}
