import type { Answer } from "./answer.js";
import { VIRTIO_GPU_RESP_EDID_BYTES } from "./protocol.js";

/** Room for an answer that is made after a wait: EDIDs are the longest. What of a request's memory is behind it is forgotten. */
export const LATE_ANSWER_BYTES = VIRTIO_GPU_RESP_EDID_BYTES;

/** An answer that depends on somebody else: a command that returns it is answered once `resolve` was called. */
export class Deferred {
  /** What the guest is told when the wait is cut short: the queue stops before the answer is there. */
  readonly fallback: Answer;
  #answer: Answer | null = null;
  #listener: ((answer: Answer) => void) | null = null;

  /** Must be called before the guest is told `fallback`. */
  readonly beforeFallback: () => void;

  constructor(fallback: Answer, beforeFallback: () => void = () => {}) {
    this.fallback = fallback;
    this.beforeFallback = beforeFallback;
  }

  /** The first call counts. */
  resolve(answer: Answer): void {
    if (this.#answer !== null) return;
    this.#answer = answer;
    this.#listener?.(answer);
  }

  /** Calls `listener` once, now if the answer is there. */
  whenDone(listener: (answer: Answer) => void): void {
    if (this.#answer === null) this.#listener = listener;
    else listener(this.#answer);
  }
}
