import { GuestError, type GuestErrorCode } from "../base/index.js";
import {
  type Backing,
  CopyReason,
  type CopyLedger,
  type CopyReasonCode,
  ImportReason,
  type ImportReasonCode,
  type ImportServices,
  type Segment,
} from "../memory/index.js";
import { BlobScanouts } from "./blob-scanouts.js";
import { BlobStore } from "./blob-store.js";
import { describeSurfaces, type SurfaceFacts } from "./describe-surfaces.js";
import type { Introspection, RendererDescription } from "./introspection.js";
import { isBlueFirst, isPixelFormat, toBlueFirst } from "./pixel-order.js";
import type {
  Blob,
  CompletionSink,
  ContextId,
  Renderer,
  Resource3d,
  ResourceId,
  ScanoutBuffer,
  Transfer3d,
} from "./renderer.js";
import { ScanoutMemory } from "./scanout-memory.js";

const BYTES_PER_PIXEL = 4;
/** The largest side, and bytes in all resources together. */
const MAX_SIDE = 16_384;
const MAX_TOTAL_BYTES = 1 << 30;

interface Surface {
  readonly format: number;
  readonly width: number;
  readonly height: number;
  readonly strideBytes: number;
  /** The host's copy; empty: guest memory is the picture, or nothing was transferred yet. */
  pixels: Uint8Array;
  backing: Backing | null;
  /** The backing's bytes are the picture. */
  isDirect: boolean;
  /** Why they are not, once there is a backing. */
  copied: ImportReasonCode;
  /** They were until guest memory changed: they are again if it comes back. */
  isSuspended: boolean;
}

const NO_PIXELS = new Uint8Array(0);

/** The host's copy, made when it is first needed. */
function ownPixels(surface: Surface): Uint8Array {
  if (surface.pixels === NO_PIXELS) surface.pixels = new Uint8Array(surface.strideBytes * surface.height);
  return surface.pixels;
}

/**
 * Renders nothing and keeps 2D resources in host memory: what a device without GL offers, and what its tests need.
 * Offers no capset, so a guest sees a plain framebuffer device. Everything completes at once.
 */
export class Software2dRenderer extends BlobScanouts implements Renderer, Introspection {
  readonly capsets = [];
  readonly hasBlobs = true;
  readonly #ledger: CopyLedger;
  readonly #surfaces = new Map<ResourceId, Surface>();
  readonly #signalled: { contextId: ContextId; fenceId: number }[] = [];
  readonly #exports: ScanoutMemory | null;
  /** Why nothing is in place where `#exports` is null. */
  readonly #policyReason: ImportReasonCode;
  #totalBytes = 0;

  /** @param imports absent, or with a policy that forbids it: pictures are copied from guest memory at TRANSFER */
  constructor(ledger: CopyLedger, imports?: ImportServices) {
    const exports = ScanoutMemory.forPolicy(imports);
    super(new BlobStore(ledger, exports));
    this.#ledger = ledger;
    this.#exports = exports;
    if (imports === undefined) this.#policyReason = ImportReason.NOT_ON_THIS_HOST;
    else this.#policyReason = imports.policy.zeroCopy === "never" ? ImportReason.POLICY_NEVER : ImportReason.SNAPSHOT;
  }

  /** The pixels of a resource, tight rows in the resource's format, or null. Borrowed; changed by later transfers. */
  pixels(resourceId: ResourceId): { width: number; height: number; strideBytes: number; pixels: Uint8Array } | null {
    const surface = this.#surfaces.get(resourceId);
    if (surface === undefined) return null;
    if (surface.isDirect) {
      const pixels = new Uint8Array(surface.strideBytes * surface.height);
      surface.backing!.read(0, pixels);
      return { ...surface, pixels };
    }
    return { ...surface, pixels: ownPixels(surface) };
  }

  createContext(): GuestErrorCode {
    return GuestError.NOT_OFFERED;
  }

  destroyContext(): GuestErrorCode {
    return GuestError.UNKNOWN_CONTEXT;
  }

  isContextDead(): boolean {
    return false;
  }

