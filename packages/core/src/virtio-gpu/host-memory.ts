import type { Segment } from "../memory/index.js";

/** Memory of the host that a guest may map: the bytes of a host blob. */
export interface HostBuffer {
  /** Registered with the renderer's back end; shared with the guest once it is mapped. At least as long as was asked for. */
  readonly segment: Segment;
  /** Frees it. Nothing of ours may refer to the segment any more; a guest's mapping keeps the pages until it is unmapped. */
  release(): void;
}

/** Where host blobs come from, and how guests get to see them. A transport that cannot map host memory has none. */
export interface HostMemory {
  /** Zeroed memory, or null: there is none to be had. */
  create(sizeBytes: number): HostBuffer | null;
  /** Size of the window (shared memory region HOST_VISIBLE) that the guest has; 0: none was negotiated. */
  readonly windowBytes: number;
  /** Shows the buffer at `offsetBytes` of the window, then calls `done`, now or later. */
  map(buffer: HostBuffer, offsetBytes: number, lengthBytes: number, done: (isMapped: boolean) => void): void;
  /** Takes [offset, offset + length), which is one mapping, out of the window, then calls `done`. */
  unmap(offsetBytes: number, lengthBytes: number, done: (isUnmapped: boolean) => void): void;
}

/** Tells other devices of the machine which resources of ours can be had by UUID (virtio dma-buf sharing). */
export interface SharedObjects {
  /** 16 bytes, borrowed. */
  add(uuid: Uint8Array): void;
  remove(uuid: Uint8Array): void;
}
