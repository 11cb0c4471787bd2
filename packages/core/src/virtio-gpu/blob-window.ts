/** A piece of the window that one blob occupies. */
export interface WindowRange {
  readonly offsetBytes: number;
  readonly lengthBytes: number;
}

/** What lies where in the shared memory region that host blobs are mapped into: no two at the same place. */
export class BlobWindow {
  readonly #ranges = new Set<WindowRange>();

  /** Takes [offset, offset + length) of a window of `windowBytes`. @returns null: it is outside or not free */
  take(offsetBytes: number, lengthBytes: number, windowBytes: number): WindowRange | null {
    if (offsetBytes < 0 || offsetBytes + lengthBytes > windowBytes) return null;
    for (const other of this.#ranges) {
      if (offsetBytes < other.offsetBytes + other.lengthBytes && other.offsetBytes < offsetBytes + lengthBytes)
        return null;
    }
    const range = { offsetBytes, lengthBytes };
    this.#ranges.add(range);
    return range;
  }

  free(range: WindowRange): void {
    this.#ranges.delete(range);
  }
}
