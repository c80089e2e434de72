/** What the bytes of one packet can have wrong. */
import type { RuleRow } from './rule-row.ts';

const table = {
  truncated:
    'error | §2.1.4 | §2.2.3 | the packet ends inside this field | write the whole field, and count it in the Remaining Length',
  'trailing-bytes':
    'error | §2.1.4 | §2.2.3 | bytes follow the last field | make the Remaining Length end with the last field',
  'unannounced-credentials':
    'error | 3.1.2-16 3.1.2-18 | 3.1.2-18 3.1.2-20 | bytes follow that no connect flag announces | set the flag of each field that is there',
  'missing-username':
    'error | 3.1.2-17 | 3.1.2-19 | the User Name Flag is set, but there is no user name | write the user name, or clear the flag',
  'missing-password':
    'error | 3.1.2-19 | 3.1.2-21 | the Password Flag is set, but there is no password | write the password, or clear the flag',
  'missing-will':
    'error | 3.1.2-9 | 3.1.2-9 | the Will Flag is set, but the will is not complete | write will properties (5.0), topic and payload, or clear the flag',
  'missing-client-id':
    'error | 3.1.3-3 | 3.1.3-3 | the payload has no client id | write the client id first; an empty one is two zero bytes',
  'missing-property-length':
    'error | 2.2.2-1 |  | the Property Length is missing | write 0 when there are no properties',
  'long-variable-integer':
    'error | 1.5.5-1 | §2.2.3 | the variable byte integer has more bytes than it needs | write it in the fewest bytes',
  'five-byte-integer':
    'error | §1.5.5 1.5.5-1 | §2.2.3 | the variable byte integer goes on after four bytes | the largest number is 268 435 455, in four bytes',
  'reserved-type':
    'error | §2.1.2 | §2.2.1 | this packet type is reserved | send a packet of a type that the version has',
  'auth-in-3.1.1': 'error |  | §2.2.1 | AUTH does not exist in this version | use MQTT 5.0 for enhanced authentication',
  'reserved-flags':
    'error | 2.1.3-1 | 2.2.2-1 2.2.2-2 | the flags of the fixed header are not those of this type | set them as the table of the types says',
  'pubrel-flags':
    'error | 3.6.1-1 2.1.3-1 | 3.6.1-1 2.2.2-1 2.2.2-2 | the flags of PUBREL are not 0010 | write 0x62 as its first byte',
  'subscribe-flags':
    'error | 3.8.1-1 2.1.3-1 | 3.8.1-1 2.2.2-1 2.2.2-2 | the flags of SUBSCRIBE are not 0010 | write 0x82 as its first byte',
  'unsubscribe-flags':
    'error | 3.10.1-1 2.1.3-1 | 3.10.1-1 2.2.2-1 2.2.2-2 | the flags of UNSUBSCRIBE are not 0010 | write 0xA2 as its first byte',
  'disconnect-flags':
    'error | 3.14.1-1 2.1.3-1 | 3.14.1-1 2.2.2-1 2.2.2-2 | the flags of DISCONNECT are not 0 | write 0xE0 as its first byte',
  'auth-flags': 'error | 3.15.1-1 2.1.3-1 |  | the flags of AUTH are not 0 | write 0xF0 as its first byte',
  'ill-formed-text':
    'error | 1.5.4-1 | 1.5.3-1 | the text is not well-formed UTF-8 | encode it as UTF-8, without surrogates',
  'null-character': 'error | 1.5.4-2 | 1.5.3-2 | the text has U+0000 | take the character out',
  'qos-3': 'error | 3.3.1-4 | 3.3.1-4 | both QoS bits are set | use QoS 0, 1 or 2',
  'dup-at-qos-0':
    'error | 3.3.1-2 4.3.1-1 | 3.3.1-2 4.3.1-1 | DUP is set at QoS 0 | clear DUP: a message of QoS 0 is never sent again',
  'zero-packet-id':
    'error | 2.2.1-3 | 2.3.1-1 | the packet identifier is 0 | use an identifier from 1 to 65535 that is free',
  'zero-packet-id-of-server':
    'error | 2.2.1-4 | 2.3.1-1 | the packet identifier is 0 | use an identifier from 1 to 65535 that is free',
  'zero-id-in-answer':
    'error | 2.2.1-5 | 2.3.1-6 | the packet identifier is 0, which no packet had | repeat the identifier of the packet that is answered',
  'zero-id-in-list-answer':
    'error | 2.2.1-6 | 2.3.1-7 | the packet identifier is 0, which no packet had | repeat the identifier of the packet that is answered',
  'wildcard-in-topic':
    'error | 3.3.2-2 4.7.0-1 | 3.3.2-2 4.7.1-1 | the topic of a message has a wildcard | publish to one topic; wildcards are for filters',
  'wildcard-in-will-topic':
    'error | 4.7.0-1 | 4.7.1-1 | the will topic has a wildcard | name one topic; wildcards are for filters',
  'empty-topic':
    'error | §3.3.2.1 4.7.3-1 | 4.7.3-1 | the topic is empty and there is no alias | name a topic, or (5.0) an alias that was set before',
  'empty-will-topic': 'error | 4.7.3-1 | 4.7.3-1 | the will topic is empty | name a topic',
  'alias-zero': 'error | 3.3.2-8 |  | the topic alias is 0 | use an alias from 1 to the maximum of the receiver',
  'repeated-property': 'error | §2.2.2 |  | the property comes twice | send it once',
  'misplaced-property': 'error | §2.2.2 |  | this packet cannot carry this property | leave it out',
  'bad-property-value':
    'error | §2.2.2 |  | the property has a value that is not allowed | see the section for its values',
  'text-indicator':
    'warning | §3.3.2.3.2 |  | the payload is said to be UTF-8 text, but is not | leave the indicator out, or send text',
  'identifier-from-client':
    'error | 3.3.4-6 |  | a client sends a Subscription Identifier in a PUBLISH | leave it out: only servers add it',
  'wildcard-in-response-topic': 'error | 3.3.2-14 |  | the response topic has a wildcard | name one topic',
  'empty-response-topic': 'error | 4.7.3-1 |  | the response topic is empty | name a topic, or leave it out',
  'protocol-name': 'error | 3.1.2-1 | 3.1.2-1 | the protocol name is not MQTT | write "MQTT"',
  'protocol-level':
    'error | 3.1.2-2 | 3.1.2-2 | this protocol level is unknown | write 5 for MQTT 5.0 or 4 for MQTT 3.1.1',
  'reserved-connect-flag':
    'error | 3.1.2-3 | 3.1.2-3 | the reserved connect flag is set | clear bit 0 of the connect flags',
  'will-qos-without-will':
    'error | 3.1.2-11 | 3.1.2-13 3.1.2-11 | there is a Will QoS without a will | clear the QoS bits, or set the Will Flag',
  'will-qos-3': 'error | 3.1.2-12 | 3.1.2-14 | both Will QoS bits are set | use QoS 0, 1 or 2',
  'will-retain-without-will':
    'error | 3.1.2-13 | 3.1.2-15 3.1.2-11 | Will Retain is set without a will | clear it, or set the Will Flag',
  'password-without-username':
    'error |  | 3.1.2-22 | there is a password without a user name | send a user name too; only 5.0 does without',
  'empty-client-id':
    'error |  | 3.1.3-7 | the client id is empty and the session is to be kept | name the client, or set Clean Session',
  'data-without-method':
    'error | §3.1.2.11.10 |  | there is Authentication Data without an Authentication Method | name the method, or leave the data out',
  'auth-without-method':
    'error | §3.15.2.2.2 |  | AUTH has no Authentication Method | name the method that CONNECT named',
  'connack-flags': 'error | 3.2.2-1 | §3.2.2.1 | reserved CONNACK flags are set | clear bits 7 to 1',
  'session-present-on-failure':
    'error | 3.2.2-6 | 3.2.2-4 | the connection is refused with Session Present | clear Session Present in a refusal',
  'connack-of-older-server':
    'note | 3.1.2-2 |  | the server answers as a server of 3.1.1 does | connect with MQTT 3.1.1',
  'connack-code': 'error | 3.2.2-8 | §3.2.2.3 | CONNACK cannot carry this reason code | use a code of its table',
  'puback-code': 'error | 3.4.2-1 |  | PUBACK cannot carry this reason code | use a code of its table',
  'pubrec-code': 'error | 3.5.2-1 |  | PUBREC cannot carry this reason code | use a code of its table',
  'pubrel-code': 'error | 3.6.2-1 |  | PUBREL cannot carry this reason code | use 0x00 or 0x92',
  'pubcomp-code': 'error | 3.7.2-1 |  | PUBCOMP cannot carry this reason code | use 0x00 or 0x92',
  'suback-code':
    'error | 3.9.3-2 3.8.4-7 | 3.9.3-2 | SUBACK cannot carry this reason code | use a granted QoS or a failure of its table',
  'unsuback-code': 'error | 3.11.3-2 |  | UNSUBACK cannot carry this reason code | use a code of its table',
  'disconnect-code':
    'error | 3.14.2-1 |  | DISCONNECT of this side cannot carry this reason code | use a code of its table',
  'auth-code':
    'error | 3.15.2-1 |  | AUTH of this side cannot carry this reason code | use 0x00 (server), 0x18, or 0x19 (client)',
  'no-filters': 'error | 3.8.3-2 | 3.8.3-3 | SUBSCRIBE has no topic filter | send at least one filter with its options',
  'nothing-to-unsubscribe': 'error | 3.10.3-2 | 3.10.3-2 | UNSUBSCRIBE has no topic filter | send at least one filter',
  'no-suback-codes':
    'error | 3.8.4-6 | 3.8.4-5 | SUBACK has no reason code | send one for each filter of the SUBSCRIBE',
  'no-unsuback-codes':
    'error | §3.11.3 3.11.3-1 |  | UNSUBACK has no reason code | send one for each filter of the UNSUBSCRIBE',
  'reserved-options':
    'error | 3.8.3-5 | 3.8.3-4 | reserved subscription options are set | clear bits 7 and 6 (in 3.1.1: all but the QoS)',
  'subscribe-qos-3': 'error | §3.8.3.1 | 3.8.3-4 | both QoS bits of the subscription are set | ask for QoS 0, 1 or 2',
  'retain-handling-3': 'error | §3.8.3.1 |  | Retain Handling is 3 | use 0, 1 or 2',
  'no-local-on-share': 'error | 3.8.3-4 |  | No Local is set on a shared subscription | clear No Local',
  'misplaced-hash':
    'error | 4.7.1-1 | 4.7.1-2 | # is not the whole last level of the filter | put it alone behind the last /',
  'misplaced-plus': 'error | 4.7.1-2 | 4.7.1-3 | + is not a whole level of the filter | put it alone between two /',
  'empty-filter': 'error | 4.7.3-1 | 4.7.3-1 | the topic filter is empty | name a filter',
  'no-share-name': 'error | 4.8.2-1 |  | the shared subscription has no share name | write $share/name/filter',
  'bad-share-name':
    'error | 4.8.2-2 |  | the share name has a wildcard, or no filter follows it | write $share/name/filter',
  'wrong-direction':
    'error | §2.1.2 | §2.2.1 | this side does not send packets of this type | see the table of the types for who sends what',
  'ping-body': 'error | §3.12 §3.13 | §3.12 §3.13 | a ping has a body | send two bytes: the type and a length of 0',
  'expiry-from-server':
    'error | 3.14.2-2 |  | a server sends a Session Expiry Interval in DISCONNECT | leave it out: only clients send it',
  garbage:
    'error | H-GARBAGE | H-GARBAGE | these bytes are no packet: where the next one begins is lost | look at the packet before: its length is wrong, or this is not MQTT',
  refused:
    'error | H-REFUSED | H-REFUSED | the packet is not what the standard allows | compare it with the section of its type',
} as const;

export type CodecRuleName = keyof typeof table;

export const codecRules: Readonly<Record<CodecRuleName, RuleRow>> = table;
