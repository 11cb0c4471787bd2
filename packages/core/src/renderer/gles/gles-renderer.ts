import { GuestError, HostError, guestErrorName, type GuestErrorCode, type Logger } from "../../base/index.js";
import { GL_COMPLETION_WORDS, GlCompletion, type GlBackend, type GlEncoder } from "../../gl/index.js";
import {
  CopyReason,
  IMPORT_PATH_NAMES,
  type Backing,
  type CopyLedger,
  type CopyReasonCode,
  type ImportServices,
  type ImportVerdict,
  type Segment,
} from "../../memory/index.js";
import {
  COMMAND_TABLE,
  DecodeOutcome,
  decodeStream,
  defaultCommandSet,
  dumpStream,
  headerLengthDwords,
  type CommandSet,
} from "../../virgl/index.js";
import { BlobScanouts } from "../blob-scanouts.js";
import { BlobStore } from "../blob-store.js";
import type {
  Blob,
  BlobLayout,
  Capset,
  CompletionSink,
  ContextId,
  Renderer,
  Resource3d,
  ResourceId,
  ScanoutBuffer,
  Transfer3d,
} from "../renderer.js";
import type { Introspection, RendererDescription } from "../introspection.js";
import { ScanoutMemory } from "../scanout-memory.js";
import { buildCapsets } from "./caps/index.js";
import { CommandHandler } from "./commands/command-handler.js";
import type { RendererCounters } from "./counters.js";
import { describeResources } from "./describe-resources.js";
import { restoreResources, takeResources } from "./lost-resources.js";
import { GlesHost } from "./gles-host.js";
import { GlesScanoutReader } from "./scanout-reader.js";
import { visitWrites } from "./stream-targets.js";
import { VirglContext } from "./virgl-context.js";

const MAX_CONTEXTS = 4096;
const COMPLETION_RECORDS = 256;
const MAX_DETAIL_LENGTH = 400;

/** What the renderer works with. Everything stays the caller's. */
export interface GlesRendererOptions {
  readonly gl: GlBackend;
  readonly ledger: CopyLedger;
  readonly logger: Logger;
  /** The one encoder of `gl`, when the caller registers segments with it; else the renderer makes it. */
  readonly encoder?: GlEncoder;
  /** What guest memory may become; absent: everything is copied. */
  readonly imports?: ImportServices;
  /** Which commands are offered; caps follow from it. Tests take commands away. */
  readonly commands?: CommandSet;
  /** A reset of the GPU is an end, not a new beginning: `poll` throws. For processes that serve one client. */
  readonly endsWithReset?: boolean;
}

/** virgl on GLES: the `Renderer` that executes command streams with one GL context for all guests. */
export class GlesRenderer extends BlobScanouts implements Renderer, Introspection {
  readonly hasBlobs = true;
  readonly capsets: readonly Capset[];
  readonly counters: RendererCounters;
  readonly #options: GlesRendererOptions;
  /** Replaced, with what hangs on it, when the GPU was reset. */
  #host: GlesHost;
  #handler: CommandHandler;
  readonly #commands: CommandSet;
  #scanouts: GlesScanoutReader;
  readonly #contexts = new Map<ContextId, VirglContext>();
  /** Which commands were decoded, and where the last stream ended. Shared: read only. */
  readonly outcome = new DecodeOutcome();
  readonly #completions = new Int32Array(COMPLETION_RECORDS * GL_COMPLETION_WORDS);
  /** GL fence id → the guest's fence. */
  readonly #fences = new Map<number, { readonly contextId: ContextId; readonly fenceId: number }>();
  /** GL fence id → who waits for it besides guests. */
  readonly #rendered = new Map<number, () => void>();
  /** GL fences that the poll under way found signalled, and when they were. */
  readonly #signalled: number[] = [];
  readonly #signalledAt: number[] = [];
  /** During `fenceSignalled`: when the GPU was seen to be done, in microseconds on the back end's clock; 0: it has none. */
  signalledAtUs = 0;
  #nextFence = 1;
  /** Why everything on the GL context is lost; "": it is not. The next poll begins anew. */
  #lossReason = "";
  #words: Uint32Array = new Uint32Array(0);
  /** Resources that the stream writes; filled only while somebody wants to know. */
  readonly #written = new Set<number>();
  #wordsOf: Uint8Array | null = null;

