/**
 * A front-end with a virtio-gpu driver in it: starts a vhost-user GPU back-end as a process and drives its queues, without a VM.
 * For tests of this and other back-ends.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { truncateSync } from "node:fs";
import { GuestMemory, type SegmentId } from "@virtgpu/core/memory";
import {
  BackEndListener,
  type FrontEndRegion,
  type FrontEndSocket,
  VhostUserFrontEnd,
  VirtqueueDriver,
  u32s,
} from "@virtgpu/core/testing";
import {
  VHOST_USER_F_PROTOCOL_FEATURES,
  VhostUserProtocolFeature,
  VhostUserRequest as R,
  VIRTIO_F_EVENT_IDX,
  VIRTIO_F_INDIRECT_DESC,
  VIRTIO_F_RING_RESET,
  VIRTIO_F_VERSION_1,
} from "@virtgpu/core/vhost-user";
import {
  VIRTIO_GPU_CTRL_HDR_BYTES,
  VIRTIO_GPU_F_CONTEXT_INIT,
  VIRTIO_GPU_F_EDID,
  VIRTIO_GPU_F_RESOURCE_BLOB,
  VIRTIO_GPU_F_RESOURCE_UUID,
  VIRTIO_GPU_F_VIRGL,
} from "@virtgpu/core/virtio-gpu";
import { createEventFd, drainEventFd, Poll, pollFds, signalEventFd } from "../native/events.js";
import { closeFd, createMemfd, Mapping } from "../native/memory.js";
import { connectUnix, readInto, recvFds, sendFds, socketPair, writeFrom } from "../native/socket.js";
import { GpuWindow } from "./gpu-window.js";

/** Guest physical address of the first byte, and what the front-end calls it. */
export const RAM_BASE = 0x1000_0000;
const USER_BASE = 0x7f00_0000_0000;
const QUEUE_SIZE = 64;
/** Where requests and answers lie; what is above is free for backing. */
const REQUEST = RAM_BASE + 0x10_0000;
const ANSWER = RAM_BASE + 0x20_0000;
const ANSWER_BYTES = 0x1_0000;
export const FREE = RAM_BASE + 0x40_0000;

/** Which back-end to start, and how. */
export interface GpuFrontEndOptions extends FrontEndOptions {
  readonly command: string;
  /** The command line, given the number of the inherited socket. */
  readonly args: (fd: number) => readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What the front-end has, and what it accepts. */
export interface FrontEndOptions {
  readonly ramBytes?: number;
  /** Seals of the memory file; default SHRINK | GROW | SEAL. */
  readonly seals?: number;
  /** Features to accept, of those offered. Default: all that this front-end knows. */
  readonly accept?: (offered: bigint) => bigint;
  /** Protocol features to accept, of those offered. Default: all that this front-end knows. REPLY_ACK is always accepted. */
  readonly acceptProtocol?: (offered: bigint) => bigint;
}

const bits = (numbers: readonly (bigint | number)[]): bigint =>
  numbers.reduce<bigint>((all, bit) => all | (1n << BigInt(bit)), 0n);

/** Accepting what we do not do would make a back-end wait for it: INFLIGHT_SHMFD, LOG_ALL ... */
const KNOWN_PROTOCOL_FEATURES = bits(Object.values(VhostUserProtocolFeature));
const KNOWN_FEATURES = bits([
  ...[VIRTIO_GPU_F_VIRGL, VIRTIO_GPU_F_EDID, VIRTIO_GPU_F_RESOURCE_UUID, VIRTIO_GPU_F_RESOURCE_BLOB],
  ...[VIRTIO_GPU_F_CONTEXT_INIT, VIRTIO_F_INDIRECT_DESC, VIRTIO_F_EVENT_IDX, VIRTIO_F_VERSION_1],
  ...[VIRTIO_F_RING_RESET, VHOST_USER_F_PROTOCOL_FEATURES],
]);

/** The inherited socket's number in the back-end. */
const SOCKET_FD = 3;

/** A VMM and a guest's driver in one: process or socket, memory, both queues. Must be closed. Waits block the thread, ten seconds at most. */
export class GpuFrontEnd {
  readonly protocol: VhostUserFrontEnd;
  readonly memory = new GuestMemory();
  readonly control: VirtqueueDriver;
  readonly cursor: VirtqueueDriver;
  readonly ram: Mapping;
  readonly ramFd: number;
  /** The front-end's end of the vhost-user socket. */
  readonly socketFd: number;
  /** The front-end's end of the GPU socket, or -1 before `openGpuSocket`. */
  gpuSocketFd = -1;
  readonly offeredFeatures: bigint;
  offeredProtocolFeatures = 0n;
  /** Null: the back-end is somebody else's process. */
  readonly #child: ChildProcess | null;
  readonly #exited: Promise<string>;
  readonly #kicks: readonly [number, number];
  readonly #calls: readonly [number, number];
  readonly #channels: number[] = [];
  #log = "";
  #isOpen = true;

