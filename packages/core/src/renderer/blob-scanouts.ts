import type { GuestErrorCode } from "../base/index.js";
import { CopyReason, type CopyReasonCode, type Segment } from "../memory/index.js";
import type { BlobStore } from "./blob-store.js";
import type { BlobLayout, ResourceId, ScanoutBuffer, ScanoutExporter, ScanoutReader } from "./renderer.js";

/** What every renderer shows: untyped blobs, which are bytes to all of them alike, and resources of its own. */
export abstract class BlobScanouts implements ScanoutReader, ScanoutExporter {
  /** Blobs without a type. */
  protected readonly blobs: BlobStore;

  protected constructor(blobs: BlobStore) {
    this.blobs = blobs;
  }

  readScanout(
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
    if (this.blobs.has(resourceId))
      return this.blobs.read(resourceId, layout, x, y, width, height, target, offsetBytes, strideBytes, reason);
    return this.readResource(resourceId, x, y, width, height, target, offsetBytes, strideBytes, reason);
  }

  scanoutBuffer(resourceId: ResourceId, layout: BlobLayout | null): ScanoutBuffer | null {
    if (this.blobs.has(resourceId)) return this.blobs.scanoutBuffer(resourceId, layout);
    return this.resourceBuffer(resourceId);
  }

  abstract whenRendered(done: () => void): void;

  /** `readScanout` of what is no blob. */
  protected abstract readResource(
    resourceId: ResourceId,
    x: number,
    y: number,
    width: number,
    height: number,
    target: Segment,
    offsetBytes: number,
    strideBytes: number,
    reason: CopyReasonCode,
  ): GuestErrorCode;

  /** `scanoutBuffer` of what is no blob. */
  protected abstract resourceBuffer(resourceId: ResourceId): ScanoutBuffer | null;
}
