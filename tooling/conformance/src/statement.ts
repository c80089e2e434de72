/** The versions of MQTT whose statements are tracked. */
export const versions = ['5.0', '3.1.1'] as const;
export type Version = (typeof versions)[number];

/** Where a test of a statement lives; the report counts by this. */
export const kinds = ['codec-encode', 'codec-decode', 'session', 'transport', 'not-applicable'] as const;
export type Kind = (typeof kinds)[number];

/**
 * What a statement means to a client library: its own duty, a breach it must not commit, a duty of
 * the server that it notices or makes possible, or nothing.
 */
export const roles = ['obligation', 'avoid-fault', 'police-peer', 'support', 'none'] as const;
export type Role = (typeof roles)[number];

export const binders = ['client', 'server', 'both'] as const;
export type Binder = (typeof binders)[number];

/** One normative statement of a standard, in this project's own words. */
export interface Statement {
  readonly version: Version;
  readonly id: string;
  /** Other spellings of the id that the standard itself prints somewhere. */
  readonly otherIds: readonly string[];
  readonly section: string;
  readonly binds: Binder;
  readonly role: Role;
  /** The primary kind of check, seen from a client library. */
  readonly check: Kind;
  readonly alsoCheck: readonly Kind[];
  readonly gist: string;
  /** An idea for the test. */
  readonly test: string;
  /** What the text tells a client that meets a breach; only in the 5.0 list. */
  readonly clientReaction: string | undefined;
  /** The statement of 5.0 that says the same; only in the 3.1.1 list. */
  readonly twin: string | undefined;
}

/** Ids of both versions collide as text, so a statement is named by both. */
export function statementKey(version: Version, id: string): string {
  return `${version} ${id}`;
}

export function isCodecKind(kind: Kind): boolean {
  return kind === 'codec-encode' || kind === 'codec-decode';
}
