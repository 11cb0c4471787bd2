import type { CommandSet } from "./command-set.js";
import * as p from "./protocol/index.js";
import type { BsetName, CapabilityName, CapabilityV2Name } from "./protocol/caps.js";

/**
 * Which commands a capability promises. The host probe decides whether the *driver* can; this decides whether *we* can.
 * A capability that is not listed needs nothing beyond the core commands.
 */
interface Requirement {
  readonly commands?: readonly number[];
  readonly objects?: readonly number[];
}

const QUERY: Requirement = {
  commands: [p.VIRGL_CCMD_BEGIN_QUERY, p.VIRGL_CCMD_END_QUERY, p.VIRGL_CCMD_GET_QUERY_RESULT],
  objects: [p.VIRGL_OBJECT_QUERY],
};
const STREAMOUT: Requirement = {
  commands: [p.VIRGL_CCMD_SET_STREAMOUT_TARGETS],
  objects: [p.VIRGL_OBJECT_STREAMOUT_TARGET],
};

const BSET: Partial<Record<BsetName, Requirement>> = {
  conditional_render: { commands: [p.VIRGL_CCMD_SET_RENDER_CONDITION] },
  conditional_render_inverted: { commands: [p.VIRGL_CCMD_SET_RENDER_CONDITION] },
  occlusion_query: QUERY,
  timer_query: QUERY,
  transform_feedback_overflow_query: QUERY,
  streamout_pause_resume: STREAMOUT,
  texture_multisample: { commands: [p.VIRGL_CCMD_SET_SAMPLE_MASK] },
  ubo: { commands: [p.VIRGL_CCMD_SET_UNIFORM_BUFFER] },
  poly_stipple: { commands: [p.VIRGL_CCMD_SET_POLYGON_STIPPLE] },
  has_tessellation_shaders: { commands: [p.VIRGL_CCMD_SET_TESS_STATE] },
  has_sample_shading: { commands: [p.VIRGL_CCMD_SET_MIN_SAMPLES] },
};

const CAPABILITIES: Partial<Record<CapabilityName, Requirement>> = {
  SET_MIN_SAMPLES: { commands: [p.VIRGL_CCMD_SET_MIN_SAMPLES] },
  COPY_IMAGE: { commands: [p.VIRGL_CCMD_RESOURCE_COPY_REGION] },
  MEMORY_BARRIER: { commands: [p.VIRGL_CCMD_MEMORY_BARRIER] },
  COMPUTE_SHADER: { commands: [p.VIRGL_CCMD_LAUNCH_GRID, p.VIRGL_CCMD_MEMORY_BARRIER] },
  FB_NO_ATTACH: { commands: [p.VIRGL_CCMD_SET_FRAMEBUFFER_STATE_NO_ATTACH] },
  TEXTURE_BARRIER: { commands: [p.VIRGL_CCMD_TEXTURE_BARRIER] },
  QBO: { commands: [p.VIRGL_CCMD_GET_QUERY_RESULT_QBO] },
  TRANSFER: { commands: [p.VIRGL_CCMD_TRANSFER3D] },
  COPY_TRANSFER: { commands: [p.VIRGL_CCMD_COPY_TRANSFER3D] },
  APP_TWEAK_SUPPORT: { commands: [p.VIRGL_CCMD_SET_TWEAKS] },
  CLEAR_TEXTURE: { commands: [p.VIRGL_CCMD_CLEAR_TEXTURE] },
  // Beside the command it needs coherent mappings of GL buffers, which `offer.ts` decides.
  ARB_BUFFER_STORAGE: { commands: [p.VIRGL_CCMD_PIPE_RESOURCE_CREATE] },
  TRANSFORM_FEEDBACK3: STREAMOUT,
};

const CAPABILITIES_V2: Partial<Record<CapabilityV2Name, Requirement>> = {
  MEMINFO: { commands: [p.VIRGL_CCMD_GET_MEMORY_INFO] },
  STRING_MARKER: { commands: [p.VIRGL_CCMD_SEND_STRING_MARKER] },
  UNTYPED_RESOURCE: { commands: [p.VIRGL_CCMD_PIPE_RESOURCE_SET_TYPE] },
  IMPLICIT_MSAA: { objects: [p.VIRGL_OBJECT_MSAA_SURFACE] },
  COPY_TRANSFER_BOTH_DIRECTIONS: { commands: [p.VIRGL_CCMD_COPY_TRANSFER3D] },
  PIPELINE_STATISTICS_QUERY: QUERY,
  RESOURCE_LAYOUT: { commands: [p.VIRGL_CCMD_GET_PIPE_RESOURCE_LAYOUT] },
};

/** Capabilities that are plain numbers: 0 (not offered) when a command is missing. */
const LIMITS = {
  max_streamout_buffers: STREAMOUT,
  max_uniform_blocks: { commands: [p.VIRGL_CCMD_SET_UNIFORM_BUFFER] },
  max_samples: { commands: [p.VIRGL_CCMD_SET_SAMPLE_MASK, p.VIRGL_CCMD_BLIT] },
  max_shader_buffer: { commands: [p.VIRGL_CCMD_SET_SHADER_BUFFERS] },
  max_shader_image: { commands: [p.VIRGL_CCMD_SET_SHADER_IMAGES] },
  max_atomic_counters: { commands: [p.VIRGL_CCMD_SET_ATOMIC_BUFFERS] },
} as const satisfies Readonly<Record<string, Requirement>>;

export type LimitName = keyof typeof LIMITS;

function isMet(set: CommandSet, requirement: Requirement | undefined): boolean {
  if (requirement === undefined) return true;
  if (!(requirement.commands ?? []).every((command) => set.offers(command))) return false;
  return (requirement.objects ?? []).every((type) => set.offersObject(type));
}

/** Whether the command set keeps what a `bset` bit promises. */
export function canOfferBset(set: CommandSet, name: BsetName): boolean {
  return isMet(set, BSET[name]);
}

/** Whether the command set keeps what a VIRGL_CAP_ bit promises. */
export function canOfferCapability(set: CommandSet, name: CapabilityName): boolean {
  return isMet(set, CAPABILITIES[name]);
}

/** Whether the command set keeps what a VIRGL_CAP_V2_ bit promises. */
export function canOfferCapabilityV2(set: CommandSet, name: CapabilityV2Name): boolean {
  return isMet(set, CAPABILITIES_V2[name]);
}

/** Whether a limit may be other than 0. */
export function canOfferLimit(set: CommandSet, name: LimitName): boolean {
  return isMet(set, LIMITS[name]);
}

/**
 * `host_feature_check_version` values from which a guest sends a command without asking any capability bit. From 18 on
 * guests also send PIPE_RESOURCE_SET_TYPE, but only for blob resources that came untyped from elsewhere; those reach a
 * guest through the transport (VIRTIO_GPU_F_RESOURCE_BLOB).
 * The other values change how the guest reads the caps themselves, or what shaders it sends.
 * Source: what Mesa's virgl driver compares the field with (virgl_context.c, virgl_resource.c, virgl_screen.c).
 */
const VERSION_GATES: readonly (readonly [version: number, command: number])[] = [
  [7, p.VIRGL_CCMD_LINK_SHADER],
  [21, p.VIRGL_CCMD_CLEAR_SURFACE],
];

/** The largest version up to `wanted` whose gated commands are all offered. */
export function featureCheckVersion(set: CommandSet, wanted: number): number {
  let version = wanted;
  for (const [gate, command] of VERSION_GATES) if (!set.offers(command)) version = Math.min(version, gate - 1);
  return version;
}
