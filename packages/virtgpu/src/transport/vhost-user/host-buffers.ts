import type { Logger } from "@virtgpu/core/base";
import type { Segment } from "@virtgpu/core/memory";
import type { BackEndChannel } from "@virtgpu/core/vhost-user";
import { type HostBuffer, type HostMemory, VIRTIO_GPU_SHM_ID_HOST_VISIBLE } from "@virtgpu/core/virtio-gpu";
import type { SessionMemory, SharedMemory } from "@virtgpu/core/vtest";
import type { NativeImporter } from "../../import/native-importer.js";
import { addon } from "../../native/addon.js";
import { closeFd } from "../../native/memory.js";

/** The window that a guest sees host blobs in. Address space only: no memory is taken before something is mapped. */
export const HOST_VISIBLE_BYTES = 1 << 30;

/** Where the bytes of host blobs come from: a dma-heap first, where there is one, then memory files. */
export interface HostBufferSources {
  readonly memory: Pick<SessionMemory, "createShared">;
  /** Null: nothing is imported. */
  readonly importer: Pick<NativeImporter, "heap" | "isLimited"> | null;
  readonly logger: Logger;
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
    const { memory, importer, logger } = this.#sources;
    const heap = importer?.heap ?? null;
    const piece = heap?.create(sizeBytes) ?? null;
    if (piece !== null) return new SharedBuffer(piece, piece.segment);
    const { name } = heap?.heap ?? { name: undefined };
    if (heap?.failures === 1)
      logger.warn("A dma-heap has no memory left for host blobs: memory files follow.", { heap: name });
    const file = memory.createShared(sizeBytes);
    if (file === null) return null;
    const buffer = new SharedBuffer(file, hostSegment(file.segment, name));
    // Whoever looks where its pages lie must find them there later.
    if (importer?.isLimited === true) buffer.objectFd();
    return buffer;
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
function hostSegment({ id, bytes, file }: Segment, missedHeap: string | undefined): Segment {
  if (file === undefined) return { id, bytes };
  const host = { heap: null, isTrusted: false, ...(missedHeap === undefined ? {} : { missedHeap }) };
  return { id, bytes, file: { ...file, host } };
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

  /** Also holds the pages where they are (udmabuf). */
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
