/**
 * The front-end's side of the vhost-user-gpu socket, for testing back-ends without a VMM. Source: QEMU
 * `docs/interop/vhost-user-gpu.rst`. Reads only when it is asked to, so a window that does not keep up can be played.
 */
import { u32s } from "@virtgpu/core/testing";
import { Poll, pollFds } from "../native/events.js";
import { closeFd, Mapping } from "../native/memory.js";
import { recvFds, writeFrom } from "../native/socket.js";

/** One message of the back-end. The descriptors belong to whoever takes the message. */
export interface GpuMessage {
  readonly request: number;
  readonly payload: Uint8Array;
  readonly fds: readonly number[];
}

/** The u32s of a payload. */
export function wordsOf(payload: Uint8Array): Uint32Array {
  return new Uint32Array(Uint8Array.from(payload).buffer, 0, payload.length >> 2);
}

const HEADER_BYTES = 12;
const FLAG_REPLY = 4;
const CHUNK_BYTES = 1 << 18;
const MAX_FDS = 4;

/** Takes the back-end's messages one by one, and answers them, rightly or wrongly. Must be closed. */
export class GpuWindow {
  readonly fd: number;
  readonly #chunk = new Uint8Array(CHUNK_BYTES);
  #pieces: Uint8Array[] = [];
  #length = 0;
  #fds: number[] = [];

  /** Takes the socket over. */
  constructor(fd: number) {
    this.fd = fd;
  }

  /** The next message if it has come whole; never waits. */
  take(): GpuMessage | null {
    while (!this.#isWhole() && this.#isReadable(0)) if (!this.#read()) break;
    if (!this.#isWhole()) return null;
    const bytes = this.#joined();
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const end = HEADER_BYTES + view.getUint32(8, true);
    const rest = bytes.subarray(end);
    this.#pieces = [rest];
    this.#length = rest.length;
    const payload = Uint8Array.from(bytes.subarray(HEADER_BYTES, end));
    return { request: view.getUint32(0, true), payload, fds: this.#fds.splice(0) };
  }

  /** The next message. @throws after `timeoutMs` */
  wait(timeoutMs = 10_000): GpuMessage {
    const end = performance.now() + timeoutMs;
    for (;;) {
      const message = this.take();
      if (message !== null) return message;
      const leftMs = end - performance.now();
      if (leftMs <= 0) throw new Error(`no message on the GPU socket after ${timeoutMs} ms`);
      this.#isReadable(leftMs);
    }
  }

  /** Answers. */
  reply(request: number, payload: Uint8Array = new Uint8Array(0)): void {
    const bytes = new Uint8Array(HEADER_BYTES + payload.length);
    bytes.set(u32s(request, FLAG_REPLY, payload.length));
    bytes.set(payload, HEADER_BYTES);
    writeFrom(this.fd, bytes, 0, bytes.length);
  }

  /** Answers GET_PROTOCOL_FEATURES. @returns what the back-end chose */
  negotiate(features: number): number {
    const question = this.wait();
    if (question.request !== 1) throw new Error(`the first message is ${question.request}`);
    this.reply(1, u32s(features, 0));
    const choice = this.wait();
    if (choice.request !== 2) throw new Error(`the second message is ${choice.request}`);
    return wordsOf(choice.payload)[0]!;
  }

  /** Answers GET_DISPLAY_INFO with the sizes of the first scanouts; the others are off. */
  replyDisplayInfo(...sizes: readonly (readonly [number, number])[]): void {
    const info = new Uint8Array(24 + 16 * 24);
    const words = new Uint32Array(info.buffer);
    sizes.forEach(([width, height], i) => words.set([0, 0, width, height, 1], 6 + 6 * i));
    this.reply(3, info);
  }

  /** Answers GET_EDID. */
  replyEdid(edid: Uint8Array): void {
    const reply = new Uint8Array(24 + 8 + 1024);
    new DataView(reply.buffer).setUint32(24, edid.length, true);
    reply.set(edid, 32);
    this.reply(11, reply);
  }

  close(): void {
    for (const fd of this.#fds.splice(0)) closeFd(fd);
    closeFd(this.fd);
  }

  #isWhole(): boolean {
    if (this.#length < HEADER_BYTES) return false;
    const bytes = this.#joined();
    return bytes.length >= HEADER_BYTES + new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true);
  }

  #joined(): Uint8Array {
    if (this.#pieces.length !== 1) this.#pieces = [Buffer.concat(this.#pieces, this.#length)];
    return this.#pieces[0]!;
  }

  #isReadable(timeoutMs: number): boolean {
    return pollFds(Int32Array.of(this.fd), Int16Array.of(Poll.IN), new Int16Array(1), timeoutMs * 1000) > 0;
  }

  /** @returns false at the end of the stream */
  #read(): boolean {
    const { bytes, fds } = recvFds(this.fd, this.#chunk, 0, CHUNK_BYTES, MAX_FDS);
    this.#fds.push(...fds);
    if (bytes === 0) return false;
    this.#pieces.push(this.#chunk.slice(0, bytes));
    this.#length += bytes;
    return true;
  }
}

/** Maps a buffer that came with DMABUF_SCANOUT, for looking at its pixels. Takes the descriptor over. */
export function mapBuffer(fd: number, lengthBytes: number): Mapping {
  const mapping = Mapping.map(fd, 0, lengthBytes, false);
  closeFd(fd);
  return mapping;
}
