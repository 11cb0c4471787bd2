import { GuestError, guestErrorName, type GuestErrorCode, type Logger } from "../base/index.js";
import { Backing, CopyLedger, CopyReason } from "../memory/index.js";
import type { CompletionSink, Renderer, Transfer3d } from "../renderer/index.js";
import { VIRGL_CAPSET_VIRGL, VIRGL_CAPSET_VIRGL2 } from "../virgl/index.js";
import { asciiText } from "../wire/index.js";
import type { PrivateMemory, SessionMemory, SharedMemory, VtestChannel } from "./channel.js";
import { createVtestCounters, type VtestCounters } from "./counters.js";
import { isPresent } from "./display-target.js";
import { DEFAULT_VTEST_LIMITS, type VtestLimits } from "./limits.js";
import * as v from "./protocol.js";
import { SessionResources } from "./session-resources.js";

/** What a session works with. Everything stays the caller's: the session closes neither channel nor renderer. */
export interface VtestSessionOptions {
  readonly channel: VtestChannel;
  readonly renderer: Renderer;
  readonly memory: SessionMemory;
  readonly logger: Logger;
  /** The renderer's, for what goes over the socket, and to be told of frames. */
  readonly ledger?: CopyLedger;
  /** The renderer's context for this client. Sessions that share a renderer need different ones. Default 1. */
  readonly contextId?: number;
  readonly limits?: Partial<VtestLimits>;
}

/** Why a session ended. `detail` is a sentence for the log. */
export interface SessionEnd {
  readonly reason: "closed" | "protocol-error" | "host-error";
  readonly detail: string;
}

/** Stream memory is allocated in this size first, which holds Mesa's largest command buffer, and doubled on demand. */
const FIRST_STREAM_BYTES = 512 * 1024;
/** Pieces of memory that wait for the GPU: a client that makes and drops resources for ever waits with them. */
const MAX_LEAVING = 64;

/**
 * One vtest client: reads its messages, drives a renderer, answers. Knows no sockets: bring a `VtestChannel`.
 *
 * A message that breaks the protocol (truncated, oversized, unknown, out of order) ends the session, because nothing that
 * follows can be framed. A request that the renderer refuses is a guest error: counted and logged, and the session goes on,
 * though the virgl context may be dead from then on. Words are read in host order, which is little-endian on every
 * supported host.
 */
export class VtestSession implements CompletionSink {
  readonly counters: VtestCounters = createVtestCounters();
  readonly #channel: VtestChannel;
  readonly #renderer: Renderer;
  readonly #memory: SessionMemory;
  readonly #logger: Logger;
  readonly #ledger: CopyLedger;
  readonly #contextId: number;
  readonly #limits: VtestLimits;
  readonly #resources = new SessionResources();
  readonly #words = new Uint32Array(16);
  readonly #bytes = new Uint8Array(this.#words.buffer);
  #stream: PrivateMemory | null = null;
  /** Of resources that are gone, and that the GPU may still reach. */
  readonly #leaving = new Set<SharedMemory>();
  #hasRenderer = false;
  #hasContext = false;
  /** Work was handed to the renderer since the last fence. */
  #hasUnfencedWork = false;
  /** Nothing was handed to the renderer since it last finished: a second wait has nothing to wait for. */
  #isIdle = true;
  #fenceId = 0;
  #signalledFenceId = 0;
  #protocolVersion = 0;
  #end: SessionEnd | null = null;
  #isReleased = false;
  #clientName = "";

  constructor(options: VtestSessionOptions) {
    this.#channel = options.channel;
    this.#renderer = options.renderer;
    this.#memory = options.memory;
    this.#logger = options.logger;
    this.#ledger = options.ledger ?? new CopyLedger();
    this.#contextId = options.contextId ?? 1;
    this.#limits = { ...DEFAULT_VTEST_LIMITS, ...options.limits };
  }

  /** What the client calls itself, in printable characters; empty until it has said so. */
  get clientName(): string {
    return this.#clientName;
  }

  /** The version agreed with the client; 0 until it asks. */
  get protocolVersion(): number {
    return this.#protocolVersion;
  }

  /** Living resources, and the bytes of their shared memory. */
  get resourceCount(): number {
    return this.#resources.count;
  }

  get sharedBytes(): number {
    return this.#resources.sharedBytes;
  }

