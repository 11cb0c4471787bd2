import { GuestError, type GuestErrorCode } from "../../../base/index.js";
import { GL } from "../../../gl/index.js";
import * as v from "../../../virgl/index.js";
import type { GlesHost } from "../gles-host.js";
import { ResourceKind, type GlResource } from "../resource/index.js";
import type { VirglContext } from "../virgl-context.js";

const bytes = new Uint8Array(v.VIRGL_RESOURCE_LAYOUT_BYTES);
const words = new DataView(bytes.buffer);

/**
 * VIRGL_CCMD_GET_PIPE_RESOURCE_LAYOUT: writes a `virgl_resource_layout` to the first bytes of another resource. Imported memory is told as
 * it lies; of other pictures the linear layout that this host would take in place, so that a guest can learn its rules. No planes: neither.
 */
export function getResourceLayout(host: GlesHost, ctx: VirglContext, dw: Uint32Array, at: number): GuestErrorCode {
  const out = ctx.resource(dw[at + v.VIRGL_RESOURCE_LAYOUT_HANDLE_OUT]!);
  const resource = ctx.resource(dw[at + v.VIRGL_RESOURCE_LAYOUT_HANDLE_TARGET]!);
  if (out === undefined || resource === undefined) return GuestError.UNKNOWN_RESOURCE;
  bytes.fill(0);
  const { imported } = resource;
  const strideBytes = imported === null ? wantedStride(host, resource) : imported.strideBytes;
  if (strideBytes !== 0) {
    words.setUint32(v.VIRGL_RESOURCE_LAYOUT_NUM_PLANES, 1, true);
    words.setUint32(v.VIRGL_RESOURCE_LAYOUT_PLANE0_OFFSET, imported?.offsetBytes ?? 0, true);
    words.setUint32(v.VIRGL_RESOURCE_LAYOUT_PLANE0_STRIDE, strideBytes, true);
    words.setUint32(v.VIRGL_RESOURCE_LAYOUT_PLANE0_SIZE, strideBytes * resource.height, true);
  }
  return host.transfers.answer(out, bytes);
}

/** 0: nothing of this kind is imported. */
function wantedStride(host: GlesHost, { kind, format, glTarget, lastLevel, samples, width }: GlResource): number {
  const isFlat = kind === ResourceKind.TEXTURE && glTarget === GL.TEXTURE_2D && lastLevel === 0 && samples <= 1;
  return isFlat && !format.isCompressed ? host.imports.strideFor(width, format.blockBytes) : 0;
}
