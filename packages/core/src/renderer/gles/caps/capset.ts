import type { GlCaps } from "../../../gl/index.js";
import {
  CapsWriter,
  VIRGL_CAPSET_VIRGL,
  VIRGL_CAPSET_VIRGL2,
  VirglFormat,
  canOfferBset,
  canOfferCapability,
  canOfferCapabilityV2,
  canOfferLimit,
  featureCheckVersion,
  type CommandSet,
} from "../../../virgl/index.js";
import type { Capset } from "../../renderer.js";
import { FORMAT_ROWS, FormatUse, type FormatRow, type FormatSupport } from "../format/index.js";
import { OFFERED_BSET, OFFERED_CAPABILITIES, OFFERED_CAPABILITIES_V2 } from "./offer.js";

/** Mesa needs 12 blocks beside the default one for OpenGL ES 3.0; programs with more than the host has use plain uniforms. */
const UNIFORM_BLOCKS_MIN = 13;
const UNIFORM_BLOCKS_MAX = 15;
/** Kept free in the default block for the renderer's own values, in bytes. */
const SYSTEM_BLOCK_BYTES = 256;
/** Points, lines, line loops, line strips, triangles, strips, fans: what GLES draws. Guests convert the others. */
const PRIM_MASK = 0x7f;
/** GLSL feature level of an OpenGL ES 3.0 host, as guests expect it. */
const GLSL_LEVEL = 130;
/** The newest meaning of `host_feature_check_version` that this device follows. */
const FEATURE_CHECK_VERSION = 23;
const SHADER_TYPES = 6;
/** The guest's samplers per stage: OpenGL ES 3.0 asks for 16, the protocol's arrays hold 32. */
const SAMPLERS_MAX = 32;
const SAMPLERS_MIN = 16;

/** Formats of windows and screens. */
const SCANOUT_FORMATS: readonly number[] = [
  VirglFormat.B8G8R8A8_UNORM,
  VirglFormat.B8G8R8X8_UNORM,
  VirglFormat.R8G8B8A8_UNORM,
  VirglFormat.R8G8B8X8_UNORM,
  VirglFormat.B5G6R5_UNORM,
  VirglFormat.B10G10R10A2_UNORM,
  VirglFormat.B10G10R10X2_UNORM,
  VirglFormat.R10G10B10A2_UNORM,
  VirglFormat.R10G10B10X2_UNORM,
];

/**
 * Created when asked for, as other devices offer them, but not advertised: three-component formats (their read-back
 * needs a repacking pass; guests have a four-component one) and 32-bit fixed-point depth (stored with 24 bits).
 */
function isAdvertised(row: FormatRow): boolean {
  if (row.virglFormat === VirglFormat.Z32_UNORM) return false;
  return row.isCompressed || row.blockBytes % 3 !== 0;
}

/** The capability sets 1 and 2 for one host: what the command set implements and the driver can do. */
export function buildCapsets(caps: GlCaps, support: FormatSupport, commands: CommandSet): Capset[] {
  const writer = new CapsWriter();
  writeBits(writer, caps, commands);
  writeFormats(writer, support);
  writeLimits(writer, caps, support, commands);
  writeRanges(writer, caps);
  writer.set("host_feature_check_version", featureCheckVersion(commands, FEATURE_CHECK_VERSION));
  writer.setRenderer(rendererName(caps));
  return [
    { id: VIRGL_CAPSET_VIRGL, version: 1, bytes: writer.toCapset1() },
    { id: VIRGL_CAPSET_VIRGL2, version: 2, bytes: writer.toCapset2() },
  ];
}

/** Display servers in the guest refuse acceleration when they read the software driver's own name, so it is written in capitals. */
function rendererName(caps: GlCaps): string {
  return caps.renderer.replace("llvmpipe", "LLVMPIPE").replace("softpipe", "SOFTPIPE");
}

function writeBits(writer: CapsWriter, caps: GlCaps, commands: CommandSet): void {
  for (const [name, test] of OFFERED_BSET) if (test(caps) && canOfferBset(commands, name)) writer.addBset(name);
  for (const [name, test] of OFFERED_CAPABILITIES) {
    if (test(caps) && canOfferCapability(commands, name)) writer.addCapability(name);
  }
  for (const [name, test] of OFFERED_CAPABILITIES_V2) {
    if (test(caps) && canOfferCapabilityV2(commands, name)) writer.addCapabilityV2(name);
  }
}

