import type { BackEndChannel } from "@virtgpu/core/vhost-user";
import { type HostBuffer, type HostMemory, VIRTIO_GPU_SHM_ID_HOST_VISIBLE } from "@virtgpu/core/virtio-gpu";
import type { SessionMemory, SharedMemory } from "@virtgpu/core/vtest";

/** The window that a guest sees host blobs in. Address space only: no memory is taken before something is mapped. */
export const HOST_VISIBLE_BYTES = 1 << 30;

/** Host blobs as sealed memory files, shown to the guest by the front-end. */
export class HostBuffers implements HostMemory {
  readonly #memory: Pick<SessionMemory, "createShared">;
  readonly #channel: () => BackEndChannel | null;

  /** @param channel the channel to the front-end, if there is one at the time */
  constructor(memory: Pick<SessionMemory, "createShared">, channel: () => BackEndChannel | null) {
    this.#memory = memory;
    this.#channel = channel;
  }

  get windowBytes(): number {
    return this.#channel()?.canMap === true ? HOST_VISIBLE_BYTES : 0;
  }

  create(sizeBytes: number): SharedMemory | null {
    return this.#memory.createShared(sizeBytes);
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

function range(shmOffset: number, lengthBytes: number) {
  return { shmId: VIRTIO_GPU_SHM_ID_HOST_VISIBLE, shmOffset, lengthBytes };
}
