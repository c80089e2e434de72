/** What a connection, seen as a whole, can have wrong. */
import type { RuleRow } from './rule-row.ts';

const table = {
  'before-connect': 'error | 3.1.0-1 | 3.1.0-1 | the first packet of the client is not CONNECT | send CONNECT first',
  'second-connect':
    'error | 3.1.0-2 | 3.1.0-2 | this is the second CONNECT of the connection | open a new connection for it',
  'before-connack':
    'error | 3.2.0-1 | 3.2.0-1 | the server sends this before CONNACK | answer CONNECT with CONNACK (or AUTH) first',
  'second-connack':
    'error | 3.2.0-2 | 3.2.0-1 | this is the second CONNACK of the connection | send one CONNACK for a connection',
  'sent-before-connack':
    'error | 3.1.2-30 |  | the client authenticates, and sends this before CONNACK | send only AUTH and DISCONNECT until CONNACK',
  'accepted-bad-connect':
    'error | 3.1.4-1 | 3.1.4-1 | the server accepts a malformed CONNECT | close the connection instead',
  'session-on-clean-start':
    'error | 3.2.2-2 3.1.4-4 3.1.2-4 | 3.2.2-1 3.1.2-6 | there is Session Present although the client starts anew | drop the old session and answer with Session Present 0',
  'session-out-of-nowhere':
    'error | 3.2.2-3 4.1.0-2 3.1.2-6 | 3.2.2-3 | there is Session Present, but the session of this client has ended | answer with Session Present 0',
  'kept-foreign-session':
    'error | 3.2.2-4 |  | the client goes on with a session that it does not have | close the connection when Session Present is a surprise',
  'session-lost-by-server':
    'warning | 3.1.2-5 3.1.2-23 3.1.3-2 | 3.1.2-4 3.2.2-2 | the server has lost a session that has not expired | keep it until it expires; after a restart too',
  'resent-into-new-session':
    'error | 3.2.2-5 | 3.1.2-6 | a packet of the old session is sent in a new one | drop the old session when Session Present is 0',
  'no-assigned-id':
    'error | 3.2.2-16 3.1.3-6 3.1.3-7 |  | the client has no id, and the server assigns none | send an Assigned Client Identifier',
  'refused-good-id':
    'warning | 3.1.3-5 | 3.1.3-5 | the server refuses a client id that it has to accept | accept 1 to 23 letters and digits',
  'will-qos-accepted':
    'error | 3.2.2-12 |  | the Will QoS is above the Maximum QoS of this CONNACK | refuse the connection with 0x9B',
  'will-retain-accepted':
    'error | 3.2.2-13 |  | the will is to be retained, and this CONNACK says that nothing is | refuse the connection with 0x9A',
  'unasked-response-information':
    'error | 3.1.2-28 |  | the client did not ask for Response Information | leave it out',
  'unwanted-problem-information':
    'error | 3.1.2-29 |  | the client does not want Reason Strings and User Properties here | leave them out',
  'after-disconnect':
    'error | 3.14.4-1 | 3.14.4-2 | this was sent after DISCONNECT | send nothing more after DISCONNECT',
  'disconnect-before-connack':
    'error | 3.14.0-1 |  | the server sends DISCONNECT before it has accepted the connection | refuse with CONNACK instead',
  'after-refusal':
    'error | 3.1.4-6 3.2.2-7 4.13.2-1 | 3.1.4-5 3.2.2-5 | the server goes on after it refused the connection | close the connection after the refusal',
  'open-after-refusal':
    'warning | 3.2.2-7 3.1.4-2 3.1.3-8 4.12.0-1 4.12.0-4 4.13.2-1 | 3.2.2-5 3.1.3-9 | the server refused the connection and keeps it open | close it',
  'open-after-disconnect':
    'warning | 3.14.4-2 4.13.2-1 | 3.14.4-1 | whoever sent DISCONNECT keeps the connection open | close it',
  'after-malformed':
    'error | 4.13.1-1 | 4.8.0-1 | the server goes on after a packet that is malformed | close the connection',
  'raised-expiry':
    'error | §3.14.2.2.2 |  | the session was to end with the connection, and now it is not | send a Session Expiry Interval above 0 in CONNECT',
  'served-after-takeover':
    'error | 3.1.4-3 | 3.1.4-2 | the client id has a newer connection, and the older one goes on | end the older connection (5.0: with 0x8E)',
  'unasked-auth':
    'error | 4.12.0-6 |  | CONNECT names no Authentication Method, so the server must not | send no AUTH and no method',
  'auth-without-connect-method':
    'error | 4.12.0-7 |  | CONNECT names no Authentication Method, so there is no AUTH | name the method in CONNECT',
  'other-method':
    'error | 4.12.0-5 |  | the Authentication Method is not that of CONNECT | repeat the method of CONNECT',
  'server-auth-code':
    'error | 4.12.0-2 |  | an AUTH of the server before CONNACK has another code than 0x18 | use 0x18, and end with CONNACK',
  'client-auth-code': 'error | 4.12.0-3 |  | the client answers AUTH with another code than 0x18 | use 0x18',
  'early-re-authentication':
    'error | 4.12.1-1 |  | the client authenticates again before it is connected | wait for CONNACK',
  'kept-after-failed-re-authentication':
    'error | 4.12.1-2 |  | the re-authentication failed, and the connection goes on | close the connection',
  'too-large-for-client':
    'error | 3.1.2-24 |  | the packet is larger than the Maximum Packet Size of the client | drop it, or leave out what may be left out',
  'too-large-for-server':
    'error | 3.2.2-15 |  | the packet is larger than the Maximum Packet Size of the server | make it smaller',
  'reason-string-too-large':
    'error | 3.4.2-2 3.5.2-2 3.6.2-2 3.7.2-2 3.14.2-3 3.15.2-2 3.2.2-19 3.9.2-1 3.11.2-1 |  | the Reason String makes the packet larger than the receiver accepts | leave it out',
  'user-property-too-large':
    'error | 3.4.2-3 3.5.2-3 3.6.2-3 3.7.2-3 3.14.2-4 3.15.2-3 3.2.2-20 3.9.2-2 3.11.2-2 |  | User Properties make the packet larger than the receiver accepts | leave them out',
  'alias-over-server-maximum':
    'error | 3.3.2-9 3.2.2-17 |  | the topic alias is above the maximum of the server | stay within the Topic Alias Maximum of CONNACK',
  'alias-not-taken-by-server': 'error | 3.2.2-18 3.3.2-9 |  | the server takes no topic alias | send the topic',
  'alias-over-client-maximum':
    'error | 3.3.2-11 3.1.2-26 |  | the topic alias is above the maximum of the client | stay within the Topic Alias Maximum of CONNECT',
  'alias-not-taken-by-client': 'error | 3.1.2-27 3.3.2-11 |  | the client takes no topic alias | send the topic',
  'unknown-alias':
    'error | §3.3.2.3.4 |  | nothing has set this topic alias | send the topic together with the alias first',
  'alias-of-old-connection':
    'error | 3.3.2-7 §3.3.2.3.4 |  | the topic alias was set on an earlier connection | set it again: aliases end with their connection',
  'sound-alias-refused-by-client':
    'error | 3.3.2-10 |  | the client refuses an alias within its maximum | take every alias up to the Topic Alias Maximum',
  'sound-alias-refused-by-server':
    'error | 3.3.2-12 |  | the server refuses an alias within its maximum | take every alias up to the Topic Alias Maximum',
  'qos-over-maximum':
    'error | 3.2.2-11 |  | the QoS is above the Maximum QoS of the server | publish at most at that QoS',
  'unannounced-maximum-qos':
    'error | 3.2.2-9 |  | the server refuses a QoS that it has not ruled out | announce the Maximum QoS in CONNACK',
  'retain-not-available': 'error | 3.2.2-14 |  | the server does not retain messages | clear RETAIN',
  'wildcard-not-available':
    'error | §3.2.2.3.11 |  | the server has no wildcard subscriptions | subscribe to single topics',
  'identifier-not-available': 'error | §3.2.2.3.12 |  | the server has no Subscription Identifiers | leave it out',
  'share-not-available': 'error | §3.2.2.3.13 |  | the server has no shared subscriptions | subscribe without $share',
  'silent-client':
    'warning | 3.1.2-20 3.1.2-21 3.2.2-21 | 3.1.2-23 | the client sent nothing for longer than its Keep Alive | send PINGREQ when there is nothing else to send',
  'silent-client-kept':
    'warning | 3.1.2-22 3.2.2-22 | 3.1.2-24 | the server keeps a client that was silent for 1.5 times its Keep Alive | close the connection',
  'late-connack': 'warning | 3.1.4-5 | 3.1.4-4 | CONNECT has no answer | answer with CONNACK',
  'late-pingresp': 'warning | 3.12.4-1 | 3.12.4-1 | PINGREQ has no answer | answer with PINGRESP',
  'unasked-pingresp': 'warning | §3.13 | §3.13 | no PINGREQ waits for this answer | send PINGRESP only for a PINGREQ',
} as const;

export type SessionRuleName = keyof typeof table;

export const sessionRules: Readonly<Record<SessionRuleName, RuleRow>> = table;