  /** Serves the client until it goes, then releases everything it had. Blocks. Never throws for what a client does. */
  run(): SessionEnd {
    try {
      for (;;) {
        const end = this.step();
        if (end !== null) return end;
      }
    } finally {
      this.release();
    }
  }

  /** Serves one message; not null when the session is over. The caller must `release` in the end. */
  step(): SessionEnd | null {
    if (this.#end !== null) return this.#end;
    const arrived = this.#channel.readExact(this.#bytes, 0, v.VTEST_HDR_BYTES);
    if (arrived === 0) return this.#finish("closed", "the client closed the connection");
    if (arrived < v.VTEST_HDR_BYTES)
      return this.#violation(`connection closed inside a header, after ${arrived} bytes`);
    this.counters.messages += 1;
    this.#dispatch(this.#words[v.VTEST_CMD_ID]!, this.#words[v.VTEST_CMD_LEN]!);
    return this.#end;
  }

  /** Destroys the client's context and resources and gives its memory back. Idempotent. */
  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    // The context first: what nobody holds any more need not be kept when its memory goes.
    if (this.#hasContext) this.#renderer.destroyContext(this.#contextId);
    for (const id of this.#resources.ids()) this.#unref(id);
    this.#renderer.flush();
    if (this.#leaving.size > 0) this.#renderer.finish();
    for (const memory of this.#leaving) memory.release();
    this.#leaving.clear();
    this.#stream?.release();
    this.#stream = null;
  }

  fenceSignalled(contextId: number, fenceId: number): void {
    if (contextId === this.#contextId && fenceId > this.#signalledFenceId) this.#signalledFenceId = fenceId;
  }

  #dispatch(id: number, length: number): void {
    if (!this.#isLengthPlausible(id, length)) return;
    if (!this.#hasRenderer && id !== v.VCMD_CREATE_RENDERER) {
      this.#violation(`${v.vtestCommandName(id)} before VCMD_CREATE_RENDERER`);
      return;
    }
    const fixed = v.fixedPayloadDwords(id);
    if (fixed > 0 && !this.#read(this.#bytes, 0, fixed * 4, id)) return;
    switch (id) {
      case v.VCMD_CREATE_RENDERER:
        return this.#createRenderer(length);
      case v.VCMD_SUBMIT_CMD:
        return this.#submit(length);
      case v.VCMD_RESOURCE_BUSY_WAIT:
        return this.#busyWait();
      case v.VCMD_TRANSFER_PUT2:
        return this.#transfer2("to-host");
      case v.VCMD_TRANSFER_GET2:
        return this.#transfer2("from-host");
      case v.VCMD_TRANSFER_PUT:
        return this.#transferPut(length);
      case v.VCMD_TRANSFER_GET:
        return this.#transferGet();
      case v.VCMD_RESOURCE_CREATE:
        return this.#createResource(0);
      case v.VCMD_RESOURCE_CREATE2:
        return this.#createResource(this.#words[v.VCMD_RES_CREATE2_DATA_SIZE]!);
      case v.VCMD_RESOURCE_UNREF:
        return this.#unrefMessage(this.#words[v.VCMD_RES_UNREF_RES_HANDLE]!);
      case v.VCMD_GET_CAPS:
        return this.#getCaps(VIRGL_CAPSET_VIRGL);
      case v.VCMD_GET_CAPS2:
        return this.#getCaps(VIRGL_CAPSET_VIRGL2);
      case v.VCMD_PING_PROTOCOL_VERSION:
        return this.#reply(v.VCMD_PING_PROTOCOL_VERSION, 0, 0);
      case v.VCMD_PROTOCOL_VERSION:
        return this.#negotiate(this.#words[v.VCMD_PROTOCOL_VERSION_VERSION]!);
    }
  }

  /** Checks what the header alone tells; ends the session if it is wrong. */
  #isLengthPlausible(id: number, length: number): boolean {
    const fixed = v.fixedPayloadDwords(id);
    if (fixed < 0) {
      this.#violation(`unknown message id ${id} (length ${length})`);
      return false;
    }
    // SUBMIT_CMD and CREATE_RENDERER check theirs against limits; TRANSFER_PUT needs its payload to know.
    if (id === v.VCMD_SUBMIT_CMD || id === v.VCMD_CREATE_RENDERER || id === v.VCMD_TRANSFER_PUT) return true;
    if (length !== fixed) {
      this.#violation(`${v.vtestCommandName(id)} with length ${length} instead of ${fixed}`);
      return false;
    }
    return true;
  }

  #createRenderer(lengthBytes: number): void {
    if (this.#hasRenderer) {
      this.#violation("a second VCMD_CREATE_RENDERER");
      return;
    }
    if (lengthBytes > v.MAX_RENDERER_NAME_BYTES) {
      this.#violation(
        `VCMD_CREATE_RENDERER with a name of ${lengthBytes} bytes (at most ${v.MAX_RENDERER_NAME_BYTES})`,
      );
      return;
    }
    const name = new Uint8Array(lengthBytes);
    if (lengthBytes > 0 && !this.#read(name, 0, lengthBytes, v.VCMD_CREATE_RENDERER)) return;
    this.#hasRenderer = true;
    const debugName = asciiText(name).trim() || "unnamed";
    this.#clientName = debugName;
    const code = this.#renderer.createContext(this.#contextId, VIRGL_CAPSET_VIRGL2, debugName);
    if (code !== GuestError.NONE) {
      this.counters.hostErrors += 1;
      this.#finish("host-error", `the renderer refused a context for ${debugName}: ${guestErrorName(code)}`);
      return;
    }
    this.#hasContext = true;
    this.#logger.debug("A client connected.", { name: debugName });
  }

  /** Version 1 never worked well between Mesa and servers; it is answered by 0, as other servers do. */
  #negotiate(wanted: number): void {
    if (this.counters.resourcesCreated > 0 || this.counters.submissions > 0) {
      this.#violation("VCMD_PROTOCOL_VERSION after the first resource or submission");
      return;
    }
    const version = Math.min(wanted, v.VTEST_PROTOCOL_VERSION);
    this.#protocolVersion = version === 1 ? 0 : version;
    this.#reply(v.VCMD_PROTOCOL_VERSION, 1, this.#protocolVersion);
  }

  #getCaps(capsetId: number): void {
    const capset = this.#renderer.capsets.find((each) => each.id === capsetId);
    const size = capset?.bytes.length ?? 0;
    this.#words[v.VTEST_CMD_LEN] = size + 1;
    this.#words[v.VTEST_CMD_ID] = capsetId;
    if (this.#write(this.#bytes, v.VTEST_HDR_BYTES) && capset !== undefined) this.#write(capset.bytes, size);
  }

  #createResource(dataSizeBytes: number): void {
    const w = this.#words;
    const id = w[v.VCMD_RES_CREATE_RES_HANDLE]!;
    if (id === 0 || this.#resources.get(id) !== undefined) {
      this.#violation(id === 0 ? "a resource with id 0" : `resource ${id} created twice`);
      return;
    }
    if (this.#resources.count >= this.#limits.maxResources) {
      this.#hostError(`resource ${id} is one more than the ${this.#limits.maxResources} that a client may have`);
      return;
    }
    const bind = w[v.VCMD_RES_CREATE_BIND]!;
    const width = w[v.VCMD_RES_CREATE_WIDTH]!;
    const height = w[v.VCMD_RES_CREATE_HEIGHT]!;
    const code = this.#renderer.createResource3d(id, {
      target: w[v.VCMD_RES_CREATE_TARGET]!,
      format: w[v.VCMD_RES_CREATE_FORMAT]!,
      bind,
      width,
      height,
      depth: w[v.VCMD_RES_CREATE_DEPTH]!,
      arraySize: w[v.VCMD_RES_CREATE_ARRAY_SIZE]!,
      lastLevel: w[v.VCMD_RES_CREATE_LAST_LEVEL]!,
      samples: w[v.VCMD_RES_CREATE_NR_SAMPLES]!,
      flags: 0,
    });
    const isCreated = this.#check(code, "VCMD_RESOURCE_CREATE", id);
    // The client waits for a descriptor whatever became of the resource, so it gets one.
    const memory = dataSizeBytes === 0 ? null : this.#share(dataSizeBytes, id);
    if (this.#end !== null) {
      if (isCreated) this.#renderer.unrefResource(id);
      memory?.release();
      return;
    }
    this.#resources.add({ id, bind, width, height, memory });
    this.counters.resourcesCreated += 1;
    if (isCreated) this.#attach(id, memory, dataSizeBytes);
    memory?.closeFd();
  }

