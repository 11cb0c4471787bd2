import { GuestError, type GuestErrorCode } from "../../../base/index.js";
import { CopyReason } from "../../../memory/index.js";
import * as v from "../../../virgl/index.js";
import type { GlesHost } from "../gles-host.js";
import { ResourceKind, type GlResource } from "../resource/index.js";
import type { VirglContext } from "../virgl-context.js";
import type { TextureUpload } from "./texture-upload.js";
import { TransferBox } from "./transfer-box.js";

/** Bytes that are staged at once. */
const BAND_BYTES = 1 << 20;
const UPLOAD_WORDS = 256;

/** VIRGL_CCMD_CLEAR_TEXTURE: fills a box with one texel, whose bytes in the resource's format follow the box. */
export class TextureFill {
  readonly #host: GlesHost;
  readonly #upload: TextureUpload;
  readonly #whole = new TransferBox();
  readonly #band = new TransferBox();

  constructor(host: GlesHost, upload: TextureUpload) {
    this.#host = host;
    this.#upload = upload;
  }

  clearTexture(ctx: VirglContext, dw: Uint32Array, at: number): GuestErrorCode {
    const resource = ctx.resource(dw[at + v.VIRGL_TEXTURE_HANDLE]!);
    if (resource === undefined) return GuestError.UNKNOWN_RESOURCE;
    if (resource.kind !== ResourceKind.TEXTURE && resource.kind !== ResourceKind.RENDERBUFFER)
      return GuestError.BAD_VALUE;
    if (resource.format.isCompressed) return GuestError.BAD_VALUE;
    const box = this.#whole;
    box.level = dw[at + v.VIRGL_TEXTURE_LEVEL]!;
    box.x = dw[at + v.VIRGL_TEXTURE_SRC_X]!;
    box.y = dw[at + v.VIRGL_TEXTURE_SRC_Y]!;
    box.z = dw[at + v.VIRGL_TEXTURE_SRC_Z]!;
    box.width = dw[at + v.VIRGL_TEXTURE_SRC_W]!;
    box.height = dw[at + v.VIRGL_TEXTURE_SRC_H]!;
    box.depth = dw[at + v.VIRGL_TEXTURE_SRC_D]!;
    box.offsetBytes = 0;
    box.strideBytes = 0;
    box.layerStrideBytes = 0;
    const error = box.check(resource);
    if (error !== GuestError.NONE || box.isEmpty) return error;
    if (resource.samples > 1 || resource.kind === ResourceKind.RENDERBUFFER) {
      return this.#host.leaveOut(`clear of a multisampled ${resource.format.name} texture by texel`);
    }
    this.#fill(resource, box, dw, at + v.VIRGL_TEXTURE_ARRAY_A);
    return GuestError.NONE;
  }

  #fill(resource: GlResource, box: TransferBox, dw: Uint32Array, texelAt: number): void {
    const { encoder, ledger } = this.#host;
    const { blockBytes } = resource.format;
    const band = this.#band;
    const bandRows = Math.max(1, Math.min(box.height, Math.floor(BAND_BYTES / box.rowBytes)));
    this.#upload.prepare(resource, box);
    for (let layer = 0; layer < box.depth; layer++) {
      for (let y = 0; y < box.height; y += bandRows) {
        band.asBand(box, resource, layer, y, Math.min(bandRows, box.height - y));
        encoder.reserve(UPLOAD_WORDS);
        const staged = encoder.stage(band.spanBytes);
        const { staging } = encoder;
        for (let i = 0; i < blockBytes; i++) staging[staged + i] = (dw[texelAt + (i >>> 2)]! >>> ((i & 3) * 8)) & 0xff;
        for (let done = blockBytes; done < band.spanBytes; done *= 2) {
          staging.copyWithin(staged + done, staged, staged + Math.min(done, band.spanBytes - done));
        }
        this.#upload.uploadStaged(resource, band, staged);
        ledger.count(CopyReason.INLINE, band.spanBytes, resource.id);
      }
    }
  }
}
