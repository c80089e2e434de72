import { SqliteStoreError } from '../src/index.ts';

/** What the store refused with. */
export async function refusalOf(action: Promise<unknown> | undefined | void): Promise<SqliteStoreError> {
  try {
    await action;
  } catch (error) {
    if (error instanceof SqliteStoreError) return error;
    throw error;
  }
  throw new Error('the store did not refuse it');
}