function writeFormats(writer: CapsWriter, support: FormatSupport): void {
  for (const row of FORMAT_ROWS) {
    const format = row.virglFormat;
    if (row.vertex !== null) writer.addFormat("vertexbuffer", format);
    if (!isAdvertised(row)) continue;
    if (support.can(format, FormatUse.SAMPLE)) writer.addFormat("sampler", format);
    if (support.can(format, FormatUse.RENDER)) writer.addFormat("render", format);
    if (support.can(format, FormatUse.DEPTH_STENCIL)) writer.addFormat("depthstencil", format);
    if (support.can(format, FormatUse.READBACK)) writer.addFormat("supported_readback_formats", format);
    if (support.maxSamples(format) > 1) writer.addFormat("supported_multisample_formats", format);
  }
  for (const format of SCANOUT_FORMATS) {
    if (support.can(format, FormatUse.SAMPLE | FormatUse.RENDER)) writer.addFormat("scanout", format);
  }
}

function writeLimits(writer: CapsWriter, caps: GlCaps, support: FormatSupport, commands: CommandSet): void {
  const { limits } = caps;
  writer.set("glsl_level", GLSL_LEVEL);
  writer.set("prim_mask", PRIM_MASK);
  writer.set("max_render_targets", Math.min(8, limits.drawBuffers, limits.colorAttachments));
  writer.set("max_texture_array_layers", limits.arrayTextureLayers);
  writer.set("max_texture_2d_size", limits.textureSize);
  writer.set("max_texture_3d_size", limits.texture3dSize);
  writer.set("max_texture_cube_size", limits.cubeMapSize);
  writer.set("max_viewports", 1);
  writer.set("max_vertex_attribs", Math.min(16, limits.vertexAttribs));
  writer.set(
    "max_vertex_outputs",
    Math.min(32, limits.vertexOutputComponents >> 2, limits.fragmentInputComponents >> 2),
  );
  writer.set("max_vertex_attrib_stride", limits.vertexAttribStride > 0 ? limits.vertexAttribStride : 2048);
  writer.set("max_texture_samplers", samplersPerStage(caps));
  writer.set("uniform_buffer_offset_alignment", limits.uniformBufferOffsetAlignment);
  if (canOfferLimit(commands, "max_uniform_blocks")) {
    const hostBlocks = Math.min(limits.vertexUniformBlocks, limits.fragmentUniformBlocks);
    writer.set("max_uniform_blocks", Math.min(UNIFORM_BLOCKS_MAX, Math.max(UNIFORM_BLOCKS_MIN, hostBlocks)));
    writer.set("max_uniform_block_size", Math.min(65536, limits.uniformBlockBytes));
  }
  const constantBytes = Math.min(65536, limits.uniformBlockBytes) - SYSTEM_BLOCK_BYTES;
  for (let stage = 0; stage < SHADER_TYPES; stage++) writer.set("max_const_buffer_size", constantBytes, stage);
  if (canOfferLimit(commands, "max_samples")) {
    writer.set("max_samples", Math.min(limits.samples, support.maxSamples(VirglFormat.R8G8B8A8_UNORM)));
  }
  if (canOfferLimit(commands, "max_streamout_buffers")) {
    writer.set("max_streamout_buffers", Math.min(4, limits.transformFeedbackBuffers));
  }
}

function samplersPerStage(caps: GlCaps): number {
  const { limits } = caps;
  const host = Math.min(limits.vertexTextureUnits, limits.fragmentTextureUnits, limits.combinedTextureUnits >> 1);
  return Math.min(SAMPLERS_MAX, Math.max(SAMPLERS_MIN, host));
}

function writeRanges(writer: CapsWriter, caps: GlCaps): void {
  const { limits } = caps;
  writer.set("min_aliased_point_size", caps.pointSizeRange[0]);
  writer.set("max_aliased_point_size", caps.pointSizeRange[1]);
  writer.set("min_aliased_line_width", caps.lineWidthRange[0]);
  writer.set("max_aliased_line_width", caps.lineWidthRange[1]);
  writer.set("max_texture_lod_bias", caps.maxLodBias);
  writer.set("max_anisotropy", caps.features.textureAnisotropic ? caps.maxAnisotropy : 0);
  writer.set("min_texel_offset", limits.texelMinOffset);
  writer.set("max_texel_offset", limits.texelMaxOffset);
}
