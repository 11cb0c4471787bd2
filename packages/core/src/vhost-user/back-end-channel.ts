/**
 * What a back-end asks of its front-end, over the socket of SET_BACKEND_REQ_FD. No sockets here: the caller sends and reads whole
 * messages. Source: QEMU `docs/interop/vhost-user.rst`: Back-end message types. Replies come in the order of the requests.
 */
import type { Logger } from "../base/index.js";
import type { Fd } from "./port.js";
import * as p from "./protocol.js";
import type { SessionOutcome } from "./session.js";

const B = p.VhostUserBackEndRequest;
const F = p.VhostUserProtocolFeature;

/** Requests without a reply yet: a front-end that never answers is not asked for ever. */
const MAX_PENDING = 1024;

/** A piece of a shared memory region (`struct VhostUserMMap`). */
export interface SharedMemoryRange {
  /** Shared memory id (virtio-gpu: `VIRTIO_GPU_SHM_ID_HOST_VISIBLE`). */
  readonly shmId: number;
  readonly shmOffset: number;
  readonly lengthBytes: number;
}

interface Pending {
  readonly request: number;
  /** @param value 0: done. @param fd of a look-up; its owner is whoever is called */
  readonly done: (value: bigint, fd: Fd | null) => void;
}

/** How the channel reaches its front-end. */
export interface BackEndChannelOptions {
  /** Sends a whole message. The descriptors stay the caller's. @returns false: the front-end does not take it, the channel is lost */
  readonly send: (message: Uint8Array, fds: readonly number[]) => boolean;
  /** Whether a protocol feature was negotiated: asked at each request. */
  readonly hasProtocolFeature: (bit: bigint) => boolean;
  readonly closeFd: (fd: Fd) => void;
  readonly logger: Logger;
}

/** Requests to the front-end. What was not negotiated is answered with a refusal at once, by callback; nothing waits. */
export class BackEndChannel {
  readonly #options: BackEndChannelOptions;
  readonly #pending: Pending[] = [];
  #isOpen = true;

  constructor(options: BackEndChannelOptions) {
    this.#options = options;
  }

  /** Whether memory can be mapped for the guest. */
  get canMap(): boolean {
    return this.#isOpen && this.#has(F.SHMEM) && this.#has(F.BACKEND_SEND_FD);
  }

