import {
  VHOST_USER_HEADER_BYTES,
  VHOST_USER_NEED_REPLY,
  VHOST_USER_SHMEM_IDS,
  VHOST_USER_VERSION,
  VhostUserRequest as R,
} from "../vhost-user/index.js";
import type { DriverLayout } from "./virtqueue-driver.js";

/** A connected socket to a back-end. */
export interface FrontEndSocket {
  /** Sends a whole message; the descriptors stay the caller's. */
  send(message: Uint8Array, fds: readonly number[]): void;
  /** Reads exactly `lengthBytes`, waiting for them. @throws when the back-end is gone */
  read(lengthBytes: number): Uint8Array;
  /** As `read`, with the descriptors that came along; they are the caller's. */
  readWithFds(lengthBytes: number): { bytes: Uint8Array; fds: readonly number[] };
}

/** One memory region as SET_MEM_TABLE announces it. */
export interface FrontEndRegion {
  readonly guestAddress: number;
  readonly sizeBytes: number;
  readonly userAddress: number;
  readonly fileOffset: number;
  readonly fd: number;
}

/**
 * The front-end's side of vhost-user, for testing back-ends without a VMM: what a VMM's release does not pass on can be sent too.
 * Source: QEMU `docs/interop/vhost-user.rst`. Shipped, so that other projects can test their back-ends.
 */
export class VhostUserFrontEnd {
  readonly #socket: FrontEndSocket;

  constructor(socket: FrontEndSocket) {
    this.#socket = socket;
  }

  /** Sends a message as it is, right or wrong. */
  send(
    request: number,
    payload: Uint8Array = new Uint8Array(0),
    fds: readonly number[] = [],
    flags = VHOST_USER_VERSION,
  ): void {
    this.#socket.send(frameMessage(request, flags, payload), fds);
  }

  /** Sends a message and reads its reply's payload. */
  call(request: number, payload?: Uint8Array, fds: readonly number[] = [], flags = VHOST_USER_VERSION): Uint8Array {
    this.send(request, payload, fds, flags);
    const header = this.#socket.read(VHOST_USER_HEADER_BYTES);
    const view = new DataView(header.buffer, header.byteOffset);
    const answered = view.getUint32(0, true);
    if (answered !== request) throw new Error(`the back-end answered request ${request} with ${answered}`);
    return this.#socket.read(view.getUint32(8, true));
  }

