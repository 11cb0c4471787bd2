import { GuestError, type GuestErrorCode } from "../base/index.js";
import type { Backing, Segment } from "../memory/index.js";
import type {
  Capset,
  CompletionSink,
  ContextId,
  Renderer,
  Resource3d,
  ResourceId,
  Transfer3d,
} from "../renderer/index.js";
import { CapsWriter, VIRGL_CAPSET_VIRGL, VIRGL_CAPSET_VIRGL2 } from "../virgl/index.js";

/**
 * A renderer that keeps books and draws nothing: for tests of transports. Resources
 * and contexts must exist; contents are the transfers' bytes, moved flat (`bytesOf` shows them).
 */
export class RecordingRenderer implements Renderer {
  readonly capsets: readonly Capset[];
  readonly hasBlobs = false;
  /** Verbs in the order in which they came, `name(arguments)`. */
  readonly calls: string[] = [];
  polls = 0;
  /** The last submission, a copy. */
  lastStream = new Uint32Array(0);
  /** Answered by the next submission, once. */
  nextSubmitCode: GuestErrorCode = GuestError.NONE;
  /** While true, fences stay unsignalled, and memory that is given back in use, until `finish`. */
  isStalled = false;
  readonly #contexts = new Set<ContextId>();
  readonly #dead = new Set<ContextId>();
  readonly #resources = new Map<ResourceId, { backing: Backing | null; bytes: Uint8Array }>();
  #fences: { contextId: ContextId; fenceId: number }[] = [];
  #releases: (() => void)[] = [];

  constructor(rendererName = "null") {
    const caps = new CapsWriter().setRenderer(rendererName);
    this.capsets = [
      { id: VIRGL_CAPSET_VIRGL, version: 1, bytes: caps.toCapset1() },
      { id: VIRGL_CAPSET_VIRGL2, version: 2, bytes: caps.toCapset2() },
    ];
  }

  get contextCount(): number {
    return this.#contexts.size;
  }

  get resourceCount(): number {
    return this.#resources.size;
  }

  /** What the resource holds. Shared. */
  bytesOf(resourceId: ResourceId): Uint8Array | undefined {
    return this.#resources.get(resourceId)?.bytes;
  }

  /** Sets what readbacks of the resource give. */
  setBytes(resourceId: ResourceId, bytes: Uint8Array): void {
    this.#resources.get(resourceId)!.bytes = bytes;
  }