  createResource3d(resourceId: ResourceId, resource: Resource3d): GuestErrorCode {
    const { width, height } = resource;
    if (this.#surfaces.has(resourceId) || this.blobs.has(resourceId)) return GuestError.ALREADY_EXISTS;
    if (resource.depth !== 1 || resource.arraySize !== 1 || resource.lastLevel !== 0 || resource.samples > 1)
      return GuestError.NOT_OFFERED;
    if (!isPixelFormat(resource.format)) return GuestError.UNKNOWN_FORMAT;
    if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE) return GuestError.BAD_VALUE;
    const sizeBytes = width * height * BYTES_PER_PIXEL;
    if (this.#totalBytes + sizeBytes > MAX_TOTAL_BYTES) return GuestError.OUT_OF_MEMORY;
    this.#totalBytes += sizeBytes;
    const strideBytes = width * BYTES_PER_PIXEL;
    this.#surfaces.set(resourceId, {
      format: resource.format,
      width,
      height,
      strideBytes,
      pixels: NO_PIXELS,
      backing: null,
      isDirect: false,
      copied: ImportReason.NO_BACKING,
      isSuspended: false,
    });
    return GuestError.NONE;
  }

  createBlob(_contextId: ContextId, resourceId: ResourceId, blob: Blob, backing: Backing | null): GuestErrorCode {
    if (this.#surfaces.has(resourceId)) return GuestError.ALREADY_EXISTS;
    return this.blobs.create(resourceId, blob, backing);
  }

  unrefResource(resourceId: ResourceId): GuestErrorCode {
    if (this.blobs.unref(resourceId)) return GuestError.NONE;
    const surface = this.#surfaces.get(resourceId);
    if (surface === undefined) return GuestError.UNKNOWN_RESOURCE;
    this.#totalBytes -= surface.strideBytes * surface.height;
    this.#exports?.forget(resourceId);
    this.#surfaces.delete(resourceId);
    this.#ledger.forget(resourceId);
    return GuestError.NONE;
  }

  attachBacking(resourceId: ResourceId, backing: Backing): GuestErrorCode {
    return this.#setBacking(resourceId, backing);
  }

  detachBacking(resourceId: ResourceId): GuestErrorCode {
    return this.#setBacking(resourceId, null);
  }

  suspendBacking(resourceId: ResourceId): GuestErrorCode {
    const surface = this.#surfaces.get(resourceId);
    const isDirect = surface?.isDirect === true;
    const code = this.#setBacking(resourceId, null);
    if (isDirect) surface.isSuspended = true;
    return code;
  }

  resumeBacking(resourceId: ResourceId, backing: Backing): GuestErrorCode {
    if (this.blobs.resume(resourceId, backing)) return GuestError.NONE;
    const surface = this.#surfaces.get(resourceId);
    if (surface === undefined) return GuestError.UNKNOWN_RESOURCE;
    // Nobody can have written to the copy: without its memory a picture is not transferred.
    if (surface.isSuspended) surface.pixels = NO_PIXELS;
    if (surface.backing === null) return this.#resume(resourceId, surface, backing);
    surface.backing = backing;
    this.#exports?.moved(resourceId, backing);
    return GuestError.NONE;
  }

  /** A picture that was a copy before is one for the same reason as before. */
  #resume(resourceId: ResourceId, surface: Surface, backing: Backing): GuestErrorCode {
    const { copied, isSuspended } = surface;
    const code = this.#setBacking(resourceId, backing);
    if (!isSuspended && !surface.isDirect) surface.copied = copied;
    return code;
  }

  whenReleased(done: () => void): void {
    done();
  }

  attachResource(): GuestErrorCode {
    return GuestError.UNKNOWN_CONTEXT;
  }

  detachResource(): GuestErrorCode {
    return GuestError.UNKNOWN_CONTEXT;
  }

  transferToHost3d(_contextId: ContextId, resourceId: ResourceId, transfer: Transfer3d): GuestErrorCode {
    const surface = this.#surfaces.get(resourceId);
    if (surface === undefined) return GuestError.UNKNOWN_RESOURCE;
    return this.#upload(resourceId, surface, transfer, surface.backing);
  }

  transferFromHost3d(): GuestErrorCode {
    return GuestError.NOT_OFFERED;
  }

  transferThrough(): GuestErrorCode {
    return GuestError.NOT_OFFERED;
  }

  submit3d(): GuestErrorCode {
    return GuestError.UNKNOWN_CONTEXT;
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
    const surface = this.#surfaces.get(resourceId);
    if (surface === undefined) return GuestError.UNKNOWN_RESOURCE;
    if (x + width > surface.width || y + height > surface.height) return GuestError.OUT_OF_BOUNDS;
    const rowBytes = width * BYTES_PER_PIXEL;
    for (let row = 0; row < height; row++) {
      const from = (y + row) * surface.strideBytes + x * BYTES_PER_PIXEL;
      const to = offsetBytes + row * strideBytes;
      const line = target.bytes.subarray(to, to + rowBytes);
      if (surface.isDirect) surface.backing!.read(from, line);
      else line.set(ownPixels(surface).subarray(from, from + rowBytes));
      toBlueFirst(surface.format, target.bytes, to, width);
    }
    this.#ledger.count(reason, width * height * BYTES_PER_PIXEL, resourceId);
    if (!isBlueFirst(surface.format))
      this.#ledger.count(CopyReason.SWIZZLE, width * height * BYTES_PER_PIXEL, resourceId);
    return GuestError.NONE;
  }

  protected resourceBuffer(resourceId: ResourceId): ScanoutBuffer | null {
    const surface = this.#surfaces.get(resourceId);
    if (surface === undefined || !surface.isDirect || this.#exports === null) return null;
    return this.#exports.buffer(resourceId, surface.backing!, { ...surface, offsetBytes: 0 });
  }

  whenRendered(done: () => void): void {
    done();
  }

  describe(maxListed: number): RendererDescription {
    const surfaces = new Map<ResourceId, SurfaceFacts>(this.blobs.facts());
    for (const [id, surface] of this.#surfaces)
      surfaces.set(id, {
        ...surface,
        hostBytes: surface.pixels.length,
        copied: surface.isDirect ? null : surface.copied,
      });
    return describeSurfaces(surfaces, this.#ledger, maxListed);
  }

  createFence(contextId: ContextId, fenceId: number): void {
    this.#signalled.push({ contextId, fenceId });
  }

  flush(): void {}

  poll(sink: CompletionSink): void {
    for (const { contextId, fenceId } of this.#signalled.splice(0)) sink.fenceSignalled(contextId, fenceId);
  }

  finish(): void {}

  destroy(): void {
    this.#exports?.clear();
    this.#surfaces.clear();
    this.blobs.clear();
  }

  #setBacking(resourceId: ResourceId, backing: Backing | null): GuestErrorCode {
    if (this.blobs.setBacking(resourceId, backing)) return GuestError.NONE;
    const surface = this.#surfaces.get(resourceId);
    if (surface === undefined) return GuestError.UNKNOWN_RESOURCE;
    if (backing === null) this.#keepContents(resourceId, surface, ImportReason.DETACHED);
    surface.backing = backing;
    const reason = backing === null ? surface.copied : this.#copyReason(surface, backing);
    surface.isDirect = reason === null;
    surface.copied = reason ?? surface.copied;
    surface.isSuspended = false;
    return GuestError.NONE;
  }

  /** Why a backing that comes is not the picture; null: it is. */
  #copyReason({ pixels, strideBytes, height, isSuspended }: Surface, backing: Backing): ImportReasonCode | null {
    if (this.#exports === null) return this.#policyReason;
    // A picture that was transferred before stays as it is; a fresh one is what its memory holds.
    if (pixels !== NO_PIXELS) return isSuspended ? ImportReason.MEMORY_CHANGED : ImportReason.HAS_CONTENTS;
    return backing.sizeBytes < strideBytes * height ? ImportReason.BACKING_TOO_SMALL : null;
  }

  /** Guest memory is not the picture any more: what it shows is copied. */
  #keepContents(resourceId: ResourceId, surface: Surface, reason: ImportReasonCode): void {
    if (!surface.isDirect) return;
    surface.isDirect = false;
    surface.copied = reason;
    this.#exports!.forget(resourceId);
    surface.backing!.read(0, ownPixels(surface));
    this.#ledger.count(CopyReason.SNAPSHOT, surface.pixels.length, resourceId);
  }

  #upload(resourceId: ResourceId, surface: Surface, t: Transfer3d, backing: Backing | null): GuestErrorCode {
    if (backing === null) return GuestError.BAD_BACKING;
    const isInside =
      t.level === 0 && t.z === 0 && t.depth === 1 && t.x + t.width <= surface.width && t.y + t.height <= surface.height;
    if (!isInside) return GuestError.OUT_OF_BOUNDS;
    if (t.width === 0 || t.height === 0) return GuestError.NONE;
    const rowBytes = t.width * BYTES_PER_PIXEL;
    const strideBytes = t.strideBytes === 0 ? rowBytes : t.strideBytes;
    if (t.offsetBytes + strideBytes * (t.height - 1) + rowBytes > backing.sizeBytes) return GuestError.BAD_BACKING;
    if (surface.isDirect) {
      const at = t.y * surface.strideBytes + t.x * BYTES_PER_PIXEL;
      if (t.offsetBytes === at && (t.height === 1 || strideBytes === surface.strideBytes)) {
        this.#exports?.written(resourceId);
        return GuestError.NONE;
      }
      this.#keepContents(resourceId, surface, ImportReason.OTHER_LAYOUT);
    }
    const pixels = ownPixels(surface);
    for (let row = 0; row < t.height; row++) {
      const at = (t.y + row) * surface.strideBytes + t.x * BYTES_PER_PIXEL;
      backing.read(t.offsetBytes + row * strideBytes, pixels.subarray(at, at + rowBytes));
    }
    this.#ledger.count(CopyReason.UPLOAD, rowBytes * t.height, resourceId);
    return GuestError.NONE;
  }
}
