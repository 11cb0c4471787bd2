import { readAddress } from "../memory/index.js";
import type { DescriptorChain } from "../virtqueue/index.js";
import { VIRTIO_GPU_CTRL_HDR_BYTES, VIRTIO_GPU_FLAG_FENCE, VIRTIO_GPU_FLAG_INFO_RING_IDX } from "./protocol.js";

/** The longest fixed part of a request: CTX_CREATE. Entries and streams after it are read apart. */
export const REQUEST_FIXED_BYTES_MAX = 112;

/** What a fenced request asks for, kept while it waits. */
export interface RequestFence {
  readonly contextId: number;
  /** Null: the request names no ring. */
  readonly ringIndex: number | null;
  /** Flags, fence id, context and ring, as the answer repeats them. */
  readonly header: Uint8Array;
}

/**
 * The fixed part of one request, copied once into private memory: the guest cannot change a field between its check and
 * its use. Reused from request to request. Offsets are those of `virtio_gpu.h`, header included; little-endian.
 */
export class Request {
  readonly #bytes = new Uint8Array(REQUEST_FIXED_BYTES_MAX);
  readonly #view = new DataView(this.#bytes.buffer);
  /** How much of the fixed part the guest sent. */
  lengthBytes = 0;

  load(chain: DescriptorChain): void {
    this.#bytes.fill(0);
    this.lengthBytes = chain.read(0, this.#bytes);
  }

  get hasHeader(): boolean {
    return this.lengthBytes >= VIRTIO_GPU_CTRL_HDR_BYTES;
  }

  get type(): number {
    return this.u32(0);
  }

  get isFenced(): boolean {
    return (this.u32(4) & VIRTIO_GPU_FLAG_FENCE) !== 0;
  }

  get contextId(): number {
    return this.u32(16);
  }

  get hasRing(): boolean {
    return (this.u32(4) & VIRTIO_GPU_FLAG_INFO_RING_IDX) !== 0;
  }

  /** The context's ring, if `hasRing`. */
  get ringIndex(): number {
    return this.#view.getUint8(20);
  }

  /** The fence of a fenced request; without `hasRings` (context_init negotiated) its ring means nothing. */
  fence(hasRings: boolean): RequestFence {
    const ringIndex = hasRings && this.hasRing ? this.ringIndex : null;
    return { contextId: this.contextId, ringIndex, header: this.#bytes.slice(4, VIRTIO_GPU_CTRL_HDR_BYTES) };
  }

  u32(offsetBytes: number): number {
    return this.#view.getUint32(offsetBytes, true);
  }

  /** A u64 as a number; -1 above 2^53 - 1, which no valid field reaches. */
  u64(offsetBytes: number): number {
    return readAddress(this.#view, offsetBytes);
  }

  /** Zero-terminated text of at most `lengthBytes` bytes; bytes outside printable ASCII become `?`. */
  text(offsetBytes: number, lengthBytes: number): string {
    let text = "";
    for (let i = 0; i < lengthBytes; i++) {
      const byte = this.#bytes[offsetBytes + i]!;
      if (byte === 0) break;
      text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "?";
    }
    return text;
  }
}
