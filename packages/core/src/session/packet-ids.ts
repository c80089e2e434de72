/** The packet identifiers of PUBLISH, SUBSCRIBE and UNSUBSCRIBE: one pool, next-fit (§2.2.1). */
const LARGEST = 65_535;

/**
 * An id is taken until the peer has answered for good. The next one is looked for behind the last, so that a freed id
 * rests as long as possible, and a late answer does not meet a new packet.
 */
export class PacketIds {
  // One bit for each id, made when the first is taken.
  #taken: Uint32Array | undefined;
  #count = 0;
  #last = 0;

  get isExhausted(): boolean {
    return this.#count >= LARGEST;
  }

  /** How many are taken. */
  get count(): number {
    return this.#count;
  }

  /** A free id, which is taken from now on. The caller has seen that there is one. */
  take(): number {
    // Whoever asks has checked: an exhausted pool would make this loop for ever.
    if (this.isExhausted) throw new Error('all packet identifiers are taken');
    let id = this.#last;
    do id = id === LARGEST ? 1 : id + 1;
    while (this.has(id));
    this.#last = id;
    this.claim(id);
    return id;
  }

  /** Takes this very id, as a resumed session must. */
  claim(id: number): void {
    if (this.has(id)) return;
    const taken = (this.#taken ??= new Uint32Array(2048));
    taken[id >>> 5] = (taken[id >>> 5] as number) | (1 << (id & 31));
    this.#count += 1;
  }

  release(id: number): void {
    if (this.#taken === undefined || !this.has(id)) return;
    this.#taken[id >>> 5] = (this.#taken[id >>> 5] as number) & ~(1 << (id & 31));
    this.#count -= 1;
  }

  has(id: number): boolean {
    return this.#taken !== undefined && ((this.#taken[id >>> 5] as number) & (1 << (id & 31))) !== 0;
  }
}
