/** What the user may choose. */

/** `full`: a commit is on the disk. `normal`: it is with the operating system, which a power cut can make forget it. */
export type Durability = 'full' | 'normal';

export interface SqliteStoreOptions {
  /** Default: `full`. */
  readonly durability?: Durability;
  /** The file does not grow beyond this; a commit that would need more fails with `store-full`. Default: no limit. */
  readonly maxFileBytes?: number;
  /** Every row is read and verified before the store opens, about a second for a million messages. Default: true. */
  readonly verifyOnOpen?: boolean;
}

export interface ResolvedOptions {
  readonly durability: Durability;
  readonly maxFileBytes: number;
  readonly verifyOnOpen: boolean;
}

/** The schema alone takes some pages. */
const LEAST_FILE_BYTES = 64 * 1024;

/** Throws a `TypeError` for what makes no sense. */
export function resolveOptions(options: SqliteStoreOptions): ResolvedOptions {
  const unknown = Object.keys(options).find((name) => !known.has(name));
  if (unknown !== undefined) throw new TypeError(`sqliteStore: there is no option \`${unknown}\``);
  const { durability = 'full', maxFileBytes = Infinity, verifyOnOpen = true } = options;
  if (durability !== 'full' && durability !== 'normal') {
    throw new TypeError('sqliteStore: option `durability` is `full` or `normal`');
  }
  if (!(maxFileBytes >= LEAST_FILE_BYTES)) {
    throw new TypeError(`sqliteStore: option \`maxFileBytes\` is a number from ${LEAST_FILE_BYTES} on`);
  }
  return { durability, maxFileBytes, verifyOnOpen };
}

const known = new Set(['durability', 'maxFileBytes', 'verifyOnOpen']);
