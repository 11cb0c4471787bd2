import { addon } from "../native/addon.js";
import type { TrialMemory } from "./trial-messages.js";

/** Nothing is resident until it is written to; room for the tallest picture that drivers take, at the strides that are tried. */
export const TRIAL_MEMORY_BYTES = 160 << 20;

const PAGE_BYTES = 4096;
/** DMA_BUF_SYNC_RW of linux/dma-buf.h. */
const SYNC_READ_WRITE = 3;

/** Memory of the trial process, and what stands for it as a dma-buf. */
export class TrialBuffer {
  readonly bytes: Uint8Array;
  readonly #fd: number;

  constructor(fd: number, bytes: Uint8Array) {
    this.#fd = fd;
    this.bytes = bytes;
  }

  /** A descriptor of at least the first `sizeBytes`, for `close`; negative: a negated errno. */
  descriptor(memory: TrialMemory, sizeBytes: number): number {
    if (memory === "memfd") return addon().duplicateFd(this.#fd);
    const size = Math.ceil(sizeBytes / PAGE_BYTES) * PAGE_BYTES;
    return addon().createDmaBuf(Float64Array.of(this.#fd, 0, size), 1);
  }

  /** What one side wrote becomes visible to the other; nothing for plain files. */
  sync(fd: number): void {
    addon().syncDmaBuf(fd, SYNC_READ_WRITE);
  }

  close(fd: number): void {
    if (fd >= 0) addon().closeFd(fd);
  }
}
