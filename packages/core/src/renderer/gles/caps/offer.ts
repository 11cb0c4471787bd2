/**
 * What of virgl this device can keep on a given host, capability by capability: the host's part of the answer. The command
 * table's part is asked separately (`virgl/cap-requirements.ts`); both must agree before anything is offered.
 */
import type { GlCaps } from "../../../gl/index.js";
import type { BsetName, CapabilityName, CapabilityV2Name } from "../../../virgl/index.js";

type HostTest = (caps: GlCaps) => boolean;
const always: HostTest = () => true;

/** Bits of `virgl_caps_bool_set1`. Not listed: not offered (conditional rendering, tessellation, indirect draws, …). */
export const OFFERED_BSET: readonly (readonly [BsetName, HostTest])[] = [
  ["indep_blend_enable", (caps) => caps.features.drawBuffersIndexed],
  ["indep_blend_func", (caps) => caps.features.drawBuffersIndexed],
  // OpenGL ES 3.0 guests restart at the largest index of the type, which is what ES hosts do.
  ["primitive_restart", always],
  ["start_instance", always],
  ["blend_eq_sep", always],
  ["instanceid", always],
  ["vertex_element_instance_divisor", always],
  ["seamless_cube_map", always],
  ["occlusion_query", always],
  ["timer_query", (caps) => caps.features.timerQuery],
  ["streamout_pause_resume", always],
  // Without it a guest finds no multisample format at all. OpenGL ES 3.0 hosts have multisampled renderbuffers only; their guests
  // get no further than OpenGL ES 3.0 either, which does not sample multisampled textures.
  ["texture_multisample", (caps) => caps.features.textureMultisample || caps.limits.samples > 1],
  ["depth_clip_disable", (caps) => caps.features.depthClamp],
  ["ubo", always],
  // Where a fragment's coordinates are counted from. The C server offers it on desktop GL only, and on GLES counts from the first row
  // in memory whatever the shader declares; frames are to be equal to its frames on both.
  ["fragment_coord_conventions", (caps) => !caps.isGles],
  ["polygon_offset_clamp", (caps) => caps.features.polygonOffsetClamp],
];

/** Bits VIRGL_CAP_. */
export const OFFERED_CAPABILITIES: readonly (readonly [CapabilityName, HostTest])[] = [
  ["TRANSFER", always],
  ["COPY_TRANSFER", always],
  // Also on desktop GL: our shaders are OpenGL ES shaders there too, so guests must keep to what those can do.
  ["HOST_IS_GLES", always],
  ["FBO_MIXED_COLOR_FORMATS", always],
  ["TGSI_INVARIANT", always],
  ["SRGB_WRITE_CONTROL", (caps) => !caps.isGles || caps.features.srgbWriteControl],
  ["COPY_IMAGE", (caps) => caps.features.copyImage],
  ["CLEAR_TEXTURE", always],
  ["ROBUST_BUFFER_ACCESS", (caps) => caps.features.robustness],
];

/**
 * Bits VIRGL_CAP_V2_. COPY_TRANSFER_BOTH_DIRECTIONS is left out on purpose: with it guests give textures one page of
 * backing, which could then never be imported.
 */
export const OFFERED_CAPABILITIES_V2: readonly (readonly [CapabilityV2Name, HostTest])[] = [
  ["MIRROR_CLAMP_TO_EDGE", (caps) => caps.features.textureMirrorClampToEdge],
  ["SSO", always],
  ["RESOURCE_LAYOUT", always],
];
