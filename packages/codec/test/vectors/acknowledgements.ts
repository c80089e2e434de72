import type { AcknowledgementPacket } from '../../src/index.ts';
import { octets, type Vector } from './vector.ts';

interface Kind {
  readonly name: string;
  readonly type: AcknowledgementPacket['type'];
  readonly firstByte: number;
  /** A failure that this packet may report. */
  readonly failure: number;
}

const kinds: readonly Kind[] = [
  { name: 'PUBACK', type: 'puback', firstByte: 0x40, failure: 0x87 },
  { name: 'PUBREC', type: 'pubrec', firstByte: 0x50, failure: 0x97 },
  { name: 'PUBREL', type: 'pubrel', firstByte: 0x62, failure: 0x92 },
  { name: 'PUBCOMP', type: 'pubcomp', firstByte: 0x70, failure: 0x92 },
];

export const acknowledgementVectors: readonly Vector[] = kinds.flatMap(vectorsOf);

function vectorsOf({ name, type, firstByte, failure }: Kind): Vector[] {
  return [
    {
      title: `${name} without reason code`,
      version: '5.0',
      bytes: octets([
        [firstByte, 0x02], // 2 bytes follow
        [0x12, 0x34], // packet id 4660
      ]),
      packet: { type, packetId: 0x1234, reasonCode: 0x00 },
    },
    {
      title: `${name} with reason code 0x00 written out`,
      version: '5.0',
      bytes: octets([
        [firstByte, 0x03], // 3 bytes follow
        [0x00, 0x01], // packet id 1
        [0x00], // success
      ]),
      packet: { type, packetId: 1, reasonCode: 0x00 },
      isLongForm: true,
    },
    {
      title: `${name} with a failure and no properties`,
      version: '5.0',
      bytes: octets([
        [firstByte, 0x03], // 3 bytes follow
        [0xff, 0xff], // packet id 65535
        [failure], // reason code
      ]),
      packet: { type, packetId: 65_535, reasonCode: failure },
    },
    {
      title: `${name} with an empty property block`,
      version: '5.0',
      bytes: octets([
        [firstByte, 0x04], // 4 bytes follow
        [0x00, 0x02], // packet id 2
        [failure], // reason code
        [0x00], // no properties
      ]),
      packet: { type, packetId: 2, reasonCode: failure },
      isLongForm: true,
    },
    {
      title: `${name} with every property`,
      version: '5.0',
      bytes: octets([
        [firstByte, 0x0f], // 15 bytes follow
        [0x00, 0x03], // packet id 3
        [0x00], // success
        [0x0b], // 11 bytes of properties
        [0x1f, 0x00, 0x01, 'r'], // reason string
        [0x26, 0x00, 0x01, 'k', 0x00, 0x01, 'v'], // user property k = v
      ]),
      packet: {
        type,
        packetId: 3,
        reasonCode: 0x00,
        properties: { reasonString: 'r', userProperties: [['k', 'v']] },
      },
    },
    {
      title: `${name} in 3.1.1`,
      version: '3.1.1',
      bytes: octets([
        [firstByte, 0x02], // 2 bytes follow
        [0x00, 0x0a], // packet id 10
      ]),
      packet: { type, packetId: 10, reasonCode: 0x00 },
    },
  ];
}
