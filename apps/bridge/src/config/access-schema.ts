/** The part of the configuration about who may do what. */
const text = { type: 'string', minLength: 1 } as const;
const rate = { type: 'number', exclusiveMinimum: 0 } as const;
const count = { type: 'integer', minimum: 1 } as const;

const rule = {
  type: 'object',
  additionalProperties: false,
  required: ['actions', 'filters'],
  properties: {
    effect: { enum: ['allow', 'deny'], default: 'allow' },
    actions: { type: 'array', items: { enum: ['publish', 'subscribe', 'read', 'request'] }, minItems: 1 },
    filters: { type: 'array', items: text, minItems: 1 },
    qosMax: { enum: [0, 1, 2], default: 2 },
    retain: { type: 'boolean', default: true },
    maxBytes: count,
  },
} as const;

const role = {
  type: 'object',
  additionalProperties: false,
  required: ['rules'],
  properties: {
    rules: { type: 'array', items: rule },
    limits: {
      type: 'object',
      additionalProperties: false,
      default: {},
      properties: {
        messagesPerSecond: rate,
        messageBurst: count,
        bytesPerSecond: rate,
        byteBurst: count,
        streams: count,
      },
    },
  },
} as const;

const key = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'role', 'secrets'],
  properties: {
    id: { type: 'string', pattern: '^[a-z0-9-]{1,64}$' },
    role: text,
    secrets: {
      type: 'array',
      minItems: 1,
      // The old one and the new one.
      maxItems: 2,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['sha256'],
        properties: { sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' }, expiresAt: text },
      },
    },
  },
} as const;

const issuer = {
  type: 'object',
  additionalProperties: false,
  required: ['issuer', 'audience', 'role'],
  properties: {
    issuer: text,
    audience: text,
    jwksUrl: text,
    jwks: { type: 'object', required: ['keys'], properties: { keys: { type: 'array', items: { type: 'object' } } } },
    // Never one with a shared secret: a public key would do as one.
    algorithms: {
      type: 'array',
      minItems: 1,
      items: {
        enum: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
      },
      default: ['RS256', 'ES256', 'EdDSA'],
    },
    role: text,
  },
} as const;

const milliseconds = { type: 'integer', minimum: 1, maximum: 2_147_483_647 } as const;

const basic = {
  type: 'object',
  additionalProperties: false,
  default: {},
  properties: {
    enabled: { type: 'boolean', default: false },
    role: text,
    maximumIdentities: { ...count, maximum: 10_000, default: 100 },
    idleMs: { ...milliseconds, default: 60_000 },
    refusedMs: { ...milliseconds, default: 5000 },
  },
} as const;

export const accessSchema: object = {
  type: 'object',
  additionalProperties: false,
  default: {},
  properties: {
    open: { type: 'boolean', default: false },
    keys: { type: 'array', items: key, default: [] },
    jwt: { type: 'array', items: issuer, default: [] },
    basic,
    roles: { type: 'object', additionalProperties: role, default: {} },
  },
};
