import { GuestError, type GuestErrorCode } from "../base/index.js";
import { CopyReason, type Backing, type CopyLedger, type CopyReasonCode, type Segment } from "../memory/index.js";
import type { SurfaceFacts } from "./describe-surfaces.js";
import { isBlueFirst, toBlueFirst } from "./pixel-order.js";
import type { Blob, BlobLayout, ResourceId, ScanoutBuffer } from "./renderer.js";
import type { ScanoutMemory } from "./scanout-memory.js";

const BYTES_PER_PIXEL = 4;

interface StoredBlob {
  readonly sizeBytes: number;
  backing: Backing | null;
}

/**
 * Untyped blobs of a renderer: bytes that the guest writes and that scanouts read where they are. Nothing is kept of them, so
 * nothing needs to be transferred.
 */
export class BlobStore {
  readonly #ledger: CopyLedger;
  readonly #exports: ScanoutMemory | null;
  readonly #blobs = new Map<ResourceId, StoredBlob>();

  /** @param exports null: displays read pixels */
  constructor(ledger: CopyLedger, exports: ScanoutMemory | null) {
    this.#ledger = ledger;
    this.#exports = exports;
  }

  has(resourceId: ResourceId): boolean {
    return this.#blobs.has(resourceId);
  }

  /** The memory of a blob, or null: there is no such blob, or nothing is attached. */
  backing(resourceId: ResourceId): Backing | null {
    return this.#blobs.get(resourceId)?.backing ?? null;
  }

  /** Takes untyped blobs only: a typed one is an object of a context, which is not known here. */
  create(resourceId: ResourceId, blob: Blob, backing: Backing | null): GuestErrorCode {
    if (resourceId === 0) return GuestError.BAD_VALUE;
    if (blob.blobId !== 0) return GuestError.UNKNOWN_HANDLE;
    if (this.#blobs.has(resourceId)) return GuestError.ALREADY_EXISTS;
    this.#blobs.set(resourceId, { sizeBytes: blob.sizeBytes, backing });
    return GuestError.NONE;
  }

  /** @returns false when there is no such blob */
  unref(resourceId: ResourceId): boolean {
    if (!this.#blobs.delete(resourceId)) return false;
    this.#exports?.forget(resourceId);
    this.#ledger.forget(resourceId);
    return true;
  }

  /** @returns false when there is no such blob */
  setBacking(resourceId: ResourceId, backing: Backing | null): boolean {
    const blob = this.#blobs.get(resourceId);
    if (blob === undefined) return false;
    blob.backing = backing;
    this.#exports?.forget(resourceId);
    return true;
  }

  /** The same bytes through other spans. @returns false when there is no such blob */
  resume(resourceId: ResourceId, backing: Backing): boolean {
    const blob = this.#blobs.get(resourceId);
    if (blob === undefined) return false;
    blob.backing = backing;
    this.#exports?.moved(resourceId, backing);
    return true;
  }

  /** `ScanoutExporter.scanoutBuffer` for a blob: its bytes as the layout sees them, where they are. */
  scanoutBuffer(resourceId: ResourceId, layout: BlobLayout | null): ScanoutBuffer | null {
    const blob = this.#blobs.get(resourceId);
    if (blob === undefined || blob.backing === null || layout === null || this.#exports === null) return null;
    if (endOf(layout) > blob.sizeBytes) return null;
    const buffer = this.#exports.buffer(resourceId, blob.backing, layout);
    // Nobody transfers a blob: it is asked for when it is about to be shown.
    if (buffer !== null && buffer.isDmaBuf && this.#exports.needsSync) this.#exports.written(resourceId);
    return buffer;
  }

  /** For descriptions: a blob is a row of bytes without a copy of ours. */
  *facts(): Generator<[ResourceId, SurfaceFacts]> {
    for (const [id, { sizeBytes, backing }] of this.#blobs)
      yield [
        id,
        {
          format: 0,
          width: sizeBytes,
          height: 1,
          hostBytes: 0,
          backing,
          copied: null,
          refused: this.#exports?.refusalOf(id) ?? null,
        },
      ];
  }

  clear(): void {
    this.#exports?.clear();
    this.#blobs.clear();
  }

  /** `ScanoutReader.readScanout` for a blob: rows go straight from the blob's memory to the target. */
  read(
    resourceId: ResourceId,
    layout: BlobLayout | null,
    x: number,
    y: number,
    width: number,
    height: number,
    target: Segment,
    offsetBytes: number,
    strideBytes: number,
    reason: CopyReasonCode,
  ): GuestErrorCode {
    const blob = this.#blobs.get(resourceId);
    if (blob === undefined) return GuestError.UNKNOWN_RESOURCE;
    if (layout === null) return GuestError.BAD_VALUE;
    if (x + width > layout.width || y + height > layout.height) return GuestError.OUT_OF_BOUNDS;
    const { backing } = blob;
    const rowBytes = width * BYTES_PER_PIXEL;
    const start = layout.offsetBytes + y * layout.strideBytes + x * BYTES_PER_PIXEL;
    const end = start + (height - 1) * layout.strideBytes + rowBytes;
    if (backing === null || end > Math.min(backing.sizeBytes, blob.sizeBytes)) return GuestError.BAD_BACKING;
    for (let row = 0; row < height; row++) {
      const to = offsetBytes + row * strideBytes;
      backing.read(start + row * layout.strideBytes, target.bytes.subarray(to, to + rowBytes));
      toBlueFirst(layout.format, target.bytes, to, width);
    }
    this.#ledger.count(reason, rowBytes * height, resourceId);
    if (!isBlueFirst(layout.format)) this.#ledger.count(CopyReason.SWIZZLE, rowBytes * height, resourceId);
    return GuestError.NONE;
  }
}

/** Behind the last byte that the layout describes. */
function endOf({ offsetBytes, strideBytes, width, height }: BlobLayout): number {
  return offsetBytes + strideBytes * (height - 1) + width * BYTES_PER_PIXEL;
}
