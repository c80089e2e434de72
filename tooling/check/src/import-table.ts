/** Who may import whom: the table of ARCHITECTURE.md, and the only copy of it that a program reads. */
export interface ImportRule {
  /** Packages of this workspace that the sources may import. */
  readonly mayImport: readonly string[] | 'anything published';
  /** Its imports vanish when types are erased. */
  readonly typesOnly?: boolean;
  /** Runs in any JavaScript runtime: no Node module, no Node global, no dependency from outside. */
  readonly isPure?: boolean;
  /** Folders of `src` with a narrower world: what is in the key may not import from the folders in the value. */
  readonly walls?: Readonly<Record<string, readonly string[]>>;
}

const codec = '@omqtt/codec';
const contracts = '@omqtt/contracts';
const core = '@omqtt/core';

/** A new package is refused until it has its row here. */
export const importTable: Readonly<Record<string, ImportRule>> = {
  '@omqtt/codec': { mayImport: [], isPure: true },
  '@omqtt/contracts': { mayImport: [codec], typesOnly: true, isPure: true },
  '@omqtt/core': { mayImport: [codec, contracts], isPure: true, walls: { session: ['client'] } },
  '@omqtt/inspect': { mayImport: [codec], isPure: true },
  '@omqtt/transport-tcp': { mayImport: [contracts] },
  '@omqtt/transport-ws': { mayImport: [contracts] },
  '@omqtt/store-memory': { mayImport: [contracts], isPure: true },
  '@omqtt/store-sqlite': { mayImport: [contracts] },
  '@omqtt/store-indexeddb': { mayImport: [contracts], isPure: true },
  '@omqtt/testkit': { mayImport: [codec, contracts, core] },
  '@omqtt/broker': { mayImport: [codec, contracts] },
  omqtt: { mayImport: [codec, contracts, core, '@omqtt/transport-tcp', '@omqtt/transport-ws', '@omqtt/store-memory'] },
  '@omqtt/cli': { mayImport: 'anything published' },
  '@omqtt/bridge': { mayImport: 'anything published' },
  '@omqtt/inspector': { mayImport: 'anything published' },
};
