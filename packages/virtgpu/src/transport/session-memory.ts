/** Memory of a vtest session: sealed memfds shared with the client, and private memory; both known to the GL back end. */
import type { Segment, SegmentId } from "@virtgpu/core/memory";
import type { PrivateMemory, SessionMemory, SharedMemory } from "@virtgpu/core/vtest";
import { closeFd, createMemfd, Mapping } from "../native/memory.js";

/** Who must know a piece of memory before GL may use it: the GL encoder. Ids are above 0; 0 means that there are too many. */
export interface SegmentRegistry {
  registerSegment(bytes: Uint8Array): number;
  unregisterSegment(id: number): void;
}

/**
 * Every allocation is released explicitly: memory of hostile clients is not left to the garbage collector. Shared memory
 * is never used again for another resource, since the client may still have it mapped.
 */
export class NativeSessionMemory implements SessionMemory {
  readonly #registry: SegmentRegistry;
  /** Shared memory that is alive now. */
  liveShared = 0;

  constructor(registry: SegmentRegistry) {
    this.#registry = registry;
  }

  createShared(sizeBytes: number): SharedMemory | null {
    let fd = -1;
    let mapping: Mapping;
    try {
      // Sealed before anyone else can have it: SHRINK, GROW, SEAL.
      fd = createMemfd("virtgpu-vtest", sizeBytes);
      mapping = Mapping.map(fd, 0, sizeBytes);
    } catch {
      if (fd >= 0) closeFd(fd);
      return null;
    }
    const id = this.#registry.registerSegment(mapping.bytes);
    if (id === 0) {
      mapping.release();
      closeFd(fd);
      return null;
    }
    this.liveShared += 1;
    return new SharedPiece(this, this.#registry, id, mapping, fd);
  }

  createPrivate(sizeBytes: number): PrivateMemory | null {
    let bytes: Uint8Array;
    try {
      bytes = new Uint8Array(Math.ceil(sizeBytes / 4) * 4);
    } catch {
      return null;
    }
    const id = this.#registry.registerSegment(bytes);
    if (id === 0) return null;
    return {
      segment: { id: id as SegmentId, bytes },
      release: () => this.#registry.unregisterSegment(id),
    };
  }
}

class SharedPiece implements SharedMemory {
  readonly segment: Segment;
  /** -1 once it is closed. */
  fd: number;
  readonly #mapping: Mapping;
  readonly #owner: NativeSessionMemory;
  readonly #registry: SegmentRegistry;
  #isLive = true;

  constructor(owner: NativeSessionMemory, registry: SegmentRegistry, id: number, mapping: Mapping, fd: number) {
    this.#owner = owner;
    this.#registry = registry;
    this.segment = { id: id as SegmentId, bytes: mapping.bytes };
    this.#mapping = mapping;
    this.fd = fd;
  }

  closeFd(): void {
    if (this.fd >= 0) closeFd(this.fd);
    this.fd = -1;
  }

  release(): void {
    if (!this.#isLive) return;
    this.#isLive = false;
    this.#owner.liveShared -= 1;
    // The back end lets go first: it flushes ops that still refer to the memory.
    this.#registry.unregisterSegment(this.segment.id);
    this.#mapping.release();
    this.closeFd();
  }
}
