import type { GlesHost } from "../gles-host.js";
import type { SamplerView } from "../objects/sampler-view.js";
import * as gl from "../state/gl-enum.js";
import type { SubContext } from "../sub-context.js";
import type { Program } from "./program.js";

/** R, G, B, A, ZERO, ONE. */
const SWIZZLE_VALUES = Uint16Array.of(gl.RED, gl.GREEN, gl.BLUE, gl.ALPHA, gl.ZERO, gl.ONE, gl.ZERO, gl.ZERO);

function emitSwizzle(host: GlesHost, target: number, packed: number): void {
  const { encoder } = host;
  encoder.texParameteri(target, gl.TEXTURE_SWIZZLE_R, SWIZZLE_VALUES[packed & 7]!);
  encoder.texParameteri(target, gl.TEXTURE_SWIZZLE_G, SWIZZLE_VALUES[(packed >>> 3) & 7]!);
  encoder.texParameteri(target, gl.TEXTURE_SWIZZLE_B, SWIZZLE_VALUES[(packed >>> 6) & 7]!);
  encoder.texParameteri(target, gl.TEXTURE_SWIZZLE_A, SWIZZLE_VALUES[(packed >>> 9) & 7]!);
}

function isMultisample(target: number): boolean {
  return target === gl.TEXTURE_2D_MULTISAMPLE || target === gl.TEXTURE_2D_MULTISAMPLE_ARRAY;
}

function emitStencilMode(host: GlesHost, target: number, stencil: number): void {
  const mode = stencil === 1 ? gl.STENCIL_INDEX : gl.DEPTH_COMPONENT;
  host.encoder.texParameteri(target, gl.DEPTH_STENCIL_TEXTURE_MODE, mode);
}

/** Parameters of a texture that belongs to the view alone: once. */
function emitOwnParameters(host: GlesHost, view: SamplerView): void {
  const { glTarget } = view;
  view.ownParametersSet = true;
  host.bindings.textureForEdit(glTarget, view.name);
  if (!isMultisample(glTarget)) {
    host.encoder.texParameteri(glTarget, gl.TEXTURE_BASE_LEVEL, view.firstLevel);
    host.encoder.texParameteri(glTarget, gl.TEXTURE_MAX_LEVEL, view.lastLevel);
  }
  emitSwizzle(host, glTarget, view.swizzle);
  if (view.stencilMode === 1) emitStencilMode(host, glTarget, 1);
}

/** Parameters of the resource's texture, which its views share: those that the last view left different. */
function emitSharedParameters(host: GlesHost, view: SamplerView): void {
  const { resource, glTarget } = view;
  const multisample = isMultisample(glTarget);
  const levels = !multisample && (resource.texBase !== view.firstLevel || resource.texMax !== view.lastLevel);
  const swizzle = resource.texSwizzle !== view.swizzle;
  const mode = resource.format.isStencil && resource.texDsMode !== view.stencilMode;
  const decode = resource.format.isSrgb && resource.texSrgbDecode !== view.skipDecode;
  if (!levels && !swizzle && !mode && !decode) return;
  host.bindings.textureForEdit(glTarget, view.name);
  if (levels) {
    resource.texBase = view.firstLevel;
    resource.texMax = view.lastLevel;
    host.encoder.texParameteri(glTarget, gl.TEXTURE_BASE_LEVEL, view.firstLevel);
    host.encoder.texParameteri(glTarget, gl.TEXTURE_MAX_LEVEL, view.lastLevel);
  }
  if (swizzle) {
    resource.texSwizzle = view.swizzle;
    emitSwizzle(host, glTarget, view.swizzle);
  }
  if (mode) {
    resource.texDsMode = view.stencilMode;
    if (host.caps.features.stencilTexturing) emitStencilMode(host, glTarget, view.stencilMode);
  }
  if (decode) {
    resource.texSrgbDecode = view.skipDecode;
    const value = view.skipDecode === 1 ? gl.SKIP_DECODE : gl.DECODE;
    if (host.caps.features.textureSrgbDecode) host.encoder.texParameteri(glTarget, gl.TEXTURE_SRGB_DECODE, value);
  }
}

/** Binds what the program's samplers read; a slot without a fitting view reads an incomplete texture: (0, 0, 0, 1). */
export function emitTextures(host: GlesHost, sub: SubContext, program: Program): void {
  const { samplers } = program;
  for (let i = 0; i < samplers.length; i++) {
    const sampler = samplers[i]!;
    const stage = sampler.stage === 0 ? sub.vertexStage : sub.fragmentStage;
    const view = stage.views[sampler.guestSampler]!;
    if (view === null || view.glTarget !== sampler.target) {
      host.bindings.texture(sampler.unit, sampler.target, 0);
      continue;
    }
    if (!view.ownsTexture) emitSharedParameters(host, view);
    else if (!view.ownParametersSet) emitOwnParameters(host, view);
    host.bindings.texture(sampler.unit, sampler.target, view.name);
    const state = stage.samplers[sampler.guestSampler] ?? null;
    const skipDecode = host.caps.features.textureSrgbDecode ? view.skipDecode : 0;
    host.bindings.sampler(sampler.unit, state === null ? 0 : state.nameFor(host, view.format, skipDecode));
  }
}
