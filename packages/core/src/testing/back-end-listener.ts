import {
  VHOST_USER_HEADER_BYTES,
  VHOST_USER_NEED_REPLY,
  VHOST_USER_REPLY,
  VHOST_USER_VERSION,
} from "../vhost-user/index.js";
import { frameMessage, type FrontEndSocket, u64s } from "./vhost-user-front-end.js";

/** One request of the back-end. The descriptors are the reader's. */
export interface BackEndRequest {
  readonly request: number;
  readonly flags: number;
  readonly payload: Uint8Array;
  readonly fds: readonly number[];
}

/** Fields of `struct VhostUserMMap`. */
export interface MemoryMapRequest {
  readonly shmId: number;
  readonly fdOffset: number;
  readonly shmOffset: number;
  readonly lengthBytes: number;
  readonly flags: bigint;
}

/**
 * The front-end's end of the back-end channel (SET_BACKEND_REQ_FD), for testing back-ends: reads what the back-end asks and answers
 * it, rightly or wrongly. Source: QEMU `docs/interop/vhost-user.rst`: Back-end message types.
 */
export class BackEndListener {
  readonly #socket: FrontEndSocket;

  constructor(socket: FrontEndSocket) {
    this.#socket = socket;
  }

  /** The next request, waiting for it. @throws when the back-end is gone */
  next(): BackEndRequest {
    const { bytes, fds } = this.#socket.readWithFds(VHOST_USER_HEADER_BYTES);
    const header = new DataView(bytes.buffer, bytes.byteOffset);
    const sizeBytes = header.getUint32(8, true);
    const payload = sizeBytes === 0 ? new Uint8Array(0) : this.#socket.read(sizeBytes);
    return { request: header.getUint32(0, true), flags: header.getUint32(4, true), payload, fds };
  }

  /** Answers a request. @param value 0: done */
  reply(request: number, value: bigint, fds: readonly number[] = []): void {
    this.send(request, VHOST_USER_VERSION | VHOST_USER_REPLY, u64s(value), fds);
  }

  /** Answers a request if it asks for that. */
  acknowledge({ request, flags }: BackEndRequest, value = 0n): void {
    if ((flags & VHOST_USER_NEED_REPLY) !== 0) this.reply(request, value);
  }

  /** Sends a message as it is, right or wrong. */
  send(request: number, flags: number, payload: Uint8Array, fds: readonly number[] = []): void {
    this.#socket.send(frameMessage(request, flags, payload), fds);
  }
}

/** The payload of SHMEM_MAP and SHMEM_UNMAP. */
export function readMemoryMap(payload: Uint8Array): MemoryMapRequest {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const u64 = (at: number): number => Number(view.getBigUint64(at, true));
  return {
    shmId: view.getUint8(0),
    fdOffset: u64(8),
    shmOffset: u64(16),
    lengthBytes: u64(24),
    flags: view.getBigUint64(32, true),
  };
}
