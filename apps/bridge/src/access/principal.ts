/** Who asks, and what they may. */
import type { PublishCommand } from '../publish/publish-command.ts';

export interface Principal {
  /** For limits and logs; never a secret. */
  readonly id: string;
  /** Throws the problem that says why not. */
  checkPublish(command: PublishCommand): void;
  checkRead(filter: string): void;
  checkSubscribe(filter: string): void;
  checkRequest(topic: string): void;
}

/** Where nobody has to say who they are. */
export const anonymous: Principal = {
  id: 'anonymous',
  checkPublish: allow,
  checkRead: allow,
  checkSubscribe: allow,
  checkRequest: allow,
};

function allow(): void {
  // Everything is allowed.
}
