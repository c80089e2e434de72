/** Lists that take memory when something is in them. `list = append(list, item)` makes the list with its first item. */

/** Stands for every empty list. Nobody ever writes to it. */
export const EMPTY_LIST: never[] = [];

export function append<Item>(list: Item[], item: Item): Item[] {
  if (list.length === 0) return [item];
  list.push(item);
  return list;
}
