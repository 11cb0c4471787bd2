import { closeFd, type Mapping } from "../native/memory.js";

/** Shared memory as the pool keeps it: mapped, registered with GL under `segment`, its descriptor open. */
export interface PooledMemory {
  readonly mapping: Mapping;
  readonly segment: number;
  readonly fd: number;
}

/** Pieces kept at once: each holds a descriptor. */
const MAX_PIECES = 64;

/**
 * Released shared memory of *one* client, kept for its next resource of the same size. Mesa's vtest client makes a small resource
 * per frame as its fence: creating, mapping, faulting in and unmapping memory costs as much as the commands of a small frame.
 * That client may still have it mapped, so it must never reach another one.
 */
export class SharedPool {
  /** Bytes that may be kept; 0 keeps nothing. */
  readonly limitBytes: number;
  readonly #drop: (memory: PooledMemory) => void;
  readonly #bySize = new Map<number, PooledMemory[]>();
  #bytes = 0;
  #pieces = 0;
  /** The size that stands last in the map; -1: unknown. */
  #lastSize = -1;

  /** @param drop releases a piece for good */
  constructor(limitBytes: number, drop: (memory: PooledMemory) => void) {
    this.limitBytes = limitBytes;
    this.#drop = drop;
  }

  /** Whether a piece of this size would be kept if there were nothing else. */
  wants(sizeBytes: number): boolean {
    return sizeBytes <= this.limitBytes / 2;
  }

  /** A kept piece of exactly this size, now the caller's. */
  take(sizeBytes: number): PooledMemory | null {
    const memory = this.#bySize.get(sizeBytes)?.pop();
    if (memory === undefined) return null;
    this.#bytes -= sizeBytes;
    this.#pieces -= 1;
    return memory;
  }

  /** Takes over a piece; the oldest sizes make room for it. */
  put(memory: PooledMemory): void {
    const size = memory.mapping.bytes.length;
    if (!this.wants(size) || memory.mapping.isDamaged) {
      this.#drop(memory);
      return;
    }
    while (this.#bytes + size > this.limitBytes || this.#pieces >= MAX_PIECES) this.#dropOldest();
    this.#listOf(size).push(memory);
    this.#bytes += size;
    this.#pieces += 1;
  }

  /** The list of a size, which is now the one used last. */
  #listOf(size: number): PooledMemory[] {
    let list = this.#bySize.get(size);
    // Most pieces are of one size: setting it anew for ever would leave tables of the map behind.
    if (list !== undefined && size === this.#lastSize) return list;
    list ??= [];
    // Deleted and set again: the map's order is that of last use.
    this.#bySize.delete(size);
    this.#bySize.set(size, list);
    this.#lastSize = size;
    return list;
  }

  /** Releases everything kept. */
  clear(): void {
    while (this.#pieces > 0) this.#dropOldest();
    this.#bySize.clear();
    this.#lastSize = -1;
  }

  #dropOldest(): void {
    for (const [size, list] of this.#bySize) {
      const memory = list.pop();
      if (list.length === 0) {
        this.#bySize.delete(size);
        if (size === this.#lastSize) this.#lastSize = -1;
      }
      if (memory === undefined) continue;
      this.#bytes -= size;
      this.#pieces -= 1;
      this.#drop(memory);
      return;
    }
  }
}

/** The usual end of a piece: GL forgets it first, since it may have ops that read it. */
export function dropMemory(memory: PooledMemory, unregisterSegment: (id: number) => void): void {
  unregisterSegment(memory.segment);
  memory.mapping.release();
  closeFd(memory.fd);
}
