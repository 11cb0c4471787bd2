import { GuestError, type GuestErrorCode } from "../../../base/index.js";
import * as v from "../../../virgl/index.js";
import type { Transfer3d } from "../../renderer.js";
import { ResourceKind, type GlResource } from "../resource/index.js";

/**
 * One transfer, checked: a box of a level, and where its bytes are in guest memory. Reused, so that a transfer allocates nothing.
 * All numbers come from the guest; below 2^32 they are exact and sums of a few products stay below 2^53 only because `check`
 * bounds the box by the resource first.
 */
export class TransferBox {
  level = 0;
  x = 0;
  y = 0;
  z = 0;
  width = 0;
  height = 0;
  depth = 0;
  /** Of the first byte, in the backing. */
  offsetBytes = 0;
  strideBytes = 0;
  layerStrideBytes = 0;

  /** Derived by `check`: rows of blocks in a layer, bytes of such a row, and from the first byte to behind the last. */
  rows = 0;
  rowBytes = 0;
  spanBytes = 0;

  fromTransfer(transfer: Transfer3d): void {
    this.level = transfer.level;
    this.x = transfer.x;
    this.y = transfer.y;
    this.z = transfer.z;
    this.width = transfer.width;
    this.height = transfer.height;
    this.depth = transfer.depth;
    this.offsetBytes = transfer.offsetBytes;
    this.strideBytes = transfer.strideBytes;
    this.layerStrideBytes = transfer.layerStrideBytes;
  }

  /** The first bytes of a buffer, checked. */
  asBuffer(lengthBytes: number): void {
    this.level = this.x = this.y = this.z = this.offsetBytes = 0;
    this.width = this.rowBytes = this.spanBytes = this.strideBytes = this.layerStrideBytes = lengthBytes;
    this.height = this.depth = this.rows = 1;
  }

  /** Reads the eleven dwords that inline writes and stream transfers share (VIRGL_RESOURCE_IW_…). */
  fromStream(dw: Uint32Array, at: number, offsetBytes: number): void {
    this.level = dw[at + v.VIRGL_RESOURCE_IW_LEVEL]!;
    this.x = dw[at + v.VIRGL_RESOURCE_IW_X]!;
    this.y = dw[at + v.VIRGL_RESOURCE_IW_Y]!;
    this.z = dw[at + v.VIRGL_RESOURCE_IW_Z]!;
    this.width = dw[at + v.VIRGL_RESOURCE_IW_W]!;
    this.height = dw[at + v.VIRGL_RESOURCE_IW_H]!;
    this.depth = dw[at + v.VIRGL_RESOURCE_IW_D]!;
    this.offsetBytes = offsetBytes;
    this.strideBytes = dw[at + v.VIRGL_RESOURCE_IW_STRIDE]!;
    this.layerStrideBytes = dw[at + v.VIRGL_RESOURCE_IW_LAYER_STRIDE]!;
  }

  /** Becomes some rows of blocks of one layer of a checked box, tightly packed. */
  asBand(box: TransferBox, resource: GlResource, layer: number, row: number, rows: number): void {
    const { blockHeight } = resource.format;
    this.level = box.level;
    this.x = box.x;
    this.y = box.y + row * blockHeight;
    this.z = box.z + layer;
    this.width = box.width;
    this.height = Math.min(rows * blockHeight, box.height - row * blockHeight);
    this.depth = 1;
    this.offsetBytes = 0;
    this.rows = rows;
    this.rowBytes = box.rowBytes;
    this.strideBytes = box.rowBytes;
    this.spanBytes = rows * box.rowBytes;
    this.layerStrideBytes = this.spanBytes;
  }

  /** Nothing to move. Legal. */
  get isEmpty(): boolean {
    return this.width === 0 || this.height === 0 || this.depth === 0;
  }

  /** The box is the whole level. */
  isWholeLevel(resource: GlResource): boolean {
    return (
      this.width === resource.levelWidth(this.level) &&
      this.height === resource.levelHeight(this.level) &&
      this.depth === resource.levelLayers(this.level)
    );
  }

  /**
   * Checks the box against the resource and fills in strides and derived sizes. Stride 0 means that of the whole level, as in the
   * guest's own layout of a backing; layer stride 0: the stride times the level's rows. After it, the stride holds a row and the layer
   * stride holds the box's rows.
   */
  check(resource: GlResource): GuestErrorCode {
    if (this.level > resource.lastLevel) return GuestError.OUT_OF_BOUNDS;
    const levelWidth = resource.levelWidth(this.level);
    const levelHeight = resource.levelHeight(this.level);
    if (this.x + this.width > levelWidth || this.y + this.height > levelHeight) return GuestError.OUT_OF_BOUNDS;
    if (this.z + this.depth > resource.levelLayers(this.level)) return GuestError.OUT_OF_BOUNDS;
    const isBytes = resource.kind === ResourceKind.BUFFER || resource.kind === ResourceKind.BACKING_ONLY;
    const { blockWidth, blockHeight, blockBytes } = resource.format;
    if (isBytes) {
      this.rows = 1;
      this.rowBytes = this.width;
      this.strideBytes = this.width;
      this.layerStrideBytes = this.width;
      this.spanBytes = this.width;
      return GuestError.NONE;
    }
    if (this.x % blockWidth !== 0 || this.y % blockHeight !== 0) return GuestError.BAD_VALUE;
    const isRaggedX = this.width % blockWidth !== 0 && this.x + this.width !== levelWidth;
    const isRaggedY = this.height % blockHeight !== 0 && this.y + this.height !== levelHeight;
    if (isRaggedX || isRaggedY) return GuestError.BAD_VALUE;
    this.rows = Math.ceil(this.height / blockHeight);
    this.rowBytes = Math.ceil(this.width / blockWidth) * blockBytes;
    // A stride below a row has no right meaning, however few rows there are: layers are stepped over in rows of that stride.
    if (this.strideBytes === 0) this.strideBytes = Math.ceil(levelWidth / blockWidth) * blockBytes;
    else if (this.strideBytes < this.rowBytes) return GuestError.BAD_VALUE;
    const layerBytes = (this.rows - 1) * this.strideBytes + this.rowBytes;
    // What a single layer's stride says is not read at all: nobody behind this check sees a number that it did not bound.
    if (this.layerStrideBytes === 0 || this.depth <= 1)
      this.layerStrideBytes = this.strideBytes * Math.ceil(levelHeight / blockHeight);
    else if (this.layerStrideBytes < layerBytes) return GuestError.BAD_VALUE;
    this.spanBytes = (this.depth - 1) * this.layerStrideBytes + layerBytes;
    return GuestError.NONE;
  }
}
