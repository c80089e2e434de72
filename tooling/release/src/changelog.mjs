/**
 * How `changeset version` writes an entry. All packages are released together, so which of ours were updated says nothing,
 * and is left out; the sentence and its commit stay. Plain JavaScript: `npx changeset` runs on the Node that one has.
 */

/**
 * @param {{ readonly summary: string, readonly commit?: string | undefined }} changeset
 * @returns {string}
 */
function getReleaseLine({ summary, commit }) {
  const [first = '', ...others] = summary.split('\n').map((line) => line.trimEnd());
  const name = commit === undefined ? '' : `${commit.slice(0, 7)}: `;
  return [`- ${name}${first}`, ...others.map((line) => `  ${line}`)].join('\n');
}

/**
 * @param {readonly unknown[]} _changesets
 * @param {readonly unknown[]} updated
 * @returns {string}
 */
function getDependencyReleaseLine(_changesets, updated) {
  return updated.length === 0 ? '' : '- The packages of ΩQTT that it depends on are of the same version.';
}

export default { getReleaseLine, getDependencyReleaseLine };
