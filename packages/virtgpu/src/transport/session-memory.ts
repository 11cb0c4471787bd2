/** Memory of a vtest session: sealed memfds shared with the client, and private memory; both known to the GL back end. */
import type { Segment, SegmentId, SharedFile } from "@virtgpu/core/memory";
import type { PrivateMemory, SessionMemory, SharedMemory } from "@virtgpu/core/vtest";
import { closeFd, createMemfd, Mapping } from "../native/memory.js";
import { dropMemory, SharedPool } from "./shared-pool.js";

/** Who must know a piece of memory before GL may use it: the GL encoder. Ids are above 0; 0 means that there are too many. */
export interface SegmentRegistry {
  registerSegment(bytes: Uint8Array): number;
  unregisterSegment(id: number): void;
}

/** Segment ids without a GL back end: nothing but the count matters. */
export class PlainRegistry implements SegmentRegistry {
  #next = 1;

  registerSegment(): number {
    return this.#next++;
  }

  unregisterSegment(): void {}
}

const PLAIN_FILE = { isWriteSealed: false, pageBytes: 4096 };

/** Descriptors that stay open for pieces which may come back; more pieces than that close theirs and are not kept. */
const MAX_OPEN_FDS = 512;

/**
 * Shared memory is released explicitly: what hostile clients ask for is not left to the garbage collector. Private memory is, once it is
 * unregistered: it lives for a message, and a mapping each costs more than it saves (tried). Lasting memory is a mapping: pictures which
 * lie in the C heap until they are collected, among a software driver's pictures, leave it with holes that nothing fits into. With
 * `reuseBytes`, up to so many bytes of released shared memory serve later resources: only for a process that serves one
 * client, which may still have it mapped.
 */
export class NativeSessionMemory implements SessionMemory {
  readonly #registry: SegmentRegistry;
  #pool: SharedPool;
  /** Shared memory that is alive now. */
  liveShared = 0;
  #openFds = 0;

  constructor(registry: SegmentRegistry, reuseBytes = 0) {
    this.#registry = registry;
    this.#pool = this.#newPool(reuseBytes);
  }

  /** From now on keeps up to `reuseBytes` of what is released; for a process that serves one client. */
  reuse(reuseBytes: number): void {
    this.#pool.clear();
    this.#pool = this.#newPool(reuseBytes);
  }

  #newPool(reuseBytes: number): SharedPool {
    return new SharedPool(reuseBytes, (memory) => {
      this.#openFds -= 1;
      dropMemory(memory, (id) => this.#registry.unregisterSegment(id));
    });
  }

  createShared(sizeBytes: number): SharedMemory | null {
    const kept = this.#pool.take(sizeBytes);
    if (kept !== null) {
      kept.mapping.bytes.fill(0);
      this.liveShared += 1;
      return new SharedPiece(this, kept.segment, kept.mapping, kept.fd, true);
    }
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
    const isKept = this.#pool.wants(sizeBytes) && this.#openFds < MAX_OPEN_FDS;
    if (isKept) this.#openFds += 1;
    return new SharedPiece(this, id, mapping, fd, isKept);
  }

  /** The end of a piece; the caller is a `SharedPiece`. `fd` is -1 when it is closed already. */
  takeBack(segment: number, mapping: Mapping, fd: number, isKept: boolean): void {
    this.liveShared -= 1;
    if (isKept) {
      this.#pool.put({ mapping, segment, fd });
      return;
    }
    // The back end lets go first: it flushes ops that still refer to the memory.
    this.#registry.unregisterSegment(segment);
    mapping.release();
    if (fd >= 0) closeFd(fd);
  }

  /** Releases what is kept for reuse. */
  destroy(): void {
    this.#pool.clear();
  }

  createPrivate(sizeBytes: number, isLasting = false): PrivateMemory | null {
    if (isLasting) return this.#mapPrivate(sizeBytes);
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

  #mapPrivate(sizeBytes: number): PrivateMemory | null {
    const mapping = Mapping.mapPrivate(sizeBytes);
    if (mapping === null) return null;
    const { bytes } = mapping;
    const id = this.#registry.registerSegment(bytes);
    if (id === 0) {
      mapping.release();
      return null;
    }
    const release = (): void => {
      if (bytes.length === 0) return;
      this.#registry.unregisterSegment(id);
      mapping.release();
    };
    return { segment: { id: id as SegmentId, bytes }, release };
  }
}

class PieceSegment implements Segment {
  readonly id: SegmentId;
  readonly bytes: Uint8Array;
  /** -1: closed. */
  fd: number;

  constructor(id: SegmentId, bytes: Uint8Array, fd: number) {
    this.id = id;
    this.bytes = bytes;
    this.fd = fd;
  }

  /** What we made ourselves is sealed. Whoever imports it does so while the descriptor is open: when memory is attached. */
  get file(): SharedFile {
    return { fd: this.fd, offsetBytes: 0, sizeBytes: this.bytes.length, isSealed: this.fd >= 0, ...PLAIN_FILE };
  }
}

class SharedPiece implements SharedMemory {
  readonly segment: PieceSegment;
  /** -1 once it is closed. */
  fd: number;
  readonly #mapping: Mapping;
  readonly #owner: NativeSessionMemory;
  /** The descriptor stays open, to be sent again. */
  readonly #isKept: boolean;
  #isLive = true;

  constructor(owner: NativeSessionMemory, id: number, mapping: Mapping, fd: number, isKept: boolean) {
    this.#owner = owner;
    this.segment = new PieceSegment(id as SegmentId, mapping.bytes, fd);
    this.#mapping = mapping;
    this.fd = fd;
    this.#isKept = isKept;
  }

  closeFd(): void {
    if (this.#isKept) return;
    if (this.fd >= 0) closeFd(this.fd);
    this.fd = -1;
    this.segment.fd = -1;
  }

  release(): void {
    if (!this.#isLive) return;
    this.#isLive = false;
    const fd = this.fd;
    this.fd = -1;
    this.#owner.takeBack(this.segment.id, this.#mapping, fd, this.#isKept);
  }
}
