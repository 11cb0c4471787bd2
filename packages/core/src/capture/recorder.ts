import type { Logger } from "../base/index.js";
import { CapsReader } from "../virgl/index.js";
import { asciiText } from "../wire/index.js";
import * as v from "../vtest/index.js";
import type { CaptureWriter } from "./capture-writer.js";
import { MessageReader } from "./message-reader.js";
import { PageDelta } from "./page-delta.js";
import { resourcesReadBy } from "./server-reads.js";
import type { FdMapper, MappedMemory, VtestUpstream } from "./upstream.js";

/** Between whom to stand, and where to write. Everything stays the caller's; the writer is given its end record. */
export interface RecorderOptions {
  /** The connection from the client, as a server has it. */
  readonly client: v.VtestChannel;
  /** A fresh connection to the server that does the work. */
  readonly server: VtestUpstream;
  readonly mapper: FdMapper;
  readonly writer: CaptureWriter;
  readonly logger: Logger;
  /** Longest message taken from the client. Default 256 MiB. */
  readonly maxMessageBytes?: number;
}

/** What was recorded when the session ended: all of it is in the capture, also after a failure. */
export interface RecordResult {
  readonly messages: number;
  readonly frames: number;
  /** Why it ended, as a sentence; null when the client closed in order. */
  readonly failure: string | null;
}

interface RecordedResource {
  readonly bind: number;
  readonly width: number;
  readonly height: number;
  readonly memory: MappedMemory | null;
  readonly delta: PageDelta | null;
}

/**
 * Stands between a client and a vtest server, passes everything on, and writes it down. Shared memory is compared just
 * before a message that makes the server read it, so that the capture holds what the server saw. The client is kept at
 * protocol version 2, in which it chooses the resource ids itself, so that a capture plays on any server.
 *
 * Blocks until the client goes. Server and client are not closed.
 */
export function recordSession(options: RecorderOptions): RecordResult {
  return new Recorder(options).run();
}

const DEFAULT_MAX_MESSAGE_BYTES = 256 * 1024 * 1024;

