import type { GlesHost } from "../gles-host.js";
import type { GlResource } from "./gl-resource.js";

/** Times that a texture is rendered to before it counts as one that is rendered to every frame. */
const YOUNG_RENDERINGS = 16;

/**
 * Call before rendering to `resource` through another framebuffer than before.
 *
 * WORKAROUND(llvmpipe, seen with Mesa 22.3): binding a texture for sampling waits for all rendering while any of the driver's scenes has
 * it as a colour buffer, and a scene keeps its colour buffers until its slot is used again. Slots beyond the first are used only while
 * earlier scenes are still being drawn, as when an application starts: a texture that was rendered to then is in one for good, and each
 * use of it costs a flush and a wait (17 a frame in glmark2's `desktop`). Rendered to while nothing else is under way, it is in the
 * first slot, which the next scene takes. See docs/decisions/0005-llvmpipe-scenes.md.
 */
export function beforeRenderingTo(host: GlesHost, resource: GlResource): void {
  if (!host.keepsScenes || resource.renderings >= YOUNG_RENDERINGS) return;
  resource.renderings++;
  host.encoder.finishDriver();
}