  /** As `call`, with the descriptors of the reply; they are the caller's. */
  callForFds(request: number, payload?: Uint8Array): { payload: Uint8Array; fds: readonly number[] } {
    this.send(request, payload);
    const { bytes, fds } = this.#socket.readWithFds(VHOST_USER_HEADER_BYTES);
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const answered = view.getUint32(0, true);
    if (answered !== request) throw new Error(`the back-end answered request ${request} with ${answered}`);
    return { payload: this.#socket.read(view.getUint32(8, true)), fds };
  }

  getU64(request: number): bigint {
    const reply = this.call(request);
    return new DataView(reply.buffer, reply.byteOffset).getBigUint64(0, true);
  }

  setU64(request: number, value: bigint, fds: readonly number[] = []): void {
    this.send(request, u64s(value), fds);
  }

  /** With an acknowledgement (REPLY_ACK must be negotiated). @returns true when the back-end reports success */
  acknowledged(request: number, payload: Uint8Array, fds: readonly number[] = []): boolean {
    const reply = this.call(request, payload, fds, VHOST_USER_VERSION | VHOST_USER_NEED_REPLY);
    return new DataView(reply.buffer, reply.byteOffset).getBigUint64(0, true) === 0n;
  }

  /** SET_MEM_TABLE. */
  setMemory(regions: readonly FrontEndRegion[]): void {
    const payload = new Uint8Array(8 + 32 * regions.length);
    new DataView(payload.buffer).setUint32(0, regions.length, true);
    regions.forEach(({ guestAddress, sizeBytes, userAddress, fileOffset }, i) => {
      payload.set(u64s(BigInt(guestAddress), BigInt(sizeBytes), BigInt(userAddress), BigInt(fileOffset)), 8 + 32 * i);
    });
    this.send(
      R.SET_MEM_TABLE,
      payload,
      regions.map(({ fd }) => fd),
    );
  }

  /** ADD_MEM_REG (CONFIGURE_MEM_SLOTS). */
  addMemory(region: FrontEndRegion): void {
    this.send(R.ADD_MEM_REG, slot(region), [region.fd]);
  }

  /** REM_MEM_REG. */
  removeMemory(region: FrontEndRegion): void {
    this.send(R.REM_MEM_REG, slot(region));
  }

  /** Describes a ring and starts it. Addresses in `layout` are guest ones; `userOffset` turns them into the front-end's. */
  startRing(
    index: number,
    size: number,
    layout: DriverLayout,
    userOffset: number,
    kickFd: number,
    callFd: number,
    base = 0,
  ): void {
    this.send(R.SET_VRING_NUM, u32s(index, size));
    this.send(R.SET_VRING_BASE, u32s(index, base));
    const at = (address: number): bigint => BigInt(address + userOffset);
    const addresses = u64s(at(layout.descriptors), at(layout.used), at(layout.available), 0n);
    const payload = new Uint8Array(40);
    payload.set(u32s(index, 0));
    payload.set(addresses, 8);
    this.send(R.SET_VRING_ADDR, payload);
    this.send(R.SET_VRING_CALL, u64s(BigInt(index)), [callFd]);
    this.send(R.SET_VRING_KICK, u64s(BigInt(index)), [kickFd]);
    this.send(R.SET_VRING_ENABLE, u32s(index, 1));
  }

  /** GET_VRING_BASE: stops a ring. @returns the index that the back-end would go on from */
  stopRing(index: number): number {
    const reply = this.call(R.GET_VRING_BASE, u32s(index, 0));
    return new DataView(reply.buffer, reply.byteOffset).getUint32(4, true);
  }

  /** GET_SHMEM_CONFIG. @returns the size of each shared memory region by its id */
  sharedMemory(): ReadonlyMap<number, number> {
    const reply = this.call(R.GET_SHMEM_CONFIG);
    const view = new DataView(reply.buffer, reply.byteOffset, reply.length);
    const sizes = new Map<number, number>();
    for (let id = 0; id < VHOST_USER_SHMEM_IDS; id++) {
      const sizeBytes = Number(view.getBigUint64(8 + 8 * id, true));
      if (sizeBytes !== 0) sizes.set(id, sizeBytes);
    }
    return sizes;
  }

  /** GET_CONFIG from offset 0. */
  config(sizeBytes: number): Uint8Array {
    const payload = new Uint8Array(12 + sizeBytes);
    payload.set(u32s(0, sizeBytes, 0));
    return this.call(R.GET_CONFIG, payload).subarray(12);
  }
}

/** A vhost-user message: header and payload, whether they make sense or not. */
export function frameMessage(request: number, flags: number, payload: Uint8Array): Uint8Array {
  const message = new Uint8Array(VHOST_USER_HEADER_BYTES + payload.length);
  const view = new DataView(message.buffer);
  view.setUint32(0, request, true);
  view.setUint32(4, flags, true);
  view.setUint32(8, payload.length, true);
  message.set(payload, VHOST_USER_HEADER_BYTES);
  return message;
}

/** Little-endian u64s as bytes. */
export function u64s(...values: bigint[]): Uint8Array {
  const bytes = new Uint8Array(8 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => view.setBigUint64(8 * i, value, true));
  return bytes;
}

/** Little-endian u32s as bytes. */
export function u32s(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => view.setUint32(4 * i, value, true));
  return bytes;
}

/** Payload of ADD_MEM_REG and REM_MEM_REG: 8 bytes of padding, then the region. */
function slot({ guestAddress, sizeBytes, userAddress, fileOffset }: FrontEndRegion): Uint8Array {
  return u64s(0n, BigInt(guestAddress), BigInt(sizeBytes), BigInt(userAddress), BigInt(fileOffset));
}