  constructor(options: GlesRendererOptions) {
    super(new BlobStore(options.ledger, ScanoutMemory.forPolicy(options.imports)));
    this.#options = options;
    const host = new GlesHost(options);
    this.#host = host;
    this.counters = host.counters;
    this.#commands = options.commands ?? defaultCommandSet;
    this.#handler = new CommandHandler(host);
    this.#scanouts = new GlesScanoutReader(host);
    host.typedBlobs.blobs = this.blobs;
    host.eachContext = (visit) => this.#contexts.forEach(visit);
    host.encoder.onRefusal = (message) => this.#lose(message);
    this.capsets = buildCapsets(host.caps, host.formats, this.#commands);
  }

  createContext(contextId: ContextId, _capsetId: number, debugName: string): GuestErrorCode {
    if (this.#contexts.has(contextId)) return GuestError.ALREADY_EXISTS;
    if (this.#contexts.size >= MAX_CONTEXTS) return GuestError.LIMIT;
    this.#contexts.set(contextId, new VirglContext(this.#host, contextId, debugName));
    return GuestError.NONE;
  }

  destroyContext(contextId: ContextId): GuestErrorCode {
    const context = this.#contexts.get(contextId);
    if (context === undefined) return GuestError.UNKNOWN_CONTEXT;
    this.#contexts.delete(contextId);
    context.destroy();
    return GuestError.NONE;
  }

  isContextDead(contextId: ContextId): boolean {
    return this.#contexts.get(contextId)?.dead ?? false;
  }

  createResource3d(resourceId: ResourceId, resource: Resource3d): GuestErrorCode {
    if (this.blobs.has(resourceId)) return this.#outside(0, "RESOURCE_CREATE_3D", GuestError.ALREADY_EXISTS);
    return this.#outside(0, "RESOURCE_CREATE_3D", this.#host.resources.create(resourceId, resource));
  }

  createBlob(contextId: ContextId, resourceId: ResourceId, blob: Blob, backing: Backing | null): GuestErrorCode {
    const isTaken = this.blobs.has(resourceId) || this.#host.resources.has(resourceId);
    let code: GuestErrorCode = GuestError.ALREADY_EXISTS;
    if (!isTaken && blob.blobId === 0) code = this.blobs.create(resourceId, blob, backing);
    else if (!isTaken) code = this.#createTypedBlob(contextId, resourceId, blob, backing);
    return this.#outside(contextId, "RESOURCE_CREATE_BLOB", code);
  }

  /** A blob that the context has described (PIPE_RESOURCE_CREATE): from here on a resource like any other. */
  #createTypedBlob(contextId: ContextId, resourceId: ResourceId, blob: Blob, backing: Backing | null): GuestErrorCode {
    const context = this.#contexts.get(contextId);
    if (context === undefined) return GuestError.UNKNOWN_CONTEXT;
    const description = context.takeBlob(blob.blobId);
    if (description === null) return GuestError.BAD_VALUE;
    const { resources, imports } = this.#host;
    const code = resources.create(resourceId, description);
    if (code !== GuestError.NONE || backing === null) return code;
    if (blob.isMapped !== true) return resources.attachBacking(resourceId, backing);
    const resource = resources.peek(resourceId)!;
    const plane = { strideBytes: resource.width * resource.format.blockBytes, offsetBytes: 0 };
    const isShared = imports.attachedBlob(resource, backing, plane, true);
    if (isShared && this.#host.typedBlobs.addMapped(resourceId)) {
      resource.backing = backing;
      return GuestError.NONE;
    }
    // A guest that maps it must see what is drawn, and be seen: a copy would not do.
    if (!isShared) this.#host.explain(refusalWords(imports.verdicts.of(resourceId)));
    resources.unref(resourceId);
    return isShared ? GuestError.LIMIT : GuestError.NOT_OFFERED;
  }

  unrefResource(resourceId: ResourceId): GuestErrorCode {
    for (const context of this.#contexts.values()) context.detach(resourceId);
    if (this.blobs.unref(resourceId)) {
      this.#host.typedBlobs.forget(resourceId);
      return GuestError.NONE;
    }
    this.#host.typedBlobs.forget(resourceId);
    return this.#outside(0, "RESOURCE_UNREF", this.#host.resources.unref(resourceId));
  }

  attachBacking(resourceId: ResourceId, backing: Backing): GuestErrorCode {
    if (this.blobs.setBacking(resourceId, backing)) return GuestError.NONE;
    return this.#outside(0, "RESOURCE_ATTACH_BACKING", this.#host.resources.attachBacking(resourceId, backing));
  }

  detachBacking(resourceId: ResourceId): GuestErrorCode {
    if (this.blobs.has(resourceId)) this.#host.typedBlobs.memoryGoes(resourceId);
    if (this.blobs.setBacking(resourceId, null)) return GuestError.NONE;
    return this.#outside(0, "RESOURCE_DETACH_BACKING", this.#host.resources.detachBacking(resourceId));
  }

  suspendBacking(resourceId: ResourceId): GuestErrorCode {
    if (this.blobs.has(resourceId)) this.#host.typedBlobs.memoryGoes(resourceId);
    if (this.blobs.setBacking(resourceId, null)) return GuestError.NONE;
    return this.#outside(0, "memory change", this.#host.resources.suspendBacking(resourceId));
  }

  resumeBacking(resourceId: ResourceId, backing: Backing): GuestErrorCode {
    if (this.blobs.resume(resourceId, backing)) return GuestError.NONE;
    return this.#outside(0, "memory change", this.#host.resources.resumeBacking(resourceId, backing));
  }

  attachResource(contextId: ContextId, resourceId: ResourceId): GuestErrorCode {
    const context = this.#contexts.get(contextId);
    if (context === undefined) return GuestError.UNKNOWN_CONTEXT;
    // Guests attach every buffer of theirs; all that commands can do with one without a type is to give it one.
    if (!this.blobs.has(resourceId) && !this.#host.resources.has(resourceId)) return GuestError.UNKNOWN_RESOURCE;
    context.attach(resourceId);
    return GuestError.NONE;
  }

  detachResource(contextId: ContextId, resourceId: ResourceId): GuestErrorCode {
    const context = this.#contexts.get(contextId);
    if (context === undefined) return GuestError.UNKNOWN_CONTEXT;
    context.detach(resourceId);
    return GuestError.NONE;
  }

  transferToHost3d(contextId: ContextId, resourceId: ResourceId, transfer: Transfer3d): GuestErrorCode {
    const resource = this.#host.resources.lookup(resourceId);
    const code = resource === undefined ? GuestError.UNKNOWN_RESOURCE : this.#host.transfers.toHost(resource, transfer);
    return this.#outside(contextId, "TRANSFER_TO_HOST_3D", code);
  }

  transferFromHost3d(contextId: ContextId, resourceId: ResourceId, transfer: Transfer3d, now: boolean): GuestErrorCode {
    const resource = this.#host.resources.lookup(resourceId);
    const code =
      resource === undefined ? GuestError.UNKNOWN_RESOURCE : this.#host.transfers.fromHost(resource, transfer, now);
    if (now) this.#host.encoder.flush();
    return this.#outside(contextId, "TRANSFER_FROM_HOST_3D", code);
  }

  transferThrough(
    contextId: ContextId,
    resourceId: ResourceId,
    transfer: Transfer3d,
    backing: Backing,
    direction: "to-host" | "from-host",
  ): GuestErrorCode {
    const resource = this.#host.resources.lookup(resourceId);
    const code =
      resource === undefined
        ? GuestError.UNKNOWN_RESOURCE
        : this.#host.transfers.through(resource, transfer, backing, direction);
    this.#host.encoder.flush();
    return this.#outside(contextId, "TRANSFER", code);
  }

  override readScanout(
    resourceId: ResourceId,
    x: number,
    y: number,
    width: number,
    height: number,
    target: Segment,
    offsetBytes: number,
    strideBytes: number,
    layout: BlobLayout | null = null,
    reason: CopyReasonCode = CopyReason.READBACK,
  ): GuestErrorCode {
    if (this.blobs.has(resourceId)) this.#host.typedBlobs.settle(resourceId);
    return super.readScanout(resourceId, x, y, width, height, target, offsetBytes, strideBytes, layout, reason);
  }

  /** A blob that is drawn to where it lies goes to displays when it has been drawn. */
  override scanoutBuffer(resourceId: ResourceId, layout: BlobLayout | null): ScanoutBuffer | null {
    const buffer = super.scanoutBuffer(resourceId, layout);
    return buffer !== null && this.#host.typedBlobs.isInPlace(resourceId) ? { ...buffer, isGuestDrawn: false } : buffer;
  }

  protected readResource(
    resourceId: ResourceId,
    x: number,
    y: number,
    width: number,
    height: number,
    target: Segment,
    offsetBytes: number,
    strideBytes: number,
    reason: CopyReasonCode,
  ): GuestErrorCode {
    const resource = this.#host.resources.lookup(resourceId);
    if (resource === undefined) return GuestError.UNKNOWN_RESOURCE;
    return this.#scanouts.read(resource, x, y, width, height, target, offsetBytes, strideBytes, reason);
  }

  /** How the resource's guest memory is reached; null where there is nothing to decide. For reports and tests. */
  verdictOf(resourceId: ResourceId): ImportVerdict | null {
    const resource = this.#host.resources.lookup(resourceId);
    return resource === undefined ? null : this.#host.imports.verdictOf(resource);
  }

  /** Null for what has storage of its own, and for formats that displays do not know. */
  protected resourceBuffer(resourceId: ResourceId): ScanoutBuffer | null {
    const resource = this.#host.resources.lookup(resourceId);
    return resource === undefined ? null : this.#host.imports.scanoutBuffer(resource);
  }

  whenRendered(done: () => void): void {
    const id = this.#newFenceId();
    this.#rendered.set(id, done);
    this.#host.encoder.fence(id);
    this.#host.encoder.flush();
  }

  whenReleased(done: () => void): void {
    const { encoder, releasedMemory } = this.#host;
    // Uploads read guest memory when they are executed.
    encoder.flush();
    releasedMemory.whenFree(done);
  }

  /** One fence for all memory that was given back since the last. */
  #fenceReleased(): void {
    const free = this.#host.releasedMemory.takeForFence();
    if (free === null) return;
    const id = this.#newFenceId();
    this.#rendered.set(id, free);
    this.#host.encoder.fence(id);
  }

  submit3d(contextId: ContextId, stream: Segment, offsetBytes: number, lengthDwords: number): GuestErrorCode {
    const context = this.#contexts.get(contextId);
    if (context === undefined) return GuestError.UNKNOWN_CONTEXT;
    const host = this.#host;
    // The transport has copied it, whatever becomes of it.
    host.ledger.count(CopyReason.COMMAND_STREAM, lengthDwords * 4);
    if (context.dead) {
      host.counters.droppedCommands++;
      return GuestError.CONTEXT_DEAD;
    }
    host.counters.submissions++;
    this.#openStream(stream);
    const start = offsetBytes >>> 2;
    let code: GuestErrorCode;
    try {
      code = this.#execute(context, start, start + lengthDwords);
    } catch (error) {
      // Nobody may find the context half-way, or its constants in the next stream.
      context.dead = true;
      context.dropStream();
      if (error instanceof Error && !(error instanceof HostError)) this.#lose(error.message);
      throw error;
    }
    if (code !== GuestError.NONE) {
      context.dead = true;
      const { outcome } = this;
      const name = COMMAND_TABLE[outcome.command]?.name ?? `command ${outcome.command}`;
      if (host.detail === "")
        host.explain(describeCommand(this.#words, start + outcome.offsetDwords, start + lengthDwords));
      this.#report(contextId, name, outcome.offsetDwords, code, context.debugName);
    }
    return code;
  }

  /** Decodes and executes dwords `start..end` of the stream that was opened. */
  #execute(context: VirglContext, start: number, end: number): GuestErrorCode {
    const host = this.#host;
    host.makeCurrent(context.sub);
    const drawnBefore = host.counters.draws + host.counters.clears;
    const { typedBlobs, imports } = host;
    const hadTyped = typedBlobs.size > 0;
    if (hadTyped || imports.hasSuspended) this.#collectWrites(context, start, end);
    if (imports.hasSuspended) imports.noteWrites(this.#written);
    if (hadTyped) typedBlobs.begin(context, this.#written);
    const code = decodeStream(this.#words, start, end, this.#handler, this.outcome, this.#commands);
    // The driver begins while the guest goes on; many start nothing before they are told to.
    if (host.counters.draws + host.counters.clears !== drawnBefore) host.encoder.flushDriver();
    host.encoder.flush();
    if (typedBlobs.size > 0) {
      if (!hadTyped) this.#collectWrites(context, start, end);
      typedBlobs.end(this.#written);
    }
    const kept = context.endStream();
    return code === GuestError.NONE ? kept : code;
  }

  writesHeld(
    contextId: ContextId,
    stream: Segment,
    offsetBytes: number,
    lengthDwords: number,
    isHeld: (resourceId: ResourceId) => boolean,
  ): boolean {
    const context = this.#contexts.get(contextId);
    if (context === undefined || context.dead) return false;
    this.#openStream(stream);
    const start = offsetBytes >>> 2;
    return visitWrites(context, this.#words, start, start + lengthDwords, isHeld);
  }

  #collectWrites(context: VirglContext, start: number, end: number): void {
    const written = this.#written;
    written.clear();
    visitWrites(context, this.#words, start, end, (id) => {
      written.add(id);
      return false;
    });
  }

  describe(maxListed: number): RendererDescription {
    return describeResources(this.#host, this.#contexts.size, maxListed);
  }

  /** Views the stream as dwords; the view is kept for the next submission from the same memory. */
  #openStream(stream: Segment): void {
    const host = this.#host;
    const { bytes } = stream;
    if (this.#wordsOf !== bytes) {
      this.#wordsOf = bytes;
      this.#words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >>> 2);
    }
    host.streamBytes = bytes;
    host.streamSegment = stream.id;
    host.detail = "";
  }

  /** Counts and logs an error of a verb outside command streams; these do not kill the context. */
  #outside(contextId: ContextId, verb: string, code: GuestErrorCode): GuestErrorCode {
    if (code !== GuestError.NONE)
      this.#report(contextId, verb, -1, code, this.#contexts.get(contextId)?.debugName ?? "");
    return code;
  }

  #report(contextId: ContextId, command: string, offsetDwords: number, code: GuestErrorCode, client: string): void {
    const host = this.#host;
    host.counters.guestErrors[code]! += 1;
    host.logger.error("A guest command was refused.", {
      error: guestErrorName(code),
      command,
      offsetDwords,
      contextId,
      client,
      detail: host.detail,
    });
    host.detail = "";
  }

  #newFenceId(): number {
    const id = this.#nextFence;
    this.#nextFence = id === 0x7fffffff ? 1 : id + 1;
    return id;
  }

  createFence(contextId: ContextId, fenceId: number): void {
    const id = this.#newFenceId();
    this.#fences.set(id, { contextId, fenceId });
    const free = this.#host.releasedMemory.takeForFence();
    if (free !== null) this.#rendered.set(id, free);
    this.#host.encoder.fence(id);
  }

  flush(): void {
    this.#fenceReleased();
    this.#host.encoder.flush();
  }

  /** Query results reach guest memory before a fence behind them is reported. */
  poll(sink: CompletionSink): void {
    const { gl } = this.#host;
    const records = this.#completions;
    const signalled = this.#signalled;
    let count: number;
    do {
      count = gl.poll(records);
      for (let i = 0; i < count; i++) this.#complete(records, i * GL_COMPLETION_WORDS);
    } while (count === COMPLETION_RECORDS);
    for (let i = 0; i < signalled.length; i++) {
      const id = signalled[i]!;
      this.signalledAtUs = this.#signalledAt[i]!;
      this.#rendered.get(id)?.();
      this.#rendered.delete(id);
      const fence = this.#fences.get(id);
      this.#fences.delete(id);
      if (fence !== undefined) sink.fenceSignalled(fence.contextId, fence.fenceId);
    }
    signalled.length = this.#signalledAt.length = 0;
    if (this.#lossReason !== "") this.#recover(sink);
  }

  /** `Renderer.failed`. */
  failed(message: string): void {
    if (this.#lossReason === "") this.#lose(message);
  }

  /** A bug of ours: what is known of GL's state does not hold any more. As bad as a reset of the GPU, and cured alike. */
  #lose(message: string): void {
    if (this.#host.encoder.refusal === "") this.#host.encoder.refuse(message);
    this.#lossReason = "The state of the GPU is not known any more";
    this.#host.logger.error("This is a bug of virtgpu; please report it.", { detail: message });
  }

  /**
   * The GPU lost everything. Contexts are dead, as are the commands under way: their fences are reported. Resources are made anew, with
   * contents where guest memory has them, so that what the guest draws by its own processor goes on.
   */
  #recover(sink: CompletionSink): void {
    const reason = this.#lossReason;
    this.#lossReason = "";
    const { counters } = this;
    counters.gpuResets++;
    if (this.#options.endsWithReset === true || this.#options.gl.reopen === undefined)
      throw new HostError("GPU_RESET", `${reason}: what was drawn on it is gone`);
    const kept = takeResources(this.#host);
    const free = this.#host.releasedMemory.takeForFence();
    if (free !== null) this.#rendered.set(this.#newFenceId(), free);
    this.#host.logger.error(`${reason}: every 3D context is lost, resources are made anew.`, {
      contexts: this.#contexts.size,
      resources: kept.length,
    });
    this.#options.gl.reopen();
    const { encoder } = this.#host;
    encoder.restart();
    const host = new GlesHost({ ...this.#options, encoder, counters });
    this.#host = host;
    host.eachContext = (visit) => this.#contexts.forEach(visit);
    host.typedBlobs.blobs = this.blobs;
    this.#handler = new CommandHandler(host);
    this.#scanouts = new GlesScanoutReader(host);
    for (const [id, old] of this.#contexts) {
      old.releaseMemory();
      const context = new VirglContext(host, id, old.debugName);
      context.dead = true;
      this.#contexts.set(id, context);
    }
    restoreResources(host, kept);
    encoder.flush();
    this.#reportAll(sink);
  }

  /** Reports every fence that is under way. */
  #reportAll(sink: CompletionSink): void {
    const rendered = [...this.#rendered.values()];
    const fences = [...this.#fences.values()];
    this.#rendered.clear();
    this.#fences.clear();
    this.signalledAtUs = 0;
    for (const done of rendered) done();
    for (const { contextId, fenceId } of fences) sink.fenceSignalled(contextId, fenceId);
  }

  #complete(records: Int32Array, at: number): void {
    const host = this.#host;
    const value = records[at + 1]!;
    switch (records[at]) {
      case GlCompletion.FENCE:
        this.#signalled.push(value);
        // Nanoseconds in two words; as microseconds they stay exact enough for years.
        this.#signalledAt.push((records[at + 3]! >>> 0) * 4294967.296 + (records[at + 2]! >>> 0) / 1000);
        break;
      case GlCompletion.RESET:
        this.#lossReason = "The GPU was reset";
        break;
      case GlCompletion.QUERY:
        host.queries.completed(value, records[at + 2]! >>> 0, records[at + 3]! >>> 0);
        break;
      case GlCompletion.PROGRAM:
        host.programs.completed(value, records[at + 2] !== 0);
        break;
      case GlCompletion.ERRORS:
        host.counters.glErrors += value;
        host.logger.warn("The GL driver reported errors.", {
          count: value,
          firstError: `0x${(records[at + 2]! >>> 0).toString(16)}`,
          opcode: records[at + 3]!,
        });
        break;
      default:
        break;
    }
  }

  finish(): void {
    this.flush();
    this.#host.gl.finish();
  }

  destroy(): void {
    for (const context of this.#contexts.values()) context.destroy();
    this.#contexts.clear();
    this.blobs.clear();
    this.#host.encoder.flush();
  }
}

/** Why the host does not take memory, in one line. */
function refusalWords(verdict: ImportVerdict | undefined): string {
  const words =
    verdict?.refused.map(({ path, detail, cure }) => `${IMPORT_PATH_NAMES[path]}: ${detail} (${cure})`) ?? [];
  return `this host cannot draw in memory that a guest maps: ${words.join("; ")}`.slice(0, MAX_DETAIL_LENGTH);
}

/** The command at `at` with its fields in words, for error reports. */
function describeCommand(dw: Uint32Array, at: number, end: number): string {
  let text = "";
  const keepFirst = (line: string): void => {
    if (text === "")
      text = line
        .trim()
        .replace(/^\d+ +/, "")
        .slice(0, MAX_DETAIL_LENGTH);
  };
  const next = at + 1 + headerLengthDwords(dw[at]!);
  dumpStream(dw, at, Math.min(next, end), keepFirst, { shaders: false, maxValues: 8 });
  return text;
}

/** The renderer for one GL context. Probes nothing itself: `options.gl.caps` says what the host can do. */
export function createGlesRenderer(options: GlesRendererOptions): GlesRenderer {
  return new GlesRenderer(options);
}
