import * as v from "../vtest/index.js";
import { CaptureReader } from "./capture-reader.js";
import { RecordKind } from "./format.js";
import { presentPixelBytes, type CapturedFrame } from "./frame.js";
import type { FdMapper, MappedMemory, VtestUpstream } from "./upstream.js";

/** What is played, to whom, and who looks on. Everything stays the caller's. */
export interface PlayerOptions {
  /** A whole capture, decompressed. */
  readonly capture: Uint8Array;
  /** A fresh connection to a vtest server. */
  readonly server: VtestUpstream;
  readonly mapper: FdMapper;
  /** Every presented frame, in order. Return false to stop there. */
  readonly onFrame?: (frame: CapturedFrame) => boolean | void;
  /** Caps as the server sent them, per capset (1 or 2). Borrowed until return. */
  readonly onCaps?: (capset: number, bytes: Uint8Array) => void;
}

/** What was played, until the end or the failure. Counts are of this capture alone. */
export interface PlayResult {
  readonly messages: number;
  readonly submissions: number;
  readonly frames: number;
  /** Bytes of shared memory that were written for the client. */
  readonly memoryBytes: number;
  /** Frames counted while recording; -1 when the capture was cut. */
  readonly recordedFrames: number;
  /** Why it stopped early, as a sentence; null when the whole capture was played. */
  readonly failure: string | null;
}

/**
 * Plays a capture to a server as fast as it answers. Waits for an answer exactly where the client did, and adds one wait
 * only where a frame's pixels are needed and the client did not ask before it went on.
 *
 * Blocks. The server's connection is not closed.
 * @throws {CaptureFormatError} for a damaged capture.
 */
export function playCapture(options: PlayerOptions): PlayResult {
  return new Player(options).run();
}

interface PlayedResource {
  readonly bind: number;
  readonly format: number;
  readonly width: number;
  readonly height: number;
  readonly memory: MappedMemory | null;
}

const MAX_REPLY_BYTES = 1 << 30;

