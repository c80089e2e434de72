/** When the page reached what on its way to the first rows, for whoever measures it: `performance.getEntriesByType('mark')`. */
type Milestone = 'script' | 'open' | 'page' | 'hello' | 'rows' | 'painted';

const reached = new Set<Milestone>();

export function reach(milestone: Milestone): void {
  if (reached.has(milestone)) return;
  reached.add(milestone);
  performance.mark(`omqtt-${milestone}`);
}
