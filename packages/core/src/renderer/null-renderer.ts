import { GuestError, type GuestErrorCode } from "../base/index.js";
import { type Backing, CopyLedger, type Segment } from "../memory/index.js";
import { BlobScanouts } from "./blob-scanouts.js";
import { BlobStore } from "./blob-store.js";
import type { Blob, Capset, CompletionSink, ContextId, Renderer, Resource3d, ResourceId } from "./renderer.js";

/** What a guest is made to believe, and who counts. */
export interface NullRendererOptions {
  /** Offered as they are: with at least one, a guest sees a 3D device whose drawings never appear. Default: none. */
  readonly capsets?: readonly Capset[];
  readonly ledger?: CopyLedger;
}

/**
 * Draws nothing and keeps no contents: resources and contexts exist, command streams are taken and dropped, every fence signals at the
 * next poll, scanouts are black (except blobs, whose bytes are the guest's own). For running a device where only its protocol matters,
 * and for measuring what everything but rendering costs.
 */
export class NullRenderer extends BlobScanouts implements Renderer {
  readonly capsets: readonly Capset[];
  readonly hasBlobs = true;
  readonly #contexts = new Set<ContextId>();
  readonly #resources = new Set<ResourceId>();
  readonly #fences: { contextId: ContextId; fenceId: number }[] = [];

  constructor(options: NullRendererOptions = {}) {
    super(new BlobStore(options.ledger ?? new CopyLedger(), null));
    this.capsets = options.capsets ?? [];
  }

  createContext(contextId: ContextId): GuestErrorCode {
    if (this.capsets.length === 0) return GuestError.NOT_OFFERED;
    if (this.#contexts.has(contextId)) return GuestError.ALREADY_EXISTS;
    this.#contexts.add(contextId);
    return GuestError.NONE;
  }

  destroyContext(contextId: ContextId): GuestErrorCode {
    return this.#contexts.delete(contextId) ? GuestError.NONE : GuestError.UNKNOWN_CONTEXT;
  }

  isContextDead(): boolean {
    return false;
  }

  createResource3d(resourceId: ResourceId, resource: Resource3d): GuestErrorCode {
    if (this.#exists(resourceId)) return GuestError.ALREADY_EXISTS;
    if (resource.width === 0 || resource.height === 0) return GuestError.BAD_VALUE;
    this.#resources.add(resourceId);
    return GuestError.NONE;
  }

  createBlob(_contextId: ContextId, resourceId: ResourceId, blob: Blob, backing: Backing | null): GuestErrorCode {
    if (this.#exists(resourceId)) return GuestError.ALREADY_EXISTS;
    return this.blobs.create(resourceId, blob, backing);
  }

  unrefResource(resourceId: ResourceId): GuestErrorCode {
    if (this.blobs.unref(resourceId)) return GuestError.NONE;
    return this.#resources.delete(resourceId) ? GuestError.NONE : GuestError.UNKNOWN_RESOURCE;
  }

  attachBacking(resourceId: ResourceId, backing: Backing): GuestErrorCode {
    this.blobs.setBacking(resourceId, backing);
    return this.#resourceCode(resourceId);
  }

  detachBacking(resourceId: ResourceId): GuestErrorCode {
    this.blobs.setBacking(resourceId, null);
    return this.#resourceCode(resourceId);
  }

  suspendBacking(resourceId: ResourceId): GuestErrorCode {
    return this.detachBacking(resourceId);
  }

  resumeBacking(resourceId: ResourceId, backing: Backing): GuestErrorCode {
    return this.attachBacking(resourceId, backing);
  }

  whenReleased(done: () => void): void {
    done();
  }

  attachResource(contextId: ContextId, resourceId: ResourceId): GuestErrorCode {
    return this.#contexts.has(contextId) ? this.#resourceCode(resourceId) : GuestError.UNKNOWN_CONTEXT;
  }

  detachResource(contextId: ContextId, resourceId: ResourceId): GuestErrorCode {
    return this.attachResource(contextId, resourceId);
  }

  transferToHost3d(_contextId: ContextId, resourceId: ResourceId): GuestErrorCode {
    return this.#resourceCode(resourceId);
  }

  transferFromHost3d(_contextId: ContextId, resourceId: ResourceId): GuestErrorCode {
    return this.#resourceCode(resourceId);
  }

  transferThrough(_contextId: ContextId, resourceId: ResourceId): GuestErrorCode {
    return this.#resourceCode(resourceId);
  }

  submit3d(contextId: ContextId): GuestErrorCode {
    return this.#contexts.has(contextId) ? GuestError.NONE : GuestError.UNKNOWN_CONTEXT;
  }

  protected readResource(
    resourceId: ResourceId,
    _x: number,
    _y: number,
    width: number,
    height: number,
    target: Segment,
    offsetBytes: number,
    strideBytes: number,
  ): GuestErrorCode {
    if (!this.#resources.has(resourceId)) return GuestError.UNKNOWN_RESOURCE;
    for (let row = 0; row < height; row++) {
      const at = offsetBytes + row * strideBytes;
      target.bytes.fill(0, at, at + width * 4);
    }
    return GuestError.NONE;
  }

  protected resourceBuffer(): null {
    return null;
  }

  whenRendered(done: () => void): void {
    done();
  }

  createFence(contextId: ContextId, fenceId: number): void {
    this.#fences.push({ contextId, fenceId });
  }

  flush(): void {}

  poll(sink: CompletionSink): void {
    for (const { contextId, fenceId } of this.#fences.splice(0)) sink.fenceSignalled(contextId, fenceId);
  }

  finish(): void {}

  destroy(): void {
    this.#contexts.clear();
    this.#resources.clear();
    this.blobs.clear();
  }

  #exists(resourceId: ResourceId): boolean {
    return this.#resources.has(resourceId) || this.blobs.has(resourceId);
  }

  #resourceCode(resourceId: ResourceId): GuestErrorCode {
    return this.#exists(resourceId) ? GuestError.NONE : GuestError.UNKNOWN_RESOURCE;
  }
}
