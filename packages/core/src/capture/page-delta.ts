import { CAPTURE_PAGE_BYTES } from "./format.js";

/** Runs of consecutive pages. Reused: valid until the next comparison. */
export class PageRuns {
  #runs: number[] = [];

  get count(): number {
    return this.#runs.length / 2;
  }

  firstPage(index: number): number {
    return this.#runs[index * 2]!;
  }

  pageCount(index: number): number {
    return this.#runs[index * 2 + 1]!;
  }

  startBytes(index: number): number {
    return this.firstPage(index) * CAPTURE_PAGE_BYTES;
  }

  /** End of a run in a memory of `sizeBytes`, whose last page may be short. */
  endBytes(index: number, sizeBytes: number): number {
    return Math.min(sizeBytes, (this.firstPage(index) + this.pageCount(index)) * CAPTURE_PAGE_BYTES);
  }

  clear(): void {
    this.#runs = [];
  }

  /** Pages must come in ascending order. */
  add(page: number): void {
    const runs = this.#runs;
    const last = runs.length - 2;
    if (last >= 0 && runs[last]! + runs[last + 1]! === page) runs[last + 1]! += 1;
    else runs.push(page, 1);
  }
}

/**
 * Remembers a shared memory as it was last seen, and tells which pages differ now. New shared memory is zero, so the first
 * comparison yields the pages that are not.
 */
export class PageDelta {
  readonly #memory: Uint8Array;
  readonly #memoryWords: Uint32Array;
  readonly #seen: Uint8Array;
  readonly #seenWords: Uint32Array;
  readonly #runs = new PageRuns();

  /** `memory` stays shared with the client; it starts at a multiple of 4 in its buffer. */
  constructor(memory: Uint8Array) {
    this.#memory = memory;
    this.#seen = new Uint8Array(memory.length);
    this.#memoryWords = new Uint32Array(memory.buffer, memory.byteOffset, memory.length >>> 2);
    this.#seenWords = new Uint32Array(this.#seen.buffer, 0, memory.length >>> 2);
  }

  /** The memory as last seen: what to store, since the client may go on writing the shared memory itself. */
  get snapshot(): Uint8Array {
    return this.#seen;
  }

  /** Pages that changed; they count as seen from now on. Borrowed until the next call. */
  take(): PageRuns {
    const runs = this.#runs;
    runs.clear();
    const size = this.#memory.length;
    for (let page = 0, start = 0; start < size; page++, start += CAPTURE_PAGE_BYTES) {
      const end = Math.min(size, start + CAPTURE_PAGE_BYTES);
      if (this.#isUnchanged(start, end)) continue;
      this.#seen.set(this.#memory.subarray(start, end), start);
      runs.add(page);
    }
    return runs;
  }

  #isUnchanged(startBytes: number, endBytes: number): boolean {
    const now = this.#memoryWords;
    const seen = this.#seenWords;
    const endWord = endBytes >>> 2;
    for (let i = startBytes >>> 2; i < endWord; i++) if (now[i] !== seen[i]) return false;
    for (let i = endWord * 4; i < endBytes; i++) if (this.#memory[i] !== this.#seen[i]) return false;
    return true;
  }
}
