/** What pnpm is to believe of packages that say something else. */
export const hooks = {
  /**
   * @template {{name: string, dependencies: Record<string, string>, peerDependencies: Record<string, string>}} Manifest
   * @param {Manifest} manifest
   * @returns {Manifest}
   */
  readPackage(manifest) {
    // It prints declarations with the compiler's own printer, which TypeScript 7 has no more.
    if (manifest.name === 'openapi-typescript') {
      delete manifest.peerDependencies['typescript'];
      manifest.dependencies['typescript'] = '5.9.3';
    }
    // It reads sources with the compiler's interface, which TypeScript 7 does not have yet.
    if (manifest.name === 'typedoc') {
      delete manifest.peerDependencies['typescript'];
      manifest.dependencies['typescript'] = '6.0.3';
    }
    return manifest;
  },
};
