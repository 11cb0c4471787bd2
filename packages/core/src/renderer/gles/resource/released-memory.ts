/**
 * Guest memory that was the storage of GL objects and is given back. The GPU may reach it until all that was asked of it so far is done,
 * which a fence tells: nobody waits. Whoever places a fence takes along what waits for one.
 */
export class ReleasedMemory {
  /** Called by the next fence; null: nothing was given back since the last. */
  #next: (() => void)[] | null = null;
  /** Called by the last fence that was placed; null: it has signalled. */
  #placed: (() => void)[] | null = null;

  /** Memory is given back now. `free` is called when it is not reached any more. */
  add(free: (() => void) | null): void {
    this.#next ??= [];
    if (free !== null) this.#next.push(free);
  }

  /** Calls `done` when nothing is reached any more that was given back so far: at once, or when a fence signals. */
  whenFree(done: () => void): void {
    const waiting = this.#next ?? this.#placed;
    if (waiting === null) done();
    else waiting.push(done);
  }

  /** For whoever places a fence now. @returns what to call when it has signalled; null: nobody waits for it. */
  takeForFence(): (() => void) | null {
    const waiting = this.#next;
    if (waiting === null) return null;
    this.#next = null;
    this.#placed = waiting;
    return () => {
      if (this.#placed === waiting) this.#placed = null;
      for (const done of waiting) done();
    };
  }
}
