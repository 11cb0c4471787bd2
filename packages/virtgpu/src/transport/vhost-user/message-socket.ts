import { HostError } from "@virtgpu/core/base";
import {
  type Fd,
  VHOST_USER_HEADER_BYTES,
  VHOST_USER_MAX_FDS,
  VHOST_USER_MAX_PAYLOAD_BYTES,
} from "@virtgpu/core/vhost-user";
import { closeFd } from "../../native/memory.js";
import { readExact, recvFds, sendFds, writeFrom } from "../../native/socket.js";

/** One message of the front-end. `payload` is borrowed until the next `receive`; the descriptors are the receiver's. */
export interface VhostUserMessage {
  readonly request: number;
  readonly flags: number;
  readonly payload: Uint8Array;
  readonly fds: Fd[];
}

/** Whole vhost-user messages over a connected Unix socket. Source: QEMU `docs/interop/vhost-user.rst`: Message specification. */
export class MessageSocket {
  readonly fd: number;
  readonly #header = new Uint8Array(VHOST_USER_HEADER_BYTES);
  readonly #view = new DataView(this.#header.buffer);
  readonly #payload = new Uint8Array(VHOST_USER_MAX_PAYLOAD_BYTES);

  /** Takes the descriptor over. */
  constructor(fd: number) {
    this.fd = fd;
  }

  /** Reads one message, blocking. @returns null at the end of the stream. @throws {HostError} on a broken message or socket */
  receive(): VhostUserMessage | null {
    const first = recvFds(this.fd, this.#header, 0, VHOST_USER_HEADER_BYTES, VHOST_USER_MAX_FDS);
    const fds = first.fds as Fd[];
    try {
      if (first.bytes === 0) return null;
      this.#fill(this.#header, first.bytes, VHOST_USER_HEADER_BYTES);
      const sizeBytes = this.#view.getUint32(8, true);
      if (sizeBytes > VHOST_USER_MAX_PAYLOAD_BYTES) {
        throw new HostError(
          "VHOST_USER_MESSAGE",
          `a vhost-user message of ${sizeBytes} bytes; the longest has ${VHOST_USER_MAX_PAYLOAD_BYTES}`,
        );
      }
      this.#fill(this.#payload, 0, sizeBytes);
      const request = this.#view.getUint32(0, true);
      return { request, flags: this.#view.getUint32(4, true), payload: this.#payload.subarray(0, sizeBytes), fds };
    } catch (error) {
      for (const fd of fds) closeFd(fd);
      throw error;
    }
  }

  /** @param fds go along; they stay the caller's */
  send(message: Uint8Array, fds: readonly number[] = []): void {
    if (fds.length === 0) writeFrom(this.fd, message, 0, message.length);
    else sendFds(this.fd, message, 0, message.length, fds);
  }

  close(): void {
    closeFd(this.fd);
  }

  #fill(bytes: Uint8Array, from: number, to: number): void {
    if (from === to) return;
    if (readExact(this.fd, bytes, from, to - from) !== to - from) {
      throw new HostError(
        "VHOST_USER_MESSAGE",
        "the vhost-user front-end closed its socket in the middle of a message",
      );
    }
  }
}