  private constructor(socketFd: number, child: ChildProcess | null, options: FrontEndOptions) {
    this.socketFd = socketFd;
    this.#child = child;
    child?.stderr!.on("data", (text: Buffer) => (this.#log += text.toString("utf8")));
    this.#exited =
      child === null
        ? Promise.resolve("not ours")
        : new Promise((resolve) => {
            child.once("error", (error) => resolve(error.message));
            child.once("close", (code, signal) => resolve(signal ?? `status ${code}`));
          });
    const ramBytes = options.ramBytes ?? 64 << 20;
    this.ramFd = createMemfd("guest-ram", ramBytes, options.seals);
    this.ram = Mapping.map(this.ramFd, 0, ramBytes);
    const segment = { id: 1 as SegmentId, bytes: this.ram.bytes };
    this.memory.replace([
      {
        guestAddress: RAM_BASE,
        sizeBytes: ramBytes,
        userAddress: USER_BASE + RAM_BASE,
        segment,
        segmentOffsetBytes: 0,
      },
    ]);
    this.control = new VirtqueueDriver(this.memory, RAM_BASE, QUEUE_SIZE);
    this.cursor = new VirtqueueDriver(this.memory, RAM_BASE + 0x8000, QUEUE_SIZE);
    this.#kicks = [createEventFd(), createEventFd()];
    this.#calls = [createEventFd(), createEventFd()];
    this.protocol = new VhostUserFrontEnd(socketOf(socketFd));
    this.offeredFeatures = this.#negotiate(options);
    this.startRings();
  }

  /** Starts the back-end and brings it to DRIVER_OK. */
  static start(options: GpuFrontEndOptions): GpuFrontEnd {
    const [ours, theirs] = socketPair();
    const child = spawn(options.command, options.args(SOCKET_FD), {
      stdio: ["ignore", "ignore", "pipe", theirs],
      env: { ...process.env, ...options.env },
    });
    closeFd(theirs);
    return new GpuFrontEnd(ours, child, options);
  }

  /** Connects to a back-end that listens at a path, and brings it to DRIVER_OK. @throws {HostError} ENOENT, ECONNREFUSED */
  static connect(path: string, options: FrontEndOptions = {}): GpuFrontEnd {
    return new GpuFrontEnd(connectUnix(path), null, options);
  }

  /** What the back-end wrote to its standard error. */
  get log(): string {
    return this.#log;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** How the back-end process ended. */
  get exited(): Promise<string> {
    return this.#exited;
  }

  /** Announces memory and rings, also again after a reset; `bases` are the indices to go on from, as `stopRing` gave them. */
  startRings(bases: readonly number[] = [0, 0]): void {
    this.announceMemory();
    [this.control, this.cursor].forEach((driver, i) => {
      this.protocol.startRing(i, QUEUE_SIZE, driver.layout, USER_BASE, this.#kicks[i]!, this.#calls[i]!, bases[i]!);
    });
  }

  /** Cuts the memory file off at a guest address: what a front-end must not do. Needs `seals` without SHRINK. */
  truncateMemory(guestAddress = RAM_BASE): void {
    truncateSync(`/proc/self/fd/${this.ramFd}`, guestAddress - RAM_BASE);
  }

  /** SET_MEM_TABLE, also while the rings run: the same memory in new mappings. */
  announceMemory(): void {
    this.protocol.setMemory([this.ramRegion]);
  }

  /** All of guest memory, for `protocol.addMemory` and `removeMemory`. */
  get ramRegion(): FrontEndRegion {
    const sizeBytes = this.ram.bytes.length;
    return { guestAddress: RAM_BASE, sizeBytes, userAddress: USER_BASE + RAM_BASE, fileOffset: 0, fd: this.ramFd };
  }

  /** Gives the back-end a GPU socket. */
  openGpuSocket(): void {
    const [ours, theirs] = socketPair();
    this.gpuSocketFd = ours;
    this.protocol.send(R.GPU_SET_SOCKET, undefined, [theirs]);
    closeFd(theirs);
  }

  /** The same, and agrees with the back-end on no protocol features: what it sends next is what it shows or asks. */
  openPlainGpuSocket(): void {
    this.openGpuSocket();
    this.readGpuMessage();
    this.replyGpu(1, new Uint8Array(8));
    this.readGpuMessage();
  }

  /** Gives the back-end a socket to ask us on; it has it when this returns. */
  openBackEndChannel(): BackEndListener {
    const [ours, theirs] = socketPair();
    this.#channels.push(ours);
    this.protocol.send(R.SET_BACKEND_REQ_FD, undefined, [theirs]);
    closeFd(theirs);
    this.protocol.getU64(R.GET_QUEUE_NUM);
    return new BackEndListener(socketOf(ours));
  }

  /** Hangs up on every back-end channel. */
  closeBackEndChannels(): void {
    for (const fd of this.#channels.splice(0)) closeFd(fd);
  }

  /** As `openGpuSocket`, with the front-end's side of it, which is the caller's to close. */
  openWindow(): GpuWindow {
    const [ours, theirs] = socketPair();
    this.protocol.send(R.GPU_SET_SOCKET, undefined, [theirs]);
    closeFd(theirs);
    return new GpuWindow(ours);
  }

  /** Sends a control request of little-endian u32s after a header, waits for its answer. */
  request(type: number, words: readonly number[] = [], header: Partial<RequestHeader> = {}): DataView {
    this.submit(type, words, header);
    return this.waitAnswer();
  }

  /** As `request`, without waiting. One request at a time. */
  submit(type: number, words: readonly number[] = [], header: Partial<RequestHeader> = {}): void {
    const view = this.view(REQUEST, VIRTIO_GPU_CTRL_HDR_BYTES + 4 * words.length);
    view.setUint32(0, type, true);
    view.setUint32(4, header.flags ?? 0, true);
    view.setBigUint64(8, header.fenceId ?? 0n, true);
    view.setUint32(16, header.contextId ?? 0, true);
    view.setUint32(20, header.ringIndex ?? 0, true);
    words.forEach((word, i) => view.setUint32(VIRTIO_GPU_CTRL_HDR_BYTES + 4 * i, word >>> 0, true));
    this.view(ANSWER, 4).setUint32(0, 0, true);
    this.control.offer([
      { address: REQUEST, lengthBytes: view.byteLength, isWritable: false },
      { address: ANSWER, lengthBytes: ANSWER_BYTES, isWritable: true },
    ]);
    this.kick(0);
  }

  /** Tells the back-end to look at a queue. */
  kick(index: number): void {
    signalEventFd(this.#kicks[index]!);
  }

  /** Waits until the control queue gives a request back. @throws after `timeoutMs` */
  waitAnswer(timeoutMs = READ_TIMEOUT_MS): DataView {
    const used = this.waitUsed(timeoutMs);
    return this.view(ANSWER, used.writtenBytes);
  }

  /** Waits for the next entry of the control queue's used ring. */
  waitUsed(timeoutMs = READ_TIMEOUT_MS): { head: number; writtenBytes: number } {
    return this.#waitUsed(this.control, this.#calls[0]!, timeoutMs);
  }

  /** Waits for the next entry of the cursor queue's used ring. */
  waitCursorUsed(timeoutMs = READ_TIMEOUT_MS): { head: number; writtenBytes: number } {
    return this.#waitUsed(this.cursor, this.#calls[1]!, timeoutMs);
  }

  #waitUsed(driver: VirtqueueDriver, callFd: number, timeoutMs: number): { head: number; writtenBytes: number } {
    const end = performance.now() + timeoutMs;
    const fds = Int32Array.of(callFd);
    for (;;) {
      driver.expectUsed();
      const used = driver.takeUsed();
      if (used !== null) return used;
      const leftMs = end - performance.now();
      if (leftMs <= 0)
        throw new Error(
          `no answer after ${timeoutMs} ms; the log until this wait began ("exited" gives the rest):\n${this.#log}`,
        );
      pollFds(fds, Int16Array.of(Poll.IN), new Int16Array(1), leftMs * 1000);
      drainEventFd(callFd);
    }
  }

  /** Guest memory. */
  view(guestAddress: number, lengthBytes: number): DataView {
    const at = guestAddress - RAM_BASE;
    return new DataView(this.ram.bytes.buffer, this.ram.bytes.byteOffset + at, lengthBytes);
  }

  /** The next message on the GPU socket: its request and payload. */
  readGpuMessage(): { request: number; payload: Uint8Array } {
    const socket = socketOf(this.gpuSocketFd);
    const header = new DataView(socket.read(12).buffer);
    return { request: header.getUint32(0, true), payload: socket.read(header.getUint32(8, true)) };
  }

  /** Answers on the GPU socket. */
  replyGpu(request: number, payload: Uint8Array): void {
    const bytes = new Uint8Array(12 + payload.length);
    bytes.set(u32s(request, 4, payload.length));
    bytes.set(payload, 12);
    writeFrom(this.gpuSocketFd, bytes, 0, bytes.length);
  }

  /** Disconnects and waits for the process to end. @returns how it ended */
  async close(): Promise<string> {
    if (this.#isOpen) {
      this.#isOpen = false;
      this.closeBackEndChannels();
      for (const fd of [this.socketFd, this.gpuSocketFd, this.ramFd, ...this.#kicks, ...this.#calls])
        if (fd >= 0) closeFd(fd);
      this.ram.release();
    }
    const timer = setTimeout(() => this.#child?.kill("SIGKILL"), 10_000);
    const how = await this.#exited;
    clearTimeout(timer);
    return how;
  }

  #negotiate({ accept, acceptProtocol }: FrontEndOptions): bigint {
    const offered = this.protocol.getU64(R.GET_FEATURES);
    this.offeredProtocolFeatures = this.protocol.getU64(R.GET_PROTOCOL_FEATURES);
    const known = this.offeredProtocolFeatures & KNOWN_PROTOCOL_FEATURES;
    const accepted = acceptProtocol?.(this.offeredProtocolFeatures) ?? known;
    this.protocol.setU64(R.SET_PROTOCOL_FEATURES, accepted | (1n << VhostUserProtocolFeature.REPLY_ACK));
    this.protocol.send(R.SET_OWNER);
    this.protocol.setU64(R.SET_FEATURES, accept?.(offered) ?? offered & KNOWN_FEATURES);
    return offered;
  }
}

/** Fields of `struct virtio_gpu_ctrl_hdr`. */
export interface RequestHeader {
  readonly flags: number;
  readonly fenceId: bigint;
  readonly contextId: number;
  readonly ringIndex: number;
}

/** How long a back-end may take to say something. */
const READ_TIMEOUT_MS = 300_000;

/** A connected Unix socket as the protocol classes of `@virtgpu/core/testing` want it. The descriptor stays the caller's. */
export function socketOf(fd: number): FrontEndSocket {
  /** Reads what is missing from `from` on, and never waits for ever: a test that hangs says nothing. */
  const fill = (bytes: Uint8Array, from: number): void => {
    for (let at = from; at < bytes.length;) {
      if (pollFds(Int32Array.of(fd), Int16Array.of(Poll.IN), new Int16Array(1), READ_TIMEOUT_MS * 1000) === 0)
        throw new Error(`the back-end said nothing for ${READ_TIMEOUT_MS} ms`);
      const count = readInto(fd, bytes, at, bytes.length - at);
      if (count === 0) throw new Error("the back-end closed its socket");
      at += count;
    }
  };
  return {
    send: (message, fds) => void sendFds(fd, message, 0, message.length, fds),
    read(lengthBytes) {
      const bytes = new Uint8Array(lengthBytes);
      fill(bytes, 0);
      return bytes;
    },
    readWithFds(lengthBytes) {
      const bytes = new Uint8Array(lengthBytes);
      if (pollFds(Int32Array.of(fd), Int16Array.of(Poll.IN), new Int16Array(1), READ_TIMEOUT_MS * 1000) === 0)
        throw new Error(`the back-end said nothing for ${READ_TIMEOUT_MS} ms`);
      const { bytes: received, fds } = recvFds(fd, bytes, 0, lengthBytes, 8);
      if (received === 0) throw new Error("the back-end closed its socket");
      fill(bytes, received);
      return { bytes, fds };
    },
  };
}
