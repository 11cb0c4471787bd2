/**
 * Fenced flushes of blobs whose answers wait until the display has read. Guests' kernels wait for that fence, and for no other flush's,
 * before the blob may be drawn to again.
 */
import type { Answer } from "./answer.js";
import { Deferred } from "./deferred.js";
import { type Display, FLUSH_LIMIT_MS } from "./display.js";

interface HeldFlush {
  readonly deferred: Deferred;
  readonly answer: Answer;
  /** Bit n: shown on scanout n. */
  readonly scanouts: number;
  readonly deadlineMs: number;
}

export class HeldFlushes {
  readonly #display: Display;
  /** Undefined: nothing is withheld, as nobody would say when it has been long enough. */
  readonly #clockMs: (() => number) | undefined;
  /** Oldest first. */
  #held: HeldFlush[] = [];

  constructor(display: Display, clockMs: (() => number) | undefined) {
    this.#display = display;
    this.#clockMs = clockMs;
  }

  /** The answer to a flush that these scanouts show: now where the display has read it already. */
  hold(scanouts: number, answer: Answer): Answer | Deferred {
    if (this.#clockMs === undefined || !this.#isReading(scanouts)) return answer;
    const deferred = new Deferred(answer);
    this.#held.push({ deferred, answer, scanouts, deadlineMs: this.#clockMs() + FLUSH_LIMIT_MS });
    return deferred;
  }

  /** When the oldest has waited long enough, on the clock of the device's parts; Infinity: none waits. */
  get deadlineMs(): number {
    return this.#held[0]?.deadlineMs ?? Infinity;
  }

  /** Answers those that the display has read, and those that have waited long enough. */
  check(): void {
    if (this.#held.length === 0) return;
    const nowMs = this.#clockMs!();
    const done: HeldFlush[] = [];
    const left: HeldFlush[] = [];
    for (const flush of this.#held) {
      const isDone = flush.deadlineMs <= nowMs || !this.#isReading(flush.scanouts);
      (isDone ? done : left).push(flush);
    }
    if (done.length === 0) return;
    this.#held = left;
    for (const { deferred, answer } of done) deferred.resolve(answer);
  }

  /** Nobody waits any more. */
  clear(): void {
    this.#held = [];
  }

  #isReading(scanouts: number): boolean {
    for (let id = 0; scanouts >>> id !== 0; id++)
      if ((scanouts & (1 << id)) !== 0 && this.#display.isReading(id)) return true;
    return false;
  }
}