class Player {
  readonly #options: PlayerOptions;
  readonly #reader: CaptureReader;
  readonly #resources = new Map<number, PlayedResource>();
  readonly #waitMessage = Uint32Array.of(
    v.VCMD_BUSY_WAIT_SIZE,
    v.VCMD_RESOURCE_BUSY_WAIT,
    0,
    v.VCMD_BUSY_WAIT_FLAG_WAIT,
  );
  #reply = new Uint8Array(4096);
  #words = new Uint32Array(16);
  /** Resource whose readback was asked for and not awaited yet; 0: none. */
  #pendingFrame = 0;
  #messages = 0;
  #submissions = 0;
  #frames = 0;
  #memoryBytes = 0;
  #recordedFrames = -1;
  #failure: string | null = null;
  #isStopped = false;

  constructor(options: PlayerOptions) {
    this.#options = options;
    this.#reader = new CaptureReader(options.capture);
  }

  run(): PlayResult {
    const reader = this.#reader;
    try {
      while (this.#failure === null && !this.#isStopped && reader.next()) {
        if (reader.kind === RecordKind.MESSAGE) this.#play(reader.payload);
        else if (reader.kind === RecordKind.MEMORY) this.#writeMemory();
        else if (reader.kind === RecordKind.END) this.#recordedFrames = reader.word(1);
      }
      if (this.#failure === null && !this.#isStopped) this.#settleFrame();
    } finally {
      for (const resource of this.#resources.values()) resource.memory?.release();
    }
    return {
      messages: this.#messages,
      submissions: this.#submissions,
      frames: this.#frames,
      memoryBytes: this.#memoryBytes,
      recordedFrames: this.#recordedFrames,
      failure: this.#failure,
    };
  }

  #writeMemory(): void {
    const memory = this.#resources.get(this.#reader.resourceId)?.memory ?? null;
    if (memory === null) return;
    this.#reader.applyMemory(memory.bytes);
    this.#memoryBytes += this.#reader.payload.length;
  }

  #play(message: Uint8Array): void {
    const words = this.#wordsOf(message);
    const id = words[v.VTEST_CMD_ID]!;
    if (this.#pendingFrame !== 0 && this.#disturbsFrame(id, words)) this.#settleFrame();
    if (this.#failure !== null || this.#isStopped) return;
    this.#messages += 1;
    if (id === v.VCMD_SUBMIT_CMD) this.#submissions += 1;
    if (id === v.VCMD_RESOURCE_UNREF) this.#unref(words[v.VTEST_HDR_SIZE]!);
    if (!this.#options.server.write(message, 0, message.length)) {
      this.#failure = `the server closed the connection at message ${this.#messages} (${v.vtestCommandName(id)})`;
      return;
    }
    this.#await(id, words);
  }

  /** The first words of a message: enough for every fixed payload. */
  #wordsOf(message: Uint8Array): Uint32Array {
    const count = Math.min(16, message.length >>> 2);
    const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
    this.#words.fill(0);
    for (let i = 0; i < count; i++) this.#words[i] = view.getUint32(i * 4, true);
    return this.#words;
  }

  /** Whether the pixels that wait in shared memory could be gone after this message. */
  #disturbsFrame(id: number, words: Uint32Array): boolean {
    const resourceId = words[v.VTEST_HDR_SIZE]!;
    if (id === v.VCMD_TRANSFER_GET2 || id === v.VCMD_RESOURCE_UNREF) return resourceId === this.#pendingFrame;
    return false;
  }

  /** Reads what the server answers, where it answers. */
  #await(id: number, words: Uint32Array): void {
    const at = v.VTEST_HDR_SIZE;
    switch (id) {
      case v.VCMD_GET_CAPS:
      case v.VCMD_GET_CAPS2:
        return this.#receiveCaps(id === v.VCMD_GET_CAPS2 ? 2 : 1);
      case v.VCMD_PING_PROTOCOL_VERSION:
        this.#receive(0, v.VTEST_HDR_BYTES);
        return;
      case v.VCMD_PROTOCOL_VERSION:
        return this.#receiveVersion();
      case v.VCMD_RESOURCE_BUSY_WAIT:
        if (this.#receive(0, v.VTEST_HDR_BYTES + 4) && this.#pendingFrame !== 0) this.#emitShared();
        return;
      case v.VCMD_RESOURCE_CREATE:
        return this.#addResource(words, 0);
      case v.VCMD_RESOURCE_CREATE2:
        return this.#addResource(words, words[at + v.VCMD_RES_CREATE2_DATA_SIZE]!);
      case v.VCMD_TRANSFER_GET2:
        if (this.#isPresent(words, at + v.VCMD_TRANSFER2_X, at + v.VCMD_TRANSFER2_WIDTH))
          this.#pendingFrame = words[at]!;
        return;
      case v.VCMD_TRANSFER_GET:
        return this.#receivePixels(words);
    }
  }

  #receiveCaps(capset: number): void {
    if (!this.#receive(0, v.VTEST_HDR_BYTES)) return;
    const size = new DataView(this.#reply.buffer).getUint32(0, true) - 1;
    if (size < 0 || size > 1 << 20) {
      this.#failure = `the server answered caps of ${size} bytes`;
      return;
    }
    if (this.#receive(0, size)) this.#options.onCaps?.(capset, this.#reply.subarray(0, size));
  }

  #receiveVersion(): void {
    const wanted = this.#words[v.VTEST_HDR_SIZE]!;
    if (!this.#receive(0, v.VTEST_HDR_BYTES + 4)) return;
    const version = new DataView(this.#reply.buffer).getUint32(v.VTEST_HDR_BYTES, true);
    // Servers answer 1 by 0: the messages are the same.
    const expected = wanted === 1 ? 0 : wanted;
    if (version !== expected) this.#failure = `the server speaks protocol ${version}; the capture needs ${expected}`;
  }

  #addResource(words: Uint32Array, dataSizeBytes: number): void {
    const at = v.VTEST_HDR_SIZE;
    const id = words[at + v.VCMD_RES_CREATE_RES_HANDLE]!;
    let memory: MappedMemory | null = null;
    if (dataSizeBytes > 0) {
      const fd = this.#options.server.receiveFd();
      if (fd < 0) {
        this.#failure = `the server sent no descriptor for resource ${id} (message ${this.#messages})`;
        return;
      }
      memory = this.#options.mapper.map(fd, dataSizeBytes);
      this.#options.mapper.close(fd);
      if (memory === null) this.#failure = `the memory of resource ${id} cannot be mapped`;
    }
    this.#resources.get(id)?.memory?.release();
    this.#resources.set(id, {
      bind: words[at + v.VCMD_RES_CREATE_BIND]!,
      format: words[at + v.VCMD_RES_CREATE_FORMAT]!,
      width: words[at + v.VCMD_RES_CREATE_WIDTH]!,
      height: words[at + v.VCMD_RES_CREATE_HEIGHT]!,
      memory,
    });
  }

  #unref(id: number): void {
    this.#resources.get(id)?.memory?.release();
    this.#resources.delete(id);
  }

  #isPresent(words: Uint32Array, origin: number, extent: number): boolean {
    const resource = this.#resources.get(words[v.VTEST_HDR_SIZE]!);
    if (resource === undefined || presentPixelBytes(resource.format) === 0) return false;
    const level = words[v.VTEST_HDR_SIZE + v.VCMD_TRANSFER2_LEVEL]!;
    return v.isPresent(resource, level, words[origin]!, words[origin + 1]!, words[extent]!, words[extent + 1]!);
  }

  #receivePixels(words: Uint32Array): void {
    const at = v.VTEST_HDR_SIZE;
    const size = words[at + v.VCMD_TRANSFER_DATA_SIZE]!;
    const isFrame = this.#isPresent(words, at + v.VCMD_TRANSFER_X, at + v.VCMD_TRANSFER_WIDTH);
    const id = words[at]!;
    if (this.#receive(0, size) && isFrame) this.#emit(id, this.#reply.subarray(0, size));
  }

  /** Makes sure that a pending frame's pixels have arrived, and hands them out. */
  #settleFrame(): void {
    if (this.#pendingFrame === 0) return;
    const wait = new Uint8Array(this.#waitMessage.buffer);
    if (!this.#options.server.write(wait, 0, wait.length)) this.#failure = "the server closed the connection";
    else if (this.#receive(0, v.VTEST_HDR_BYTES + 4)) this.#emitShared();
  }

  #emitShared(): void {
    const id = this.#pendingFrame;
    this.#pendingFrame = 0;
    const memory = this.#resources.get(id)?.memory ?? null;
    if (memory !== null) this.#emit(id, memory.bytes);
  }

  #emit(resourceId: number, bytes: Uint8Array): void {
    const { format, width, height } = this.#resources.get(resourceId)!;
    const size = width * height * presentPixelBytes(format);
    if (bytes.length < size) return;
    const frame = { index: this.#frames, resourceId, width, height, format, pixels: bytes.subarray(0, size) };
    this.#frames += 1;
    if (this.#options.onFrame?.(frame) === false) this.#isStopped = true;
  }

  #receive(at: number, lengthBytes: number): boolean {
    if (lengthBytes > MAX_REPLY_BYTES) {
      this.#failure = `the capture asks for an answer of ${lengthBytes} bytes`;
      return false;
    }
    if (at + lengthBytes > this.#reply.length) this.#reply = new Uint8Array((at + lengthBytes) * 2);
    if (this.#options.server.readExact(this.#reply, at, lengthBytes) === lengthBytes) return true;
    this.#failure = `the server closed the connection after message ${this.#messages}`;
    return false;
  }
}
