import { GuestError, type GuestErrorCode } from "../../base/index.js";
import { Backing, CopyReason, type CopyReasonCode, type Segment } from "../../memory/index.js";
import { VirglFormat } from "../../virgl/index.js";
import type { GlesHost } from "./gles-host.js";
import type { GlResource } from "./resource/index.js";

const BYTES_PER_PIXEL = 4;

/** Formats whose bytes are red first: turned round after the read. */
const RED_FIRST: ReadonlySet<number> = new Set([
  VirglFormat.R8G8B8A8_UNORM,
  VirglFormat.R8G8B8X8_UNORM,
  VirglFormat.R8G8B8A8_SRGB,
  VirglFormat.R8G8B8X8_SRGB,
]);
const BLUE_FIRST: ReadonlySet<number> = new Set([
  VirglFormat.B8G8R8A8_UNORM,
  VirglFormat.B8G8R8X8_UNORM,
  VirglFormat.B8G8R8A8_SRGB,
  VirglFormat.B8G8R8X8_SRGB,
]);

/** Reads scanouts for displays without import: the resource's bytes, blue first. See `ScanoutReader` for the contract. */
export class GlesScanoutReader {
  readonly #host: GlesHost;

  constructor(host: GlesHost) {
    this.#host = host;
  }

  read(
    resource: GlResource,
    x: number,
    y: number,
    width: number,
    height: number,
    target: Segment,
    offsetBytes: number,
    strideBytes: number,
    reason: CopyReasonCode,
  ): GuestErrorCode {
    const format = resource.format.virglFormat;
    const isRedFirst = RED_FIRST.has(format);
    if (!isRedFirst && !BLUE_FIRST.has(format)) return GuestError.UNKNOWN_FORMAT;
    const lengthBytes = strideBytes * (height - 1) + width * BYTES_PER_PIXEL;
    if (offsetBytes + lengthBytes > target.bytes.length) return GuestError.OUT_OF_BOUNDS;
    const backing = new Backing([{ segment: target, offsetBytes, lengthBytes }]);
    const box = { level: 0, x, y, z: 0, width, height, depth: 1, offsetBytes: 0, strideBytes, layerStrideBytes: 0 };
    const code = this.#host.transfers.through(resource, box, backing, "from-host", reason);
    if (code !== GuestError.NONE) return code;
    if (isRedFirst) this.#exchange(resource, target.bytes, width, height, offsetBytes, strideBytes);
    return code;
  }

  #exchange(
    resource: GlResource,
    bytes: Uint8Array,
    width: number,
    height: number,
    offset: number,
    stride: number,
  ): void {
    for (let row = 0; row < height; row++) {
      const start = offset + row * stride;
      for (let at = start; at < start + width * BYTES_PER_PIXEL; at += BYTES_PER_PIXEL) {
        const red = bytes[at]!;
        bytes[at] = bytes[at + 2]!;
        bytes[at + 2] = red;
      }
    }
    this.#host.ledger.count(CopyReason.SWIZZLE, width * height * BYTES_PER_PIXEL, resource.id);
  }
}
