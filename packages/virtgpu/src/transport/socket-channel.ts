/**
 * A blocking `VtestChannel` over a connected Unix socket. Small reads are served from a buffer, so that a message costs
 * one system call where it can; large ones go straight to their target. While it waits, it also watches one other
 * descriptor (the server's), so that a client process hears its server and ends with it.
 */
import type { VtestChannel } from "@virtgpu/core/vtest";
import { addon } from "../native/addon.js";
import { pollFds, Poll } from "../native/events.js";

/** Holds a small frame's messages, submission included (Mesa's begin at 4 KiB), so that one read brings them all. */
const BUFFER_BYTES = 16_384;

/** Called when the watched descriptor has something to say. False: stop waiting, the session ends. */
export type OnWatched = () => boolean;

/** The channel of a client process. Errors of the socket are the end of the stream. */
export class SocketChannel implements VtestChannel {
  readonly #fd: number;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #start = 0;
  #end = 0;
  readonly #pollFds: Int32Array;
  readonly #pollEvents: Int16Array;
  readonly #pollResults: Int16Array;
  readonly #sentFd = new Int32Array(1);
  readonly #onWatched: OnWatched;
  readonly #native = addon();

  /**
   * @param fd a blocking socket; stays the caller's to close.
   * @param watchedFd -1 for none.
   */
  constructor(fd: number, watchedFd = -1, onWatched: OnWatched = () => true) {
    this.#fd = fd;
    this.#onWatched = onWatched;
    this.#pollFds = watchedFd < 0 ? Int32Array.of(fd) : Int32Array.of(fd, watchedFd);
    this.#pollEvents = new Int16Array(this.#pollFds.length).fill(Poll.IN);
    this.#pollResults = new Int16Array(this.#pollFds.length);
  }

  readExact(target: Uint8Array, offsetBytes: number, lengthBytes: number): number {
    let done = this.#fromBuffer(target, offsetBytes, lengthBytes);
    while (done < lengthBytes) {
      const missing = lengthBytes - done;
      if (missing >= BUFFER_BYTES) {
        const count = this.#read(target, offsetBytes + done, missing);
        if (count <= 0) return done;
        done += count;
      } else {
        this.#start = 0;
        this.#end = Math.max(0, this.#read(this.#buffer, 0, BUFFER_BYTES));
        if (this.#end === 0) return done;
        done += this.#fromBuffer(target, offsetBytes + done, missing);
      }
    }
    return done;
  }

  write(source: Uint8Array, offsetBytes: number, lengthBytes: number): boolean {
    return this.#native.writeFrom(this.#fd, source, offsetBytes, lengthBytes) >= 0;
  }

  writeWithFd(source: Uint8Array, offsetBytes: number, lengthBytes: number, fd: number): boolean {
    this.#sentFd[0] = fd;
    return this.#native.sendFds(this.#fd, source, offsetBytes, lengthBytes, this.#sentFd) >= 0;
  }

  #fromBuffer(target: Uint8Array, offsetBytes: number, lengthBytes: number): number {
    const count = Math.min(lengthBytes, this.#end - this.#start);
    if (count === 0) return 0;
    // A loop for headers: a subarray is an allocation.
    if (count <= 64) for (let i = 0; i < count; i++) target[offsetBytes + i] = this.#buffer[this.#start + i]!;
    else target.set(this.#buffer.subarray(this.#start, this.#start + count), offsetBytes);
    this.#start += count;
    return count;
  }

  /** Bytes read, 0 when the peer has closed, is broken, or the watcher ended the wait. */
  #read(target: Uint8Array, offsetBytes: number, lengthBytes: number): number {
    if (this.#pollFds.length === 2 && !this.#wait()) return 0;
    return Math.max(0, this.#native.readInto(this.#fd, target, offsetBytes, lengthBytes));
  }

  /** Waits until the client has sent something, serving the watched descriptor meanwhile. False: the session ends. */
  #wait(): boolean {
    for (;;) {
      pollFds(this.#pollFds, this.#pollEvents, this.#pollResults, -1);
      if (this.#pollResults[1] !== 0 && !this.#onWatched()) return false;
      if (this.#pollResults[0] !== 0) return true;
    }
  }
}
