/**
 * A cursor over the bytes of one packet that notes where each field stands and what is wrong with it. Unlike the reader
 * of the codec it goes on after a fault, as long as there is something to read.
 */
import type { ProtocolVersion, Side, UserProperty } from '@omqtt/codec';
import type { CodecRuleName } from '../lint/codec-rules.ts';
import { shownText, textOf } from '../platform-text.ts';
import type { FieldNode, FieldValue } from './field.ts';

/** Something wrong with the bytes from `start` to `end`. */
export interface Fault {
  readonly rule: CodecRuleName;
  readonly start: number;
  readonly end: number;
  /** More about the case, to follow the message of the rule. */
  readonly detail?: string;
  /** Ids that say more about the case than those of the rule: the first of them leads. */
  readonly ids?: string;
  /** Ids that are broken too. */
  readonly also?: string;
}

/** Thrown where the bytes end, and caught where the reading began: it never leaves the decoder. */
export class EndOfPacket extends Error {}

type Building = { -readonly [Key in keyof FieldNode]: FieldNode[Key] } & { children?: FieldNode[] };

export class FieldReader {
  readonly bytes: Uint8Array;
  readonly sender: Side;
  version: ProtocolVersion;
  at = 0;
  end: number;
  readonly fields: FieldNode[] = [];
  readonly faults: Fault[] = [];
  /** The rule that is broken when the bytes end here. */
  whenCut: CodecRuleName = 'truncated';
  /** The packet was longer than what was kept of it, so that its end is no fault. */
  readonly isShortened: boolean;
  #prefix = '';
  #siblings: FieldNode[] = this.fields;

  constructor(
    bytes: Uint8Array,
    facts: { readonly sender: Side; readonly version: ProtocolVersion; readonly isShortened: boolean },
  ) {
    this.bytes = bytes;
    this.end = bytes.length;
    this.sender = facts.sender;
    this.version = facts.version;
    this.isShortened = facts.isShortened;
  }

  get left(): number {
    return this.end - this.at;
  }

  /** Notes that a rule is broken by the field that was read last, unless `facts` says where. */
  fault(rule: CodecRuleName, facts: Partial<Fault> = {}): void {
    const last = this.last;
    this.faults.push({ rule, start: last?.start ?? this.at, end: last?.end ?? this.at, ...facts });
  }

  /** The field that was read last. */
  get last(): FieldNode | undefined {
    return this.#siblings.at(-1);
  }

  /** Reads `name` as a field with parts: what `read` reads stands below it. */
  group<Result>(name: string, read: () => Result): Result {
    const node: Building = { name, path: this.#prefix + name, start: this.at, end: this.at, children: [] };
    const [prefix, siblings] = [this.#prefix, this.#siblings];
    siblings.push(node);
    this.#prefix = `${node.path}.`;
    this.#siblings = node.children as FieldNode[];
    try {
      return read();
    } finally {
      node.end = this.at;
      this.#prefix = prefix;
      this.#siblings = siblings;
    }
  }

  /** Adds a field whose bytes were read already, such as a bit of a byte. */
  add(field: Omit<FieldNode, 'path'>): void {
    this.#siblings.push({ ...field, path: this.#prefix + field.name });
  }

  /** Says what the value of the last field means. */
  annotate(note: string): void {
    const last = this.#siblings.pop();
    if (last) this.#siblings.push({ ...last, note });
  }

  u8(name: string): number {
    const start = this.#take(name, 1);
    return this.#note(name, start, this.bytes[start] as number);
  }

  u16(name: string): number {
    const start = this.#take(name, 2);
    return this.#note(name, start, this.#u16At(start));
  }

  u32(name: string): number {
    const start = this.#take(name, 4);
    return this.#note(name, start, this.#u16At(start) * 0x1_0000 + this.#u16At(start + 2));
  }

  variable(name: string): number {
    const start = this.at;
    let value = 0;
    for (let index = 0; index < 4; index += 1) {
      if (this.left === 0) this.cut(name, start);
      const byte = this.bytes[this.at] as number;
      this.at += 1;
      value += (byte & 0x7f) * 0x80 ** index;
      if (byte < 0x80) {
        this.#note(name, start, value);
        if (byte === 0 && index > 0) this.fault('long-variable-integer');
        return value;
      }
    }
    this.at = Math.min(this.at + 1, this.end);
    this.#note(name, start, value);
    this.fault('five-byte-integer');
    throw new EndOfPacket();
  }

  /** `also` is the statement that this very text is UTF-8. */
  text(name: string, also?: string): string {
    const start = this.#takeSized(name);
    const bytes = this.bytes.subarray(start + 2, this.at);
    const sound = textOf(bytes);
    const text = this.#note(name, start, sound ?? shownText(bytes));
    const facts = also === undefined ? {} : { also };
    if (sound === undefined) this.fault('ill-formed-text', facts);
    if (text.includes('\0')) {
      this.fault('null-character', isTopicLike(name) ? { also: `${also ?? ''} 4.7.3-2` } : facts);
    }
    return text;
  }

  pair(name: string): UserProperty {
    return this.group(name, () => [this.text('name', '1.5.7-1'), this.text('value', '1.5.7-1')]);
  }

  binary(name: string): Uint8Array {
    const start = this.#takeSized(name);
    return this.#note(name, start, this.#view(start + 2, this.at));
  }

  /** What is left of the packet. */
  rest(name: string): Uint8Array {
    const start = this.at;
    this.at = this.end;
    return this.#note(name, start, this.#view(start, this.end));
  }

  /** The bytes ended inside a field. */
  cut(name: string, start: number): never {
    this.at = this.end;
    this.add({ name, start, end: this.end });
    if (!this.isShortened) this.fault(this.whenCut, { start, end: this.end });
    throw new EndOfPacket();
  }

  #take(name: string, size: number): number {
    const start = this.at;
    if (size > this.left) this.cut(name, start);
    this.at += size;
    return start;
  }

  #takeSized(name: string): number {
    const start = this.#take(name, 2);
    const size = this.#u16At(start);
    if (size > this.left) this.cut(name, start);
    this.at += size;
    return start;
  }

  #u16At(index: number): number {
    return ((this.bytes[index] as number) << 8) | (this.bytes[index + 1] as number);
  }

  #view(start: number, end: number): Uint8Array {
    return this.bytes.subarray(start, end);
  }

  #note<Value extends FieldValue>(name: string, start: number, value: Value): Value {
    this.add({ name, start, end: this.at, value });
    return value;
  }
}

function isTopicLike(name: string): boolean {
  return /topic|filter/i.test(name);
}
