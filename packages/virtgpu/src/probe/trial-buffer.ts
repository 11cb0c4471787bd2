import { addon } from "../native/addon.js";
import { createMemfd, fdSize, Mapping } from "../native/memory.js";
import type { TrialMemory } from "./trial-messages.js";

/** Nothing is resident until it is written to; room for the tallest picture that drivers take, at the strides that are tried. */
export const TRIAL_MEMORY_BYTES = 160 << 20;

const LARGEST_PAGE = 65_536;
/** DMA_BUF_SYNC_RW of linux/dma-buf.h. */
const SYNC_READ_WRITE = 3;

/** A size rounded up to pages of the file, which are larger than 4 KiB on some hosts. */
function wholePages(sizeBytes: number, fd: number): number {
  const pageBytes = addon().filePageBytes(fd);
  return Math.ceil(sizeBytes / pageBytes) * pageBytes;
}

/** Memory of the trial process, and what stands for it as a dma-buf. */
export class TrialBuffer {
  readonly fd: number;
  readonly #mapping: Mapping;

  private constructor(fd: number, mapping: Mapping) {
    this.fd = fd;
    this.#mapping = mapping;
  }

  /** @param sizeBytes at least so many */
  static create(sizeBytes: number): TrialBuffer {
    const fd = createMemfd("virtgpu-probe", Math.ceil(sizeBytes / LARGEST_PAGE) * LARGEST_PAGE);
    return new TrialBuffer(fd, Mapping.map(fd, 0, fdSize(fd)));
  }

  get bytes(): Uint8Array {
    return this.#mapping.bytes;
  }

  release(): void {
    this.#mapping.release();
    addon().closeFd(this.fd);
  }

  /** A descriptor of at least the first `sizeBytes`, for `close`; negative: a negated errno. */
  descriptor(memory: TrialMemory, sizeBytes: number): number {
    if (memory === "memfd") return addon().duplicateFd(this.fd);
    return addon().createDmaBuf(Float64Array.of(this.fd, 0, wholePages(sizeBytes, this.fd)), 1);
  }

  /** What one side wrote becomes visible to the other; nothing for plain files. */
  sync(fd: number): void {
    addon().syncDmaBuf(fd, SYNC_READ_WRITE);
  }

  close(fd: number): void {
    if (fd >= 0) addon().closeFd(fd);
  }
}
