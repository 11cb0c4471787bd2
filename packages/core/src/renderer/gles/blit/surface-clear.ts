import { GuestError, type GuestErrorCode } from "../../../base/index.js";
import { GL } from "../../../gl/index.js";
import * as v from "../../../virgl/index.js";
import { ColorType } from "../format/index.js";
import type { GlesHost } from "../gles-host.js";
import { Surface } from "../objects/surface.js";
import { attachLayer, attachmentPoint } from "../resource/index.js";
import { Cap } from "../state/gl-state.js";
import type { VirglContext } from "../virgl-context.js";
import type { InternalDraw } from "./internal-draw.js";

const words = new Uint32Array(4);
const floats = new Float32Array(words.buffer);
const ints = new Int32Array(words.buffer);
const doubles = new Float64Array(words.buffer);

/** VIRGL_CCMD_CLEAR_SURFACE: a rectangle of a surface, all its layers. Colour as 4 words, or depth as f64 and stencil. */
export function clearSurface(
  host: GlesHost,
  internal: InternalDraw,
  ctx: VirglContext,
  dw: Uint32Array,
  at: number,
): GuestErrorCode {
  const surface = ctx.sub.objects.get(dw[at + v.VIRGL_CLEAR_SURFACE_HANDLE]!);
  if (surface === undefined) return GuestError.UNKNOWN_HANDLE;
  if (!(surface instanceof Surface)) return GuestError.WRONG_OBJECT_TYPE;
  if (!surface.canRender) return host.leaveOut(`clear of ${surface.format.name}`);
  const x = dw[at + v.VIRGL_CLEAR_SURFACE_DST_X]!;
  const y = dw[at + v.VIRGL_CLEAR_SURFACE_DST_Y]!;
  const width = dw[at + v.VIRGL_CLEAR_SURFACE_WIDTH]!;
  const height = dw[at + v.VIRGL_CLEAR_SURFACE_HEIGHT]!;
  if (x + width > surface.width || y + height > surface.height) return GuestError.OUT_OF_BOUNDS;
  const buffers = v.VIRGL_CLEAR_SURFACE_S0_BUFFERS(dw[at + v.VIRGL_CLEAR_SURFACE_S0]!);
  const { resource } = surface;
  const isZs = surface.format.isDepth || surface.format.isStencil;
  if (isZs === ((buffers & v.PIPE_CLEAR_COLOR0) !== 0)) return GuestError.BAD_VALUE;
  for (let i = 0; i < 4; i++) words[i] = dw[at + v.VIRGL_CLEAR_SURFACE_COLOR_0 + i]!;
  host.beginInternal();
  internal.plainState();
  host.state.enable(Cap.SCISSOR_TEST, true);
  host.state.scissor(x, y, width, height);
  host.state.bindDrawFramebuffer(internal.drawFramebuffer);
  for (let layer = surface.firstLayer; layer <= surface.lastLayer; layer++) {
    attachLayer(
      host,
      GL.DRAW_FRAMEBUFFER,
      attachmentPoint(resource),
      resource,
      surface.level,
      layer,
      surface.textureName,
    );
    if (isZs) clearDepthStencil(host, buffers, surface);
    else clearColor(host, surface);
  }
  internal.detachAll(GL.DRAW_FRAMEBUFFER);
  host.endInternal();
  return GuestError.NONE;
}

function clearDepthStencil({ encoder }: GlesHost, buffers: number, { format }: Surface): void {
  const clearsDepth = format.isDepth && (buffers & v.PIPE_CLEAR_DEPTH) !== 0;
  const clearsStencil = format.isStencil && (buffers & v.PIPE_CLEAR_STENCIL) !== 0;
  const depth = doubles[0]!;
  const stencil = words[2]! & 0xff;
  if (clearsDepth && clearsStencil) encoder.clearBufferfi(GL.DEPTH_STENCIL, 0, depth, stencil);
  else if (clearsDepth) encoder.clearBufferfv(GL.DEPTH, 0, depth, 0, 0, 0);
  else if (clearsStencil) encoder.clearBufferiv(GL.STENCIL, 0, stencil, 0, 0, 0);
}

function clearColor({ encoder }: GlesHost, { format }: Surface): void {
  const r = format.swapRB ? 2 : 0;
  const b = 2 - r;
  if (format.colorType === ColorType.UINT)
    encoder.clearBufferuiv(GL.COLOR, 0, words[r]!, words[1]!, words[b]!, words[3]!);
  else if (format.colorType === ColorType.INT)
    encoder.clearBufferiv(GL.COLOR, 0, ints[r]!, ints[1]!, ints[b]!, ints[3]!);
  else encoder.clearBufferfv(GL.COLOR, 0, floats[r]!, floats[1]!, floats[b]!, floats[3]!);
}
