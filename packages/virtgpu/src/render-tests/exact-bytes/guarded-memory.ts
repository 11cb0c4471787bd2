/** Memory between pages that nobody may touch: one byte too many ends the process with SIGSEGV. For tests. */
import { addon, Mapping } from "../../native/index.js";

/** A multiple of every page size that Linux has on our machines. */
const GUARD_BYTES = 65_536;
const PROT_NONE = 0;

/** Where a piece of guarded memory touches a guard. */
export type GuardSide = "before" | "behind";

export class GuardedMemory {
  readonly #mapping: Mapping;
  readonly #capacityBytes: number;

  /** @param atLeastBytes how long a piece can be; rounded up to whole pages */
  constructor(atLeastBytes: number) {
    this.#capacityBytes = Math.ceil(atLeastBytes / GUARD_BYTES) * GUARD_BYTES;
    const mapping = Mapping.mapPrivate(this.#capacityBytes + 2 * GUARD_BYTES);
    if (mapping === null) throw new Error(`the system has no ${this.#capacityBytes} bytes for guarded memory`);
    this.#mapping = mapping;
    for (const at of [0, GUARD_BYTES + this.#capacityBytes]) {
      const result = addon().protectPages(mapping.bytes.subarray(at, at + GUARD_BYTES), PROT_NONE);
      if (result < 0) throw new Error(`the guard pages could not be protected (errno ${-result})`);
    }
  }

  /** The same memory every time: a piece is the caller's until the next one is taken. Contents are stale. */
  piece(lengthBytes: number, side: GuardSide): Uint8Array {
    if (lengthBytes > this.#capacityBytes) throw new RangeError(`${lengthBytes} bytes are more than the memory has`);
    const end = GUARD_BYTES + this.#capacityBytes;
    const start = side === "before" ? GUARD_BYTES : end - lengthBytes;
    return this.#mapping.bytes.subarray(start, start + lengthBytes);
  }

  release(): void {
    this.#mapping.release();
  }
}
