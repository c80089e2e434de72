/** Who may use the bridge, and for what. */
export interface AccessConfig {
  /** Anybody may do anything: only meant where something else keeps strangers out. */
  readonly open: boolean;
  readonly keys: readonly ApiKeyConfig[];
  readonly jwt: readonly IssuerConfig[];
  readonly basic: BasicConfig;
  /** By name. */
  readonly roles: Readonly<Record<string, RoleConfig>>;
}

export interface ApiKeyConfig {
  readonly id: string;
  readonly role: string;
  /** SHA-256 of the secret, in hex; two while a key is being rotated. */
  readonly secrets: readonly { readonly sha256: string; readonly expiresAt?: string }[];
}

export interface IssuerConfig {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl?: string;
  /** Instead of a URL. */
  readonly jwks?: { readonly keys: readonly Readonly<Record<string, unknown>>[] };
  readonly algorithms: readonly string[];
  readonly role: string;
}

/** User name and password of the broker, as basic authentication: the broker says who is let in, and what they may. */
export interface BasicConfig {
  readonly enabled: boolean;
  /** What they may at most, and their limits. */
  readonly role?: string;
  /** Callers with connections of their own at the same time. */
  readonly maximumIdentities: number;
  /** How long their connections stay open with nothing to do. */
  readonly idleMs: number;
  /** How long who was refused is refused without asking the broker again; ± 50 %. */
  readonly refusedMs: number;
}

export type AccessAction = 'publish' | 'subscribe' | 'read' | 'request';

export interface RuleConfig {
  readonly effect: 'allow' | 'deny';
  readonly actions: readonly AccessAction[];
  /** `${sub}` and `${claim:name}` stand for what the token says. */
  readonly filters: readonly string[];
  readonly qosMax: 0 | 1 | 2;
  readonly retain: boolean;
  readonly maxBytes?: number;
}

export interface RoleConfig {
  readonly rules: readonly RuleConfig[];
  readonly limits: AllowanceConfig;
}

/** Absent: without a limit. */
export interface AllowanceConfig {
  readonly messagesPerSecond?: number;
  readonly messageBurst?: number;
  readonly bytesPerSecond?: number;
  readonly byteBurst?: number;
  readonly streams?: number;
}