  /** CONFIG_CHANGE_MSG: the configuration space has changed. */
  configChanged(): void {
    if (this.#has(F.CONFIG)) this.#ask(B.CONFIG_CHANGE_MSG, new Uint8Array(0), [], null);
  }

  /** SHARED_OBJECT_ADD: other devices may have the object with this UUID (16 bytes) from us. */
  addObject(uuid: Uint8Array): void {
    if (this.#has(F.SHARED_OBJECT)) this.#ask(B.SHARED_OBJECT_ADD, uuid.slice(0, p.VHOST_USER_UUID_BYTES), [], null);
  }

  /** SHARED_OBJECT_REMOVE. */
  removeObject(uuid: Uint8Array): void {
    if (this.#has(F.SHARED_OBJECT)) this.#ask(B.SHARED_OBJECT_REMOVE, uuid.slice(0, p.VHOST_USER_UUID_BYTES), [], null);
  }

  /** SHARED_OBJECT_LOOKUP: another device's object. `done` gets its descriptor, which it owns, or null. */
  lookUpObject(uuid: Uint8Array, done: (fd: Fd | null) => void): void {
    if (!this.#has(F.SHARED_OBJECT)) {
      done(null);
      return;
    }
    const finish = (value: bigint, fd: Fd | null): void => {
      if (value === 0n || fd === null) {
        done(fd);
        return;
      }
      this.#options.closeFd(fd);
      done(null);
    };
    this.#ask(B.SHARED_OBJECT_LOOKUP, uuid.slice(0, p.VHOST_USER_UUID_BYTES), [], finish);
  }

  /** SHMEM_MAP: shows `fd` from `fdOffset` on, for reading and writing. */
  map(range: SharedMemoryRange, fd: number, fdOffset: number, done: (isMapped: boolean) => void): void {
    this.#move(B.SHMEM_MAP, range, fdOffset, p.VHOST_USER_MMAP_RW, [fd], done);
  }

  /** SHMEM_UNMAP: takes away what one `map` has shown. */
  unmap(range: SharedMemoryRange, done: (isUnmapped: boolean) => void): void {
    this.#move(B.SHMEM_UNMAP, range, 0, 0n, [], done);
  }

  /**
   * Takes one reply. `payload` is borrowed; `fds` belong to the channel from here on. When the reply breaks the protocol, the caller
   * closes the channel; the device goes on without.
   */
  handle(request: number, flags: number, payload: Uint8Array, fds: Fd[]): SessionOutcome {
    const refusal = this.#checkReply(request, flags, payload);
    if (refusal !== null) {
      for (const fd of fds) this.#options.closeFd(fd);
      return { ok: false, reason: refusal };
    }
    const { done } = this.#pending.shift()!;
    const takesFd = request === B.SHARED_OBJECT_LOOKUP;
    const fd = takesFd ? (fds.shift() ?? null) : null;
    for (const other of fds) this.#options.closeFd(other);
    done(new DataView(payload.buffer, payload.byteOffset).getBigUint64(0, true), fd);
    return { ok: true };
  }

  /** The socket is gone: what is under way has failed, and nothing more is asked. */
  close(): void {
    this.#isOpen = false;
    for (const { done } of this.#pending.splice(0)) done(1n, null);
  }

  #has(bit: bigint): boolean {
    return this.#options.hasProtocolFeature(F.BACKEND_REQ) && this.#options.hasProtocolFeature(bit);
  }

  #checkReply(request: number, flags: number, payload: Uint8Array): string | null {
    const name = p.vhostUserBackEndRequestName(request);
    const expected = this.#pending[0];
    if ((flags & p.VHOST_USER_VERSION_MASK) !== p.VHOST_USER_VERSION || (flags & p.VHOST_USER_REPLY) === 0)
      return `${name}: flags 0x${flags.toString(16)} of a reply`;
    if (expected === undefined) return `${name}: a reply to nothing`;
    if (expected.request !== request) return `a reply to ${name} instead of ${expected.request}`;
    return payload.length === 8 ? null : `${name}: a reply of ${payload.length} bytes`;
  }

  #move(
    request: number,
    range: SharedMemoryRange,
    fdOffset: number,
    flags: bigint,
    fds: readonly number[],
    done: (isDone: boolean) => void,
  ): void {
    if (!this.canMap) {
      done(false);
      return;
    }
    const payload = new Uint8Array(p.VHOST_USER_MMAP_BYTES);
    const view = new DataView(payload.buffer);
    view.setUint8(0, range.shmId);
    view.setBigUint64(8, BigInt(fdOffset), true);
    view.setBigUint64(16, BigInt(range.shmOffset), true);
    view.setBigUint64(24, BigInt(range.lengthBytes), true);
    view.setBigUint64(32, flags, true);
    // Without REPLY_ACK there is no answer: the guest may look before the front-end has mapped.
    if (this.#has(F.REPLY_ACK)) this.#ask(request, payload, fds, (value) => done(value === 0n));
    else done(this.#ask(request, payload, fds, null));
  }

  /** @returns false when it could not be asked; `done` has then been called */
  #ask(request: number, payload: Uint8Array, fds: readonly number[], done: Pending["done"] | null): boolean {
    if (!this.#isOpen || this.#pending.length >= MAX_PENDING) {
      done?.(1n, null);
      return false;
    }
    const message = new Uint8Array(p.VHOST_USER_HEADER_BYTES + payload.length);
    const view = new DataView(message.buffer);
    view.setUint32(0, request, true);
    view.setUint32(4, p.VHOST_USER_VERSION | (done === null ? 0 : p.VHOST_USER_NEED_REPLY), true);
    view.setUint32(8, payload.length, true);
    message.set(payload, p.VHOST_USER_HEADER_BYTES);
    if (done !== null) this.#pending.push({ request, done });
    if (this.#options.send(message, fds)) return true;
    this.#options.logger.error("The front-end no longer takes requests of the back-end: the channel is given up.");
    this.close();
    return false;
  }
}
