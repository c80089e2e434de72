/**
 * Tickets: what browsers put into the URL of a stream, because they cannot send a header there. Good once, and only for a
 * moment, so one that ends up in a log opens nothing.
 */
import { hash, randomBytes } from 'node:crypto';
import { BridgeProblem } from '../problems/problem.ts';
import { refusal } from './api-keys.ts';
import type { Principal } from './principal.ts';

interface KnownTicket {
  readonly principal: Principal;
  readonly expiresAt: number;
}

export interface NewTicket {
  readonly ticket: string;
  /** In milliseconds since 1970. */
  readonly expiresAt: number;
}

const TICKET_BYTES = 32;
const LIFETIME_MS = 30_000;
const MAXIMUM_TICKETS = 10_000;
const MAXIMUM_OF_ONE = 100;

export class Tickets {
  /** By their hashes, the oldest first. */
  readonly #tickets = new Map<string, KnownTicket>();
  readonly #counts = new Map<string, number>();

  issue(principal: Principal, now: number = Date.now()): NewTicket {
    this.#forgetOld(now);
    if (this.#tickets.size >= MAXIMUM_TICKETS || (this.#counts.get(principal.id) ?? 0) >= MAXIMUM_OF_ONE) {
      throw new BridgeProblem('ticket-limit', { detail: 'too many tickets were not used yet', retryAfterMs: 5000 });
    }
    const ticket = randomBytes(TICKET_BYTES).toString('base64url');
    const expiresAt = Math.min(now + LIFETIME_MS, principal.expiresAt);
    this.#tickets.set(keyOf(ticket), { principal, expiresAt });
    this.#counts.set(principal.id, (this.#counts.get(principal.id) ?? 0) + 1);
    return { ticket, expiresAt };
  }

  /** Whose it is. It is none any more after that. */
  redeem(ticket: string, now: number = Date.now()): Principal {
    const key = keyOf(ticket);
    const known = this.#tickets.get(key);
    if (known !== undefined) this.#forget(key, known);
    if (known === undefined || known.expiresAt <= now) {
      throw refusal('unauthenticated', 'the ticket is not valid: one is good once, and for 30 seconds');
    }
    return known.principal;
  }

  /** Whoever has lost a right must not come back with a ticket. */
  clear(): void {
    this.#tickets.clear();
    this.#counts.clear();
  }

  #forgetOld(now: number): void {
    for (const [key, known] of this.#tickets) {
      // Those of callers who expire sooner wait for their turn.
      if (known.expiresAt > now) return;
      this.#forget(key, known);
    }
  }

  #forget(key: string, { principal: { id } }: KnownTicket): void {
    this.#tickets.delete(key);
    const count = (this.#counts.get(id) ?? 1) - 1;
    if (count > 0) this.#counts.set(id, count);
    else this.#counts.delete(id);
  }
}

function keyOf(ticket: string): string {
  return hash('sha256', ticket, 'base64url');
}