class Recorder {
  readonly #options: RecorderOptions;
  readonly #reader: MessageReader;
  readonly #resources = new Map<number, RecordedResource>();
  readonly #read = new Set<number>();
  #reply = new Uint8Array(4096);
  #messages = 0;
  #frames = 0;
  #failure: string | null = null;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#reader = new MessageReader(options.client, options.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES);
  }

  run(): RecordResult {
    try {
      while (this.#failure === null && this.#reader.read()) this.#pass();
      this.#failure ??= this.#reader.failure;
    } finally {
      for (const resource of this.#resources.values()) resource.memory?.release();
      this.#resources.clear();
      this.#options.writer.end(this.#messages, this.#frames);
    }
    return { messages: this.#messages, frames: this.#frames, failure: this.#failure };
  }

  #pass(): void {
    const { server, writer } = this.#options;
    const reader = this.#reader;
    this.#messages += 1;
    if (reader.id === v.VCMD_PROTOCOL_VERSION) clampVersion(reader.words);
    this.#recordMemory();
    writer.message(reader.bytes);
    this.#note();
    if (!server.write(reader.bytes, 0, reader.sizeBytes)) this.#failure ??= "the server closed the connection";
    else this.#answer();
  }

  #recordMemory(): void {
    resourcesReadBy(this.#reader.id, this.#reader.words, this.#reader.sizeBytes, this.#read);
    for (const id of this.#read) {
      const delta = this.#resources.get(id)?.delta ?? null;
      if (delta === null) continue;
      const runs = delta.take();
      if (runs.count > 0) this.#options.writer.memory(id, delta.snapshot, runs);
    }
  }

  /** Keeps what later messages need: resource sizes, frames, the client's name. */
  #note(): void {
    const { id, words } = this.#reader;
    const at = v.VTEST_HDR_SIZE;
    if (id === v.VCMD_RESOURCE_UNREF) {
      const resourceId = words[at + v.VCMD_RES_UNREF_RES_HANDLE]!;
      this.#resources.get(resourceId)?.memory?.release();
      this.#resources.delete(resourceId);
    } else if (id === v.VCMD_TRANSFER_GET2) {
      this.#noteReadback(words, at + v.VCMD_TRANSFER2_X, at + v.VCMD_TRANSFER2_WIDTH);
    } else if (id === v.VCMD_TRANSFER_GET) {
      this.#noteReadback(words, at + v.VCMD_TRANSFER_X, at + v.VCMD_TRANSFER_WIDTH);
    } else if (id === v.VCMD_CREATE_RENDERER) {
      this.#options.writer.info({ client: asciiText(this.#reader.bytes.subarray(v.VTEST_HDR_BYTES)) });
    }
  }

  #noteReadback(words: Uint32Array, origin: number, extent: number): void {
    const resource = this.#resources.get(words[v.VTEST_HDR_SIZE + v.VCMD_TRANSFER_RES_HANDLE]!);
    if (resource === undefined) return;
    const level = words[v.VTEST_HDR_SIZE + v.VCMD_TRANSFER_LEVEL]!;
    const isFrame = v.isPresent(
      resource,
      level,
      words[origin]!,
      words[origin + 1]!,
      words[extent]!,
      words[extent + 1]!,
    );
    if (isFrame) this.#frames += 1;
  }

  /** Fetches the server's answer, if this message has one, and passes it on. */
  #answer(): void {
    const { id, words } = this.#reader;
    const at = v.VTEST_HDR_SIZE;
    switch (id) {
      case v.VCMD_GET_CAPS:
      case v.VCMD_GET_CAPS2:
        return this.#passCaps(id === v.VCMD_GET_CAPS2);
      case v.VCMD_PING_PROTOCOL_VERSION:
        return this.#passReply(v.VTEST_HDR_BYTES);
      case v.VCMD_PROTOCOL_VERSION:
      case v.VCMD_RESOURCE_BUSY_WAIT:
        return this.#passReply(v.VTEST_HDR_BYTES + 4);
      case v.VCMD_TRANSFER_GET:
        return this.#passReply(words[at + v.VCMD_TRANSFER_DATA_SIZE]!);
      case v.VCMD_RESOURCE_CREATE:
        return this.#addResource(0);
      case v.VCMD_RESOURCE_CREATE2:
        return this.#addResource(words[at + v.VCMD_RES_CREATE2_DATA_SIZE]!);
    }
  }

  #passCaps(isV2: boolean): void {
    if (!this.#receive(0, v.VTEST_HDR_BYTES)) return;
    const size = new DataView(this.#reply.buffer).getUint32(0, true) - 1;
    if (size < 0 || size > 1 << 20) {
      this.#failure ??= `the server answered caps of ${size} bytes`;
      return;
    }
    if (!this.#receive(v.VTEST_HDR_BYTES, size)) return;
    const caps = this.#reply.subarray(v.VTEST_HDR_BYTES, v.VTEST_HDR_BYTES + size);
    if (isV2) this.#options.writer.info({ server: new CapsReader(caps).renderer });
    this.#send(v.VTEST_HDR_BYTES + size);
  }

  #passReply(sizeBytes: number): void {
    if (this.#receive(0, sizeBytes)) this.#send(sizeBytes);
  }

  #addResource(dataSizeBytes: number): void {
    const { words } = this.#reader;
    const at = v.VTEST_HDR_SIZE;
    const resourceId = words[at + v.VCMD_RES_CREATE_RES_HANDLE]!;
    const memory = dataSizeBytes === 0 ? null : this.#passFd(resourceId, dataSizeBytes);
    this.#resources.get(resourceId)?.memory?.release();
    this.#resources.set(resourceId, {
      bind: words[at + v.VCMD_RES_CREATE_BIND]!,
      width: words[at + v.VCMD_RES_CREATE_WIDTH]!,
      height: words[at + v.VCMD_RES_CREATE_HEIGHT]!,
      memory,
      delta: memory === null ? null : new PageDelta(memory.bytes),
    });
  }

  #passFd(resourceId: number, sizeBytes: number): MappedMemory | null {
    const { client, mapper, server, writer } = this.#options;
    const fd = server.receiveFd();
    if (fd < 0) {
      this.#failure ??= `the server sent no descriptor for resource ${resourceId}`;
      return null;
    }
    const memory = mapper.map(fd, sizeBytes);
    if (memory === null) this.#failure ??= `the memory of resource ${resourceId} cannot be mapped`;
    writer.sharedMemory(resourceId, sizeBytes);
    this.#reply[0] = 0;
    if (!client.writeWithFd(this.#reply, 0, 1, fd)) this.#failure ??= "the client closed the connection";
    mapper.close(fd);
    return memory;
  }

  #receive(at: number, lengthBytes: number): boolean {
    if (at + lengthBytes > this.#reply.length) {
      const grown = new Uint8Array((at + lengthBytes) * 2);
      grown.set(this.#reply.subarray(0, at));
      this.#reply = grown;
    }
    if (this.#options.server.readExact(this.#reply, at, lengthBytes) === lengthBytes) return true;
    this.#failure ??= "the server closed the connection";
    return false;
  }

  #send(lengthBytes: number): void {
    this.#options.writer.reply(this.#reply.subarray(0, lengthBytes));
    if (!this.#options.client.write(this.#reply, 0, lengthBytes)) this.#failure ??= "the client closed the connection";
  }
}

function clampVersion(words: Uint32Array): void {
  const at = v.VTEST_HDR_SIZE + v.VCMD_PROTOCOL_VERSION_VERSION;
  words[at] = Math.min(words[at]!, v.VTEST_PROTOCOL_VERSION);
}
