/** Tables that take memory when something is in them: most clients idle, and an empty Map weighs more than a message. */
export class SparseMap<Key, Value> {
  #map: Map<Key, Value> | undefined;

  get size(): number {
    return this.#map?.size ?? 0;
  }

  get(key: Key): Value | undefined {
    return this.#map?.get(key);
  }

  set(key: Key, value: Value): void {
    (this.#map ??= new Map()).set(key, value);
  }

  delete(key: Key): boolean {
    return this.#map?.delete(key) ?? false;
  }

  values(): Iterable<Value> {
    return this.#map?.values() ?? [];
  }

  entries(): Iterable<readonly [Key, Value]> {
    return this.#map?.entries() ?? [];
  }

  clear(): void {
    this.#map = undefined;
  }
}

export class SparseSet<Item> {
  #set: Set<Item> | undefined;

  get size(): number {
    return this.#set?.size ?? 0;
  }

  has(item: Item): boolean {
    return this.#set?.has(item) ?? false;
  }

  add(item: Item): void {
    (this.#set ??= new Set()).add(item);
  }

  delete(item: Item): boolean {
    return this.#set?.delete(item) ?? false;
  }

  clear(): void {
    this.#set = undefined;
  }

  values(): Iterable<Item> {
    return this.#set?.values() ?? [];
  }
}
