import { assert } from "../../../base/index.js";

/** Handles below this live in an array; Mesa counts its handles up from 1. */
const DENSE_LIMIT = 1 << 16;

/** The array may be so long, and four times as long as the table had entries. */
const SHORT = 256;

/**
 * Guest-chosen 32-bit handles → objects: an array for handles that are counted up from 1, a map for the rest. Lookups never allocate.
 */
export class HandleTable<T> {
  readonly #dense: (T | undefined)[] = [];
  readonly #sparse = new Map<number, T>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(handle: number): T | undefined {
    return (handle < this.#dense.length ? this.#dense[handle] : undefined) ?? this.#sparse.get(handle);
  }

  /** The handle must be free: what was there would never be released. */
  put(handle: number, value: T): void {
    assert(this.get(handle) === undefined, "an object would take another's handle");
    this.#size++;
    const dense = this.#dense;
    // A guest that jumps ahead, at once or step by step, does not get an array up to there.
    if (handle >= DENSE_LIMIT || handle >= SHORT + 4 * this.#size) {
      this.#sparse.set(handle, value);
      return;
    }
    while (dense.length <= handle) dense.push(undefined);
    dense[handle] = value;
  }

  /** Removes and returns the entry, or undefined when there is none. */
  take(handle: number): T | undefined {
    const value = this.get(handle);
    if (value === undefined) return undefined;
    this.#size--;
    if (!this.#sparse.delete(handle)) this.#dense[handle] = undefined;
    return value;
  }

  /** Empties the table, handing every entry to `each`. Not for hot paths. */
  drain(each: (value: T) => void): void {
    for (const value of this.#dense) if (value !== undefined) each(value);
    for (const value of this.#sparse.values()) each(value);
    this.#dense.length = 0;
    this.#sparse.clear();
    this.#size = 0;
  }
}
