/** Host memory from a dma-heap, mapped by us, by drivers and by the front-end. */
import { closeSync, openSync } from "node:fs";
import { HostError } from "@virtgpu/core/base";
import type { Segment, SegmentId } from "@virtgpu/core/memory";
import { addon } from "../native/addon.js";
import { closeFd, Mapping } from "../native/memory.js";
import type { SegmentRegistry } from "../transport/session-memory.js";
import type { HostHeap } from "./host-heaps.js";

const PAGE_BYTES = 4096;
/** Reserved memory is scarce, and the host's own displays and cameras need it, too: a guest gets so much of it and no more. */
const DEFAULT_LIMIT_BYTES = 256 << 20;

/** A piece of a heap. */
export interface HeapPiece {
  /** Its file is a dma-buf. */
  readonly segment: Segment;
  readonly fd: number;
  release(): void;
}

/** The pieces of one heap that one guest has, up to a limit. Pieces are given back one by one; the heap is closed with `close`. */
export class HeapMemory {
  readonly heap: HostHeap;
  readonly #fd: number;
  readonly #registry: SegmentRegistry;
  readonly #limitBytes: number;
  /** Of all living pieces. */
  #bytes = 0;
  #failures = 0;

  /** @throws {HostError} HOST_HEAP_CLOSED */
  constructor(heap: HostHeap, registry: SegmentRegistry, limitBytes = DEFAULT_LIMIT_BYTES) {
    this.heap = heap;
    this.#registry = registry;
    this.#limitBytes = limitBytes;
    try {
      this.#fd = openSync(heap.path, "r");
    } catch (error) {
      throw new HostError("HOST_HEAP_CLOSED", `${heap.path} cannot be opened: ${String(error)}`, {
        cure: "give this user read access to it, or --host-heap=none",
      });
    }
  }

  /** Pieces that could not be had: the heap was empty, or the guest has had its share. */
  get failures(): number {
    return this.#failures;
  }

  /** Whole pages of zeros, or null: there are none to be had. */
  create(sizeBytes: number): HeapPiece | null {
    const length = Math.ceil(sizeBytes / PAGE_BYTES) * PAGE_BYTES;
    const piece = this.#bytes + length > this.#limitBytes ? null : this.#allocate(length);
    if (piece === null) this.#failures++;
    return piece;
  }

  #allocate(length: number): HeapPiece | null {
    const fd = addon().allocateHeap(this.#fd, length);
    if (fd < 0) return null;
    let mapping: Mapping;
    try {
      mapping = Mapping.map(fd, 0, length);
    } catch {
      closeFd(fd);
      return null;
    }
    const id = this.#registry.registerSegment(mapping.bytes);
    if (id === 0) {
      mapping.release();
      closeFd(fd);
      return null;
    }
    this.#bytes += length;
    const { name, isTrusted } = this.heap;
    // A dma-buf keeps its size.
    const facts = { isSealed: true, isDmaBuf: true, isWriteSealed: false, pageBytes: PAGE_BYTES };
    const file = { fd, offsetBytes: 0, sizeBytes: length, ...facts, host: { heap: name, isTrusted } };
    let isLive = true;
    return {
      segment: { id: id as SegmentId, bytes: mapping.bytes, file },
      fd,
      release: () => {
        if (!isLive) return;
        isLive = false;
        this.#bytes -= length;
        this.#registry.unregisterSegment(id);
        mapping.release();
        closeFd(fd);
      },
    };
  }

  close(): void {
    closeSync(this.#fd);
  }
}