  /** Memory is imported while its descriptor is open. */
  #attach(id: number, memory: SharedMemory | null, dataSizeBytes: number): void {
    this.#check(this.#renderer.attachResource(this.#contextId, id), "VCMD_RESOURCE_CREATE", id);
    if (memory === null) return;
    const span = { segment: memory.segment, offsetBytes: 0, lengthBytes: dataSizeBytes };
    this.#check(this.#renderer.attachBacking(id, new Backing([span])), "VCMD_RESOURCE_CREATE2", id);
  }

  /** Makes shared memory and sends its descriptor, which stays open. Ends the session when it cannot. */
  #share(sizeBytes: number, resourceId: number): SharedMemory | null {
    const { maxTransferBytes, maxSharedBytes } = this.#limits;
    const held = this.#resources.sharedBytes;
    if (sizeBytes > maxTransferBytes || held + sizeBytes > maxSharedBytes) {
      this.#hostError(
        `resource ${resourceId} wants ${sizeBytes} bytes of shared memory; the client has ${held} already`,
      );
      return null;
    }
    const memory = this.#memory.createShared(sizeBytes);
    if (memory === null) {
      this.#hostError(`no shared memory of ${sizeBytes} bytes for resource ${resourceId}`);
      return null;
    }
    this.#bytes[0] = 0;
    if (!this.#channel.writeWithFd(this.#bytes, 0, 1, memory.fd)) this.#closedWhileWriting();
    return memory;
  }

  #unrefMessage(id: number): void {
    if (this.#resources.get(id) === undefined) {
      this.#check(GuestError.UNKNOWN_RESOURCE, "VCMD_RESOURCE_UNREF", id);
      return;
    }
    this.#unref(id);
    // Clients need not ever ask whether we are busy, nor submit anything more.
    if (this.#leaving.size > MAX_LEAVING) this.#renderer.finish();
    if (this.#leaving.size > 0) this.#renderer.poll(this);
    this.counters.resourcesUnreferenced += 1;
  }

  #unref(id: number): void {
    const resource = this.#resources.remove(id);
    if (resource === undefined) return;
    // Not detached before: contents would be kept that nobody wants.
    this.#renderer.unrefResource(id);
    const { memory } = resource;
    if (memory === null) return;
    // Nobody waits: the client has its own mapping, ours serves another resource when the GPU has left it.
    this.#leaving.add(memory);
    this.#renderer.whenReleased(() => {
      if (this.#leaving.delete(memory)) memory.release();
    });
  }

  #submit(lengthDwords: number): void {
    const sizeBytes = lengthDwords * 4;
    if (sizeBytes > this.#limits.maxSubmitBytes) {
      this.#violation(`VCMD_SUBMIT_CMD of ${sizeBytes} bytes (at most ${this.#limits.maxSubmitBytes})`);
      return;
    }
    const stream = this.#streamMemory(sizeBytes);
    if (stream === null) return;
    if (sizeBytes > 0 && !this.#read(stream.segment.bytes, 0, sizeBytes, v.VCMD_SUBMIT_CMD)) return;
    this.counters.submissions += 1;
    this.counters.submittedBytes += sizeBytes;
    const code = this.#renderer.submit3d(this.#contextId, stream.segment, 0, lengthDwords);
    if (code === GuestError.CONTEXT_DEAD) this.counters.droppedSubmissions += 1;
    else this.#check(code, "VCMD_SUBMIT_CMD", 0);
    this.#worked();
  }

  #transfer2(direction: "to-host" | "from-host"): void {
    const w = this.#words;
    const id = w[v.VCMD_TRANSFER2_RES_HANDLE]!;
    const transfer: Transfer3d = {
      level: w[v.VCMD_TRANSFER2_LEVEL]!,
      x: w[v.VCMD_TRANSFER2_X]!,
      y: w[v.VCMD_TRANSFER2_Y]!,
      z: w[v.VCMD_TRANSFER2_Z]!,
      width: w[v.VCMD_TRANSFER2_WIDTH]!,
      height: w[v.VCMD_TRANSFER2_HEIGHT]!,
      depth: w[v.VCMD_TRANSFER2_DEPTH]!,
      offsetBytes: w[v.VCMD_TRANSFER2_OFFSET]!,
      strideBytes: 0,
      layerStrideBytes: 0,
    };
    if (direction === "to-host") {
      this.counters.transfersToHost += 1;
      this.#check(this.#renderer.transferToHost3d(this.#contextId, id, transfer), "VCMD_TRANSFER_PUT2", id);
    } else {
      // The client waits for this next anyway, so the bytes are there on return and no work stays behind.
      this.#check(this.#renderer.transferFromHost3d(this.#contextId, id, transfer, true), "VCMD_TRANSFER_GET2", id);
      this.#countReadback(id, transfer);
      return;
    }
    this.#worked();
  }

  #transferPut(lengthDwords: number): void {
    const sizeBytes = this.#words[v.VCMD_TRANSFER_DATA_SIZE]!;
    if (!v.isTransferPutLength(lengthDwords, sizeBytes)) {
      this.#violation(`VCMD_TRANSFER_PUT with length ${lengthDwords} for ${sizeBytes} bytes of data`);
      return;
    }
    const id = this.#words[v.VCMD_TRANSFER_RES_HANDLE]!;
    const transfer = this.#readTransfer();
    const memory = this.#socketMemory(sizeBytes, "VCMD_TRANSFER_PUT");
    if (memory === null) return;
    this.counters.transfersToHost += 1;
    if (sizeBytes === 0 || this.#read(memory.segment.bytes, 0, sizeBytes, v.VCMD_TRANSFER_PUT)) {
      this.#ledger.count(CopyReason.SOCKET, sizeBytes, this.#knownId(id));
      this.#check(this.#through(id, transfer, memory, sizeBytes, "to-host"), "VCMD_TRANSFER_PUT", id);
      this.#worked();
    }
    memory.release();
  }

  #transferGet(): void {
    const sizeBytes = this.#words[v.VCMD_TRANSFER_DATA_SIZE]!;
    const id = this.#words[v.VCMD_TRANSFER_RES_HANDLE]!;
    const transfer = this.#readTransfer();
    const memory = this.#socketMemory(sizeBytes, "VCMD_TRANSFER_GET");
    if (memory === null) return;
    // Whatever the renderer leaves unwritten must not be our old memory.
    memory.segment.bytes.fill(0, 0, sizeBytes);
    this.#check(this.#through(id, transfer, memory, sizeBytes, "from-host"), "VCMD_TRANSFER_GET", id);
    this.#renderer.finish();
    if (sizeBytes > 0) this.#write(memory.segment.bytes, sizeBytes);
    this.#ledger.count(CopyReason.SOCKET, sizeBytes, this.#knownId(id));
    this.#countReadback(id, transfer);
    memory.release();
  }

  #readTransfer(): Transfer3d {
    const w = this.#words;
    return {
      level: w[v.VCMD_TRANSFER_LEVEL]!,
      x: w[v.VCMD_TRANSFER_X]!,
      y: w[v.VCMD_TRANSFER_Y]!,
      z: w[v.VCMD_TRANSFER_Z]!,
      width: w[v.VCMD_TRANSFER_WIDTH]!,
      height: w[v.VCMD_TRANSFER_HEIGHT]!,
      depth: w[v.VCMD_TRANSFER_DEPTH]!,
      offsetBytes: 0,
      strideBytes: w[v.VCMD_TRANSFER_STRIDE]!,
      layerStrideBytes: w[v.VCMD_TRANSFER_LAYER_STRIDE]!,
    };
  }

  #through(
    id: number,
    transfer: Transfer3d,
    memory: PrivateMemory,
    lengthBytes: number,
    direction: "to-host" | "from-host",
  ): GuestErrorCode {
    const backing = new Backing([{ segment: memory.segment, offsetBytes: 0, lengthBytes }]);
    const code = this.#renderer.transferThrough(this.#contextId, id, transfer, backing, direction);
    this.#renderer.flush();
    return code;
  }

  #countReadback(id: number, transfer: Transfer3d): void {
    this.counters.transfersFromHost += 1;
    const resource = this.#resources.get(id);
    if (resource === undefined) return;
    const { level, x, y, width, height } = transfer;
    if (!isPresent(resource, level, x, y, width, height)) return;
    this.counters.frames += 1;
    this.#ledger.frameShown();
  }

  /** A row of the ledger is for resources that exist: 0 for others. */
  #knownId(id: number): number {
    return this.#resources.get(id) === undefined ? 0 : id;
  }

  /** Handle is ignored: everything the client sent so far must be done. Clients probe with handle 0 after a ping. */
  #busyWait(): void {
    this.counters.busyWaits += 1;
    const flags = this.#words[v.VCMD_BUSY_WAIT_FLAGS]!;
    let isBusy = false;
    if ((flags & v.VCMD_BUSY_WAIT_FLAG_WAIT) !== 0) {
      if (!this.#isIdle) {
        this.#renderer.finish();
        // Query results of the finished work go to guest memory: the client looks there next.
        this.#renderer.poll(this);
      }
      this.#isIdle = true;
      this.#hasUnfencedWork = false;
      this.#signalledFenceId = this.#fenceId;
    } else {
      isBusy = this.#isBusy();
    }
    this.#reply(v.VCMD_RESOURCE_BUSY_WAIT, 1, isBusy ? 1 : 0);
  }

  #isBusy(): boolean {
    if (this.#hasUnfencedWork) {
      this.#hasUnfencedWork = false;
      this.#fenceId += 1;
      this.#renderer.createFence(this.#contextId, this.#fenceId);
      this.#renderer.flush();
    }
    if (this.#signalledFenceId < this.#fenceId) this.#renderer.poll(this);
    return this.#signalledFenceId < this.#fenceId;
  }

  #worked(): void {
    this.#hasUnfencedWork = true;
    this.#isIdle = false;
    this.#renderer.flush();
  }

  #streamMemory(sizeBytes: number): PrivateMemory | null {
    const held = this.#stream;
    if (held !== null && held.segment.bytes.length >= sizeBytes) return held;
    let size = held?.segment.bytes.length ?? FIRST_STREAM_BYTES;
    while (size < sizeBytes) size *= 2;
    held?.release();
    this.#stream = this.#memory.createPrivate(size);
    if (this.#stream === null) this.#hostError(`no memory of ${size} bytes for a submission`);
    return this.#stream;
  }

  #socketMemory(sizeBytes: number, message: string): PrivateMemory | null {
    if (sizeBytes > this.#limits.maxTransferBytes) {
      this.#violation(`${message} of ${sizeBytes} bytes (at most ${this.#limits.maxTransferBytes})`);
      return null;
    }
    const memory = this.#memory.createPrivate(Math.max(4, sizeBytes));
    if (memory === null) this.#hostError(`no memory of ${sizeBytes} bytes for ${message}`);
    return memory;
  }

  /** Counts and logs a refused request. True if `code` is NONE. */
  #check(code: GuestErrorCode, message: string, resourceId: number): boolean {
    if (code === GuestError.NONE) return true;
    this.counters.guestErrors += 1;
    this.#logger.warn("A request of the client was refused.", {
      message,
      error: guestErrorName(code),
      resourceId,
      messageNumber: this.counters.messages,
    });
    return false;
  }

  #reply(id: number, payloadDwords: 0 | 1, value: number): void {
    this.#words[v.VTEST_CMD_LEN] = payloadDwords;
    this.#words[v.VTEST_CMD_ID] = id;
    this.#words[v.VTEST_HDR_SIZE] = value;
    this.#write(this.#bytes, v.VTEST_HDR_BYTES + payloadDwords * 4);
  }

  #read(target: Uint8Array, offsetBytes: number, lengthBytes: number, id: number): boolean {
    const arrived = this.#channel.readExact(target, offsetBytes, lengthBytes);
    if (arrived === lengthBytes) return true;
    this.#violation(`${v.vtestCommandName(id)} truncated: ${arrived} of ${lengthBytes} bytes arrived`);
    return false;
  }

  #write(source: Uint8Array, lengthBytes: number): boolean {
    if (this.#channel.write(source, 0, lengthBytes)) return true;
    this.#closedWhileWriting();
    return false;
  }

  #closedWhileWriting(): void {
    this.#finish("closed", "the client closed the connection while it was being answered");
  }

  #violation(detail: string): SessionEnd {
    this.counters.protocolErrors += 1;
    return this.#finish("protocol-error", detail);
  }

  #hostError(detail: string): void {
    this.counters.hostErrors += 1;
    this.#finish("host-error", detail);
  }

  #finish(reason: SessionEnd["reason"], detail: string): SessionEnd {
    this.#end ??= { reason, detail };
    const fields = { reason, messageNumber: this.counters.messages };
    if (reason === "closed") this.#logger.debug(`The session is over: ${detail}.`, fields);
    else this.#logger.warn(`The session is over: ${detail}.`, fields);
    return this.#end;
  }
}
