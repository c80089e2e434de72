/** What the exchanges can have wrong: acknowledgements, quotas, orders, and what subscriptions are owed. */
import type { RuleRow } from './rule-row.ts';

const table = {
  'orphan-ack':
    'error | 2.2.1-5 | 2.3.1-6 | no message with this packet identifier waits for it | repeat the identifier of the PUBLISH, once',
  'orphan-suback':
    'error | 2.2.1-6 3.8.4-2 3.8.4-5 | 2.3.1-7 3.8.4-2 3.8.4-4 | no SUBSCRIBE with this packet identifier waits for it | repeat the identifier of the SUBSCRIBE, once',
  'orphan-unsuback':
    'error | 2.2.1-6 3.10.4-5 3.10.4-6 | 2.3.1-7 3.10.4-4 3.10.4-6 | no UNSUBSCRIBE with this packet identifier waits for it | repeat the identifier of the UNSUBSCRIBE, once',
  'ack-of-other-qos':
    'error | 3.3.4-1 4.3.2-4 4.3.3-8 | 3.3.4-1 | this is not how a message of its QoS is acknowledged | answer QoS 1 with PUBACK and QoS 2 with PUBREC',
  'id-in-use':
    'error | 2.2.1-3 4.3.2-1 4.3.3-1 4.3.2-3 4.3.3-3 | 2.3.1-2 4.3.2-1 4.3.3-1 | the packet identifier is in use | take one that is free until its exchange has ended',
  'id-in-use-of-server':
    'error | 2.2.1-4 4.3.2-1 4.3.3-1 4.3.2-3 4.3.3-3 | 2.3.1-4 4.3.2-1 4.3.3-1 | the packet identifier is in use | take one that is free until its exchange has ended',
  'dup-on-first':
    'error | 4.3.2-2 4.3.3-2 3.3.1-3 3.1.2-4 | 3.3.1-3 4.3.2-1 4.3.3-1 | DUP is set, but the message was not sent before in this session | clear DUP at the first attempt',
  'resent-without-dup': 'error | 3.3.1-1 | 3.3.1-1 | the message is sent again without DUP | set DUP',
  'resent-on-same-connection':
    'error | 4.4.0-1 |  | the message is sent again on the same connection | send it again only after a new connection',
  'resent-after-pubrel':
    'error | 4.3.3-6 4.3.3-5 | 4.3.3-1 | the message is sent again after its PUBREL | send the PUBREL again instead',
  'resent-after-refusal':
    'error | 4.4.0-2 |  | the message was refused, and is sent again | a refusal ends the exchange',
  'pubrel-without-pubrec':
    'error | 4.3.3-4 | 4.3.3-1 | no PUBREC of this packet identifier came before | send PUBREL as the answer to PUBREC',
  'orphan-pubcomp':
    'error | 4.3.3-11 2.2.1-5 | 4.3.3-2 | no PUBREL with this packet identifier waits for it | send PUBCOMP as the answer to PUBREL, once',
  'puback-order':
    'error | 4.6.0-2 | 4.6.0-2 | an earlier message of QoS 1 has no PUBACK yet | acknowledge in the order of the messages',
  'pubrec-order':
    'error | 4.6.0-3 | 4.6.0-3 | an earlier message of QoS 2 has no PUBREC yet | acknowledge in the order of the messages',
  'pubrel-order':
    'error | 4.6.0-4 | 4.6.0-4 | an earlier PUBREC has no PUBREL yet | answer in the order of the PUBRECs',
  'resend-order':
    'error | 4.6.0-1 | 4.6.0-1 | an earlier message is sent again after a later one | send again in the original order',
  'over-receive-maximum-of-server':
    'error | 3.3.4-7 4.9.0-1 4.9.0-2 |  | more messages are unacknowledged than the server takes | stay within the Receive Maximum of CONNACK',
  'over-receive-maximum-of-client':
    'error | 3.3.4-9 4.9.0-1 4.9.0-2 |  | more messages are unacknowledged than the client takes | stay within the Receive Maximum of CONNECT',
  'suback-count':
    'error | 3.9.3-1 3.8.4-6 | 3.9.3-1 3.8.4-5 | SUBACK has not one code for each filter | send one code for each filter, in their order',
  'unsuback-count':
    'error | 3.11.3-1 3.10.4-6 |  | UNSUBACK has not one code for each filter | send one code for each filter, in their order',
  'granted-more':
    'warning | §3.9.3 | §3.9.3 | a higher QoS is granted than was asked for | grant at most what was asked, in the order of the filters',
  'unsubscribed-unknown':
    'error | 3.10.4-1 |  | the server does not know a filter that was subscribed to | compare filters character by character',
  'no-matching-subscription':
    'error | 3.3.2-3 | 3.3.2-3 | the topic matches no subscription of the client | deliver only what the client subscribed to',
  'dollar-topic':
    'error | 4.7.2-1 | 4.7.2-1 | a topic that begins with $ is delivered for a filter that begins with a wildcard | do not match them',
  'after-unsubscribe':
    'warning | 3.10.4-2 | 3.10.4-2 | the client unsubscribed from this a while ago | stop adding messages when UNSUBSCRIBE comes',
  'qos-over-granted':
    'error | 3.8.4-8 4.8.2-3 | 3.8.4-6 | the QoS is above what was granted | lower it to the granted QoS',
  'retained-unwanted':
    'error | 3.3.1-11 |  | a retained message comes, and Retain Handling is 2 | send no retained messages for this subscription',
  'retained-again':
    'error | 3.3.1-10 |  | a retained message comes for a subscription that was there, and Retain Handling is 1 | send retained messages only when the subscription is new',
  'identifiers-missing':
    'error | 3.3.4-3 3.3.4-4 |  | the subscription has an identifier, and the message has none | send the identifier of the subscription',
  'foreign-identifier':
    'error | 3.3.4-5 3.3.4-3 |  | the message has an identifier of no subscription that it matches | send the identifiers of the subscriptions that match',
  'own-message':
    'warning | 3.8.3-3 |  | the client gets back what it published, despite No Local | do not send it to its publisher',
  'not-resent':
    'warning | 4.4.0-1 | 4.4.0-1 | the session was resumed, and this was not sent again | send all that is unacknowledged again',
  'late-answer':
    'warning | H-ACK 3.3.4-1 4.5.0-2 4.3.2-4 4.3.3-8 4.3.3-4 4.3.3-11 3.8.4-1 3.10.4-4 | H-ACK 3.3.4-1 4.5.0-2 4.3.2-2 4.3.3-2 3.8.4-1 3.10.4-4 | this has no answer | answer it, or close the connection',
} as const;

export type FlowRuleName = keyof typeof table;

export const flowRules: Readonly<Record<FlowRuleName, RuleRow>> = table;
