import { HostError } from "@virtgpu/core/base";
import { closeFd } from "../native/memory.js";
import { readInto, sendNow, setSendBuffer } from "../native/socket.js";
import { GPU_HEADER_BYTES, GPU_REPLY_MAX_BYTES } from "./gpu-socket-protocol.js";

/** A reply of the front-end. `payload` is borrowed until the next `receive`. */
export interface GpuReply {
  readonly request: number;
  readonly flags: number;
  readonly payload: Uint8Array;
}

/**
 * A frame goes in pieces of what the kernel keeps, each of which wakes the device: half as many as with the default. (Linux doubles the
 * number that is set.) What every system allows: net.core.wmem_max is this where nobody has changed it.
 */
const SEND_BUFFER_BYTES = 212_992;

/**
 * The GPU socket without waiting: one write may be under way and is carried on when there is room; a reply is put together from the
 * pieces that come. The memory of a write must stay unchanged until `isIdle`.
 */
export class GpuSocketChannel {
  readonly fd: number;
  #bytes: Uint8Array = new Uint8Array(0);
  #sentBytes = 0;
  #endBytes = 0;
  readonly #reply = new Uint8Array(GPU_HEADER_BYTES + GPU_REPLY_MAX_BYTES);
  readonly #view = new DataView(this.#reply.buffer);
  #received = 0;

  /** Takes the socket over. */
  constructor(fd: number) {
    this.fd = fd;
    setSendBuffer(fd, SEND_BUFFER_BYTES);
  }

  /** Nothing is under way. */
  get isIdle(): boolean {
    return this.#sentBytes === this.#endBytes;
  }

  /**
   * Starts a write; only when idle. Descriptors go with the first byte: without room for it they are not sent, and false is returned.
   * @throws {HostError} when the front-end is gone
   */
  send(bytes: Uint8Array, lengthBytes: number, fds?: Int32Array): boolean {
    const sent = sendNow(this.fd, bytes, 0, lengthBytes, fds);
    if (fds !== undefined && sent === 0) return false;
    this.#bytes = bytes;
    this.#sentBytes = sent;
    this.#endBytes = lengthBytes;
    return true;
  }

  /** Carries the write on. @throws {HostError} when the front-end is gone */
  pump(): void {
    while (!this.isIdle) {
      const sent = sendNow(this.fd, this.#bytes, this.#sentBytes, this.#endBytes - this.#sentBytes);
      if (sent === 0) return;
      this.#sentBytes += sent;
    }
  }

  /**
   * Takes what has come; call it when the socket is readable. @returns a whole reply, null when more must come
   * @throws {HostError} GPU_SOCKET_CLOSED, GPU_SOCKET_MESSAGE (longer than any reply)
   */
  receive(): GpuReply | null {
    const wanted = this.#wantedBytes();
    const count = readInto(this.fd, this.#reply, this.#received, wanted - this.#received);
    if (count === 0) throw new HostError("GPU_SOCKET_CLOSED", "the front-end closed the GPU socket");
    this.#received += count;
    const total = this.#wantedBytes();
    if (total > this.#reply.length) {
      throw new HostError("GPU_SOCKET_MESSAGE", `a reply of ${total - GPU_HEADER_BYTES} bytes on the GPU socket`);
    }
    if (this.#received < GPU_HEADER_BYTES || this.#received < total) return null;
    this.#received = 0;
    const payload = this.#reply.subarray(GPU_HEADER_BYTES, total);
    return { request: this.#view.getUint32(0, true), flags: this.#view.getUint32(4, true), payload };
  }

  close(): void {
    closeFd(this.fd);
  }

  /** Up to where the reply goes, as far as is known. */
  #wantedBytes(): number {
    if (this.#received < GPU_HEADER_BYTES) return GPU_HEADER_BYTES;
    return GPU_HEADER_BYTES + this.#view.getUint32(8, true);
  }
}