  createContext(contextId: ContextId, capsetId: number, debugName: string): GuestErrorCode {
    this.calls.push(`createContext(${contextId}, ${capsetId}, ${debugName})`);
    if (this.#contexts.has(contextId)) return GuestError.ALREADY_EXISTS;
    this.#contexts.add(contextId);
    return GuestError.NONE;
  }

  destroyContext(contextId: ContextId): GuestErrorCode {
    this.calls.push(`destroyContext(${contextId})`);
    this.#dead.delete(contextId);
    return this.#contexts.delete(contextId) ? GuestError.NONE : GuestError.UNKNOWN_CONTEXT;
  }

  isContextDead(contextId: ContextId): boolean {
    return this.#dead.has(contextId);
  }

  createResource3d(resourceId: ResourceId, resource: Resource3d): GuestErrorCode {
    this.calls.push(`createResource3d(${resourceId}, ${resource.width}x${resource.height})`);
    if (this.#resources.has(resourceId)) return GuestError.ALREADY_EXISTS;
    if (resource.format > 512) return GuestError.UNKNOWN_FORMAT;
    this.#resources.set(resourceId, { backing: null, bytes: new Uint8Array(0) });
    return GuestError.NONE;
  }

  createBlob(): GuestErrorCode {
    return GuestError.NOT_OFFERED;
  }

  unrefResource(resourceId: ResourceId): GuestErrorCode {
    this.calls.push(`unrefResource(${resourceId})`);
    return this.#resources.delete(resourceId) ? GuestError.NONE : GuestError.UNKNOWN_RESOURCE;
  }

  attachBacking(resourceId: ResourceId, backing: Backing): GuestErrorCode {
    return this.#setBacking(resourceId, backing);
  }

  detachBacking(resourceId: ResourceId): GuestErrorCode {
    return this.#setBacking(resourceId, null);
  }

  suspendBacking(resourceId: ResourceId): GuestErrorCode {
    this.calls.push(`suspendBacking(${resourceId})`);
    return this.#setBacking(resourceId, null);
  }

  resumeBacking(resourceId: ResourceId, backing: Backing): GuestErrorCode {
    this.calls.push(`resumeBacking(${resourceId})`);
    return this.#setBacking(resourceId, backing);
  }

  whenReleased(done: () => void): void {
    if (this.isStalled) this.#releases.push(done);
    else done();
  }

  attachResource(_contextId: ContextId, resourceId: ResourceId): GuestErrorCode {
    return this.#resources.has(resourceId) ? GuestError.NONE : GuestError.UNKNOWN_RESOURCE;
  }

  detachResource(_contextId: ContextId, resourceId: ResourceId): GuestErrorCode {
    return this.#resources.has(resourceId) ? GuestError.NONE : GuestError.UNKNOWN_RESOURCE;
  }

  transferToHost3d(contextId: ContextId, resourceId: ResourceId, transfer: Transfer3d): GuestErrorCode {
    return this.#transfer(contextId, resourceId, transfer, this.#resources.get(resourceId)?.backing ?? null, "to-host");
  }

  transferFromHost3d(contextId: ContextId, resourceId: ResourceId, transfer: Transfer3d): GuestErrorCode {
    return this.#transfer(
      contextId,
      resourceId,
      transfer,
      this.#resources.get(resourceId)?.backing ?? null,
      "from-host",
    );
  }

  transferThrough(
    contextId: ContextId,
    resourceId: ResourceId,
    transfer: Transfer3d,
    backing: Backing,
    direction: "to-host" | "from-host",
  ): GuestErrorCode {
    return this.#transfer(contextId, resourceId, transfer, backing, direction);
  }

  submit3d(contextId: ContextId, stream: Segment, offsetBytes: number, lengthDwords: number): GuestErrorCode {
    this.calls.push(`submit3d(${contextId}, ${lengthDwords})`);
    if (this.#dead.has(contextId)) return GuestError.CONTEXT_DEAD;
    const start = stream.bytes.byteOffset + offsetBytes;
    this.lastStream = new Uint32Array(stream.bytes.buffer, start, lengthDwords).slice();
    const code = this.nextSubmitCode;
    this.nextSubmitCode = GuestError.NONE;
    if (code !== GuestError.NONE) this.#dead.add(contextId);
    return code;
  }

  createFence(contextId: ContextId, fenceId: number): void {
    this.#fences.push({ contextId, fenceId });
  }

  flush(): void {}

  poll(sink: CompletionSink): void {
    this.polls += 1;
    if (this.isStalled) return;
    for (const { contextId, fenceId } of this.#fences) sink.fenceSignalled(contextId, fenceId);
    this.#fences = [];
    for (const done of this.#releases.splice(0)) done();
  }

  finish(): void {
    this.calls.push("finish()");
    this.isStalled = false;
  }

  destroy(): void {
    this.#contexts.clear();
    this.#resources.clear();
  }

  #setBacking(resourceId: ResourceId, backing: Backing | null): GuestErrorCode {
    const resource = this.#resources.get(resourceId);
    if (resource === undefined) return GuestError.UNKNOWN_RESOURCE;
    resource.backing = backing;
    return GuestError.NONE;
  }

  #transfer(
    contextId: ContextId,
    resourceId: ResourceId,
    transfer: Transfer3d,
    backing: Backing | null,
    direction: "to-host" | "from-host",
  ): GuestErrorCode {
    this.calls.push(`${direction}(${contextId}, ${resourceId}, ${transfer.width}x${transfer.height})`);
    const resource = this.#resources.get(resourceId);
    if (resource === undefined) return GuestError.UNKNOWN_RESOURCE;
    if (transfer.level > 15) return GuestError.OUT_OF_BOUNDS;
    const span = backing?.contiguous(0, backing.sizeBytes) ?? null;
    if (span === null || transfer.offsetBytes >= span.lengthBytes) return GuestError.BAD_BACKING;
    const bytes = span.segment.bytes.subarray(
      span.offsetBytes + transfer.offsetBytes,
      span.offsetBytes + span.lengthBytes,
    );
    if (direction === "to-host") resource.bytes = bytes.slice();
    else bytes.set(resource.bytes.subarray(0, bytes.length));
    return GuestError.NONE;
  }
}
