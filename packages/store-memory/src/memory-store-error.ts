import type { StoreError } from '@omqtt/contracts';

type Code = 'store-locked' | 'store-closed' | 'store-failed';

/** What the memory store fails with. Recognise it by `code`; the message is for people. */
export class MemoryStoreError extends Error implements StoreError {
  override readonly name = 'MemoryStoreError';
  readonly code: Code;
  readonly retryable: boolean;

  constructor(code: Code, fact?: string) {
    super(`The memory store cannot do this: ${fact ?? facts[code]}`);
    this.code = code;
    this.retryable = code === 'store-locked';
  }
}

const facts: Readonly<Record<Code, string>> = {
  'store-locked': 'another client has it open; close that one, or give each client a store of its own',
  'store-closed': 'it is not open',
  'store-failed': 'the change is not understood',
};
