import type { HostAllocation, Segment } from "@virtgpu/core/memory";
import type { BackEndChannel } from "@virtgpu/core/vhost-user";
import { type HostBuffer, type HostMemory, VIRTIO_GPU_SHM_ID_HOST_VISIBLE } from "@virtgpu/core/virtio-gpu";
import type { SessionMemory, SharedMemory } from "@virtgpu/core/vtest";
import type { HeapMemory } from "../../import/heap-memory.js";
import { addon } from "../../native/addon.js";
import { closeFd } from "../../native/memory.js";

/** The window that a guest sees host blobs in. Address space only: no memory is taken before something is mapped. */
export const HOST_VISIBLE_BYTES = 1 << 30;

/** A memory file of ours, for whoever asks what may be done with it. */
const MEMORY_FILE: HostAllocation = { heap: null, isTrusted: false };

/** Where the bytes of host blobs come from: a dma-heap first, where there is one, then memory files. */
export interface HostBufferSources {
  readonly memory: Pick<SessionMemory, "createShared">;
  readonly heap: HeapMemory | null;
}

/** Host blobs as dma-bufs or sealed memory files, shown to the guest by the front-end. */
export class HostBuffers implements HostMemory {
  readonly #sources: HostBufferSources;
  readonly #channel: () => BackEndChannel | null;

  /** @param channel the channel to the front-end, if there is one at the time */
  constructor(sources: HostBufferSources, channel: () => BackEndChannel | null) {
    this.#sources = sources;
    this.#channel = channel;
  }

  get windowBytes(): number {
    return this.#channel()?.canMap === true ? HOST_VISIBLE_BYTES : 0;
  }

  create(sizeBytes: number): HostBuffer | null {
    const { memory, heap } = this.#sources;
    const piece = heap?.create(sizeBytes) ?? null;
    if (piece !== null) return new SharedBuffer(piece, piece.segment);
    const file = memory.createShared(sizeBytes);
    return file === null ? null : new SharedBuffer(file, hostSegment(file.segment));
  }

  /**
   * What another device gets of the buffer: a dma-buf where the host has udmabuf, else the memory file, which can be mapped but not
   * imported by a driver. The descriptor stays the buffer's.
   */
  objectFd(buffer: HostBuffer): number | null {
    return buffer instanceof SharedBuffer ? buffer.objectFd() : null;
  }

  map(buffer: HostBuffer, offsetBytes: number, lengthBytes: number, done: (isMapped: boolean) => void): void {
    const channel = this.#channel();
    const file = buffer.segment.file;
    if (channel === null || file === undefined) done(false);
    else channel.map(range(offsetBytes, lengthBytes), file.fd, file.offsetBytes, done);
  }

  unmap(offsetBytes: number, lengthBytes: number, done: (isUnmapped: boolean) => void): void {
    const channel = this.#channel();
    if (channel === null) done(false);
    else channel.unmap(range(offsetBytes, lengthBytes), done);
  }
}

/** The segment with what is known of its file. The descriptor stays open: nobody closes it before `release`. */
function hostSegment({ id, bytes, file }: Segment): Segment {
  return file === undefined ? { id, bytes } : { id, bytes, file: { ...file, host: MEMORY_FILE } };
}

class SharedBuffer implements HostBuffer {
  readonly segment: Segment;
  readonly #memory: Pick<SharedMemory, "fd" | "release">;
  /** -1: not made yet; null: this host makes none. */
  #dmaBuf: number | null = -1;

  constructor(memory: Pick<SharedMemory, "fd" | "release">, segment: Segment) {
    this.#memory = memory;
    this.segment = segment;
  }

  objectFd(): number {
    if (this.segment.file?.host?.heap) return this.#memory.fd;
    if (this.#dmaBuf === -1) {
      const fd = addon().createDmaBuf(Float64Array.of(this.#memory.fd, 0, this.segment.bytes.length), 1);
      this.#dmaBuf = fd < 0 ? null : fd;
    }
    return this.#dmaBuf ?? this.#memory.fd;
  }

  release(): void {
    if (this.#dmaBuf !== null && this.#dmaBuf >= 0) closeFd(this.#dmaBuf);
    this.#dmaBuf = null;
    this.#memory.release();
  }
}

function range(shmOffset: number, lengthBytes: number) {
  return { shmId: VIRTIO_GPU_SHM_ID_HOST_VISIBLE, shmOffset, lengthBytes };
}
