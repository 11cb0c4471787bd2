import { Dirty } from "../dirty.js";
import type { GlesHost } from "../gles-host.js";
import { Cap } from "../state/gl-state.js";
import type { SubContext } from "../sub-context.js";

/**
 * Binds the framebuffer of the sub-context's surfaces for drawing and switches sRGB encoding to what they want.
 * @returns false when nothing is attached, or nothing that GLES can draw to.
 */
export function emitFramebuffer(host: GlesHost, sub: SubContext): boolean {
  let entry = sub.framebuffer;
  if (entry === null) {
    entry = host.framebuffers.get(sub.colorSurfaces, sub.colorCount, sub.depthSurface);
    if (entry === null) return false;
    sub.framebuffer = entry;
  }
  if (!entry.isComplete) return false;
  host.state.bindDrawFramebuffer(entry.name);
  let encodes = false;
  for (let i = 0; i < sub.colorCount; i++) {
    const surface = sub.colorSurfaces[i]!;
    if (surface !== null && surface.format.isSrgb) encodes = true;
  }
  host.state.enable(Cap.FRAMEBUFFER_SRGB, encodes);
  if (sub.systemValues[3] !== entry.height) {
    sub.systemValues[3] = entry.height;
    sub.dirty |= Dirty.SYSTEM_VALUES;
  }
  return true;
}
