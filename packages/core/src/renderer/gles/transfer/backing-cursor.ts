import type { Backing, MemorySpan } from "../../../memory/index.js";

/**
 * Walks a range of a backing span by span without allocating: `seek`, then use the fields; `advance` until it says false.
 */
export class BackingCursor {
  segment = 0;
  /** In the segment. */
  offsetBytes = 0;
  /** Of the range's part in this span. */
  lengthBytes = 0;
  /** Of this part's first byte, from the start of the range. */
  doneBytes = 0;
  #spans: readonly MemorySpan[] = [];
  #index = 0;
  #rest = 0;

  /**
   * Stands at the first part of [offset, offset + length). The range must lie inside the backing and not be empty.
   * @returns true when one span holds all of it.
   */
  seek(backing: Backing, offsetBytes: number, lengthBytes: number): boolean {
    // A guest chooses the number of spans, and how many transfers one stream has.
    const index = backing.find(offsetBytes);
    const inside = offsetBytes - backing.startOf(index);
    this.#spans = backing.spans;
    this.#index = index;
    this.#rest = lengthBytes;
    this.doneBytes = 0;
    this.#stand(inside);
    return this.lengthBytes === lengthBytes;
  }

  /** Goes to the next part; false behind the last. */
  advance(): boolean {
    this.#rest -= this.lengthBytes;
    this.doneBytes += this.lengthBytes;
    if (this.#rest <= 0) return false;
    this.#index++;
    this.#stand(0);
    return true;
  }

  /** The bytes of the current span's segment. Shared with the guest. */
  get segmentBytes(): Uint8Array {
    return this.#spans[this.#index]!.segment.bytes;
  }

  #stand(inside: number): void {
    const span = this.#spans[this.#index]!;
    this.segment = span.segment.id;
    this.offsetBytes = span.offsetBytes + inside;
    this.lengthBytes = Math.min(this.#rest, span.lengthBytes - inside);
  }
}
