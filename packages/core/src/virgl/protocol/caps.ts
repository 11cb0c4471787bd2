/**
 * Layout of the virgl capability sets. Capset 1 (VIRGL) is the first 308 bytes, capset 2 (VIRGL2) all of it.
 * Little-endian. Source of names, order and bits: virgl_hw.h (`struct virgl_caps_v1`, `struct virgl_caps_v2`,
 * `struct virgl_caps_bool_set1`, VIRGL_CAP_, VIRGL_CAP_V2_).
 */

/** `mask`: 512 bits indexed by format; `bits`: `BSET_BITS`; `char`: NUL-terminated text; `video`: 16-byte records. */
export type CapsFieldKind = "u32" | "i32" | "f32" | "mask" | "bits" | "char" | "video";

/** A field of a capability set: `count` values of `kind`, one behind the other. */
export interface CapsField {
  readonly offsetBytes: number;
  readonly kind: CapsFieldKind;
  readonly count: number;
}

export const VIRGL_CAPS_V1_SIZE_BYTES = 308;
export const VIRGL_CAPS_V2_SIZE_BYTES = 1408;
export const VIRGL_CAPSET_VIRGL = 1;
export const VIRGL_CAPSET_VIRGL2 = 2;

export const CAPS_FIELDS = {
  max_version: { offsetBytes: 0, kind: "u32", count: 1 },
  sampler: { offsetBytes: 4, kind: "mask", count: 1 },
  render: { offsetBytes: 68, kind: "mask", count: 1 },
  depthstencil: { offsetBytes: 132, kind: "mask", count: 1 },
  vertexbuffer: { offsetBytes: 196, kind: "mask", count: 1 },
  bset: { offsetBytes: 260, kind: "bits", count: 1 },
  glsl_level: { offsetBytes: 264, kind: "u32", count: 1 },
  max_texture_array_layers: { offsetBytes: 268, kind: "u32", count: 1 },
  max_streamout_buffers: { offsetBytes: 272, kind: "u32", count: 1 },
  max_dual_source_render_targets: { offsetBytes: 276, kind: "u32", count: 1 },
  max_render_targets: { offsetBytes: 280, kind: "u32", count: 1 },
  max_samples: { offsetBytes: 284, kind: "u32", count: 1 },
  prim_mask: { offsetBytes: 288, kind: "u32", count: 1 },
  max_tbo_size: { offsetBytes: 292, kind: "u32", count: 1 },
  max_uniform_blocks: { offsetBytes: 296, kind: "u32", count: 1 },
  max_viewports: { offsetBytes: 300, kind: "u32", count: 1 },
  max_texture_gather_components: { offsetBytes: 304, kind: "u32", count: 1 },
  min_aliased_point_size: { offsetBytes: 308, kind: "f32", count: 1 },
  max_aliased_point_size: { offsetBytes: 312, kind: "f32", count: 1 },
  min_smooth_point_size: { offsetBytes: 316, kind: "f32", count: 1 },
  max_smooth_point_size: { offsetBytes: 320, kind: "f32", count: 1 },
  min_aliased_line_width: { offsetBytes: 324, kind: "f32", count: 1 },
  max_aliased_line_width: { offsetBytes: 328, kind: "f32", count: 1 },
  min_smooth_line_width: { offsetBytes: 332, kind: "f32", count: 1 },
  max_smooth_line_width: { offsetBytes: 336, kind: "f32", count: 1 },
  max_texture_lod_bias: { offsetBytes: 340, kind: "f32", count: 1 },
  max_geom_output_vertices: { offsetBytes: 344, kind: "u32", count: 1 },
  max_geom_total_output_components: { offsetBytes: 348, kind: "u32", count: 1 },
  max_vertex_outputs: { offsetBytes: 352, kind: "u32", count: 1 },
  max_vertex_attribs: { offsetBytes: 356, kind: "u32", count: 1 },
  max_shader_patch_varyings: { offsetBytes: 360, kind: "u32", count: 1 },
  min_texel_offset: { offsetBytes: 364, kind: "i32", count: 1 },
  max_texel_offset: { offsetBytes: 368, kind: "i32", count: 1 },
  min_texture_gather_offset: { offsetBytes: 372, kind: "i32", count: 1 },
  max_texture_gather_offset: { offsetBytes: 376, kind: "i32", count: 1 },
  texture_buffer_offset_alignment: { offsetBytes: 380, kind: "u32", count: 1 },
  uniform_buffer_offset_alignment: { offsetBytes: 384, kind: "u32", count: 1 },
  shader_buffer_offset_alignment: { offsetBytes: 388, kind: "u32", count: 1 },
  capability_bits: { offsetBytes: 392, kind: "u32", count: 1 },
  sample_locations: { offsetBytes: 396, kind: "u32", count: 8 },
  max_vertex_attrib_stride: { offsetBytes: 428, kind: "u32", count: 1 },
  max_shader_buffer_frag_compute: { offsetBytes: 432, kind: "u32", count: 1 },
  max_shader_buffer_other_stages: { offsetBytes: 436, kind: "u32", count: 1 },
  max_shader_image_frag_compute: { offsetBytes: 440, kind: "u32", count: 1 },
  max_shader_image_other_stages: { offsetBytes: 444, kind: "u32", count: 1 },
  max_image_samples: { offsetBytes: 448, kind: "u32", count: 1 },
  max_compute_work_group_invocations: { offsetBytes: 452, kind: "u32", count: 1 },
  max_compute_shared_memory_size: { offsetBytes: 456, kind: "u32", count: 1 },
  max_compute_grid_size: { offsetBytes: 460, kind: "u32", count: 3 },
  max_compute_block_size: { offsetBytes: 472, kind: "u32", count: 3 },
  max_texture_2d_size: { offsetBytes: 484, kind: "u32", count: 1 },
  max_texture_3d_size: { offsetBytes: 488, kind: "u32", count: 1 },
  max_texture_cube_size: { offsetBytes: 492, kind: "u32", count: 1 },
  max_combined_shader_buffers: { offsetBytes: 496, kind: "u32", count: 1 },
  max_atomic_counters: { offsetBytes: 500, kind: "u32", count: 6 },
  max_atomic_counter_buffers: { offsetBytes: 524, kind: "u32", count: 6 },
  max_combined_atomic_counters: { offsetBytes: 548, kind: "u32", count: 1 },
  max_combined_atomic_counter_buffers: { offsetBytes: 552, kind: "u32", count: 1 },
  host_feature_check_version: { offsetBytes: 556, kind: "u32", count: 1 },
  supported_readback_formats: { offsetBytes: 560, kind: "mask", count: 1 },
  scanout: { offsetBytes: 624, kind: "mask", count: 1 },
  capability_bits_v2: { offsetBytes: 688, kind: "u32", count: 1 },
  max_video_memory: { offsetBytes: 692, kind: "u32", count: 1 },
  renderer: { offsetBytes: 696, kind: "char", count: 64 },
  max_anisotropy: { offsetBytes: 760, kind: "f32", count: 1 },
  max_texture_samplers: { offsetBytes: 764, kind: "u32", count: 1 },
  supported_multisample_formats: { offsetBytes: 768, kind: "mask", count: 1 },
  max_const_buffer_size: { offsetBytes: 832, kind: "u32", count: 6 },
  num_video_caps: { offsetBytes: 856, kind: "u32", count: 1 },
  video_caps: { offsetBytes: 860, kind: "video", count: 32 },
  max_uniform_block_size: { offsetBytes: 1372, kind: "u32", count: 1 },
  max_tcs_outputs: { offsetBytes: 1376, kind: "u32", count: 1 },
  max_tes_outputs: { offsetBytes: 1380, kind: "u32", count: 1 },
  max_shader_storage_blocks: { offsetBytes: 1384, kind: "u32", count: 6 },
} as const satisfies Readonly<Record<string, CapsField>>;

export type CapsFieldName = keyof typeof CAPS_FIELDS;

/** Bit numbers in the `bset` word. */
export const BSET_BITS = {
  indep_blend_enable: 0,
  indep_blend_func: 1,
  cube_map_array: 2,
  shader_stencil_export: 3,
  conditional_render: 4,
  start_instance: 5,
  primitive_restart: 6,
  blend_eq_sep: 7,
  instanceid: 8,
  vertex_element_instance_divisor: 9,
  seamless_cube_map: 10,
  occlusion_query: 11,
  timer_query: 12,
  streamout_pause_resume: 13,
  texture_multisample: 14,
  fragment_coord_conventions: 15,
  depth_clip_disable: 16,
  seamless_cube_map_per_texture: 17,
  ubo: 18,
  color_clamping: 19,
  poly_stipple: 20,
  mirror_clamp: 21,
  texture_query_lod: 22,
  has_fp64: 23,
  has_tessellation_shaders: 24,
  has_indirect_draw: 25,
  has_sample_shading: 26,
  has_cull: 27,
  conditional_render_inverted: 28,
  derivative_control: 29,
  polygon_offset_clamp: 30,
  transform_feedback_overflow_query: 31,
} as const;

export type BsetName = keyof typeof BSET_BITS;

/** Bit numbers in `capability_bits` (names without VIRGL_CAP_). */
export const CAPABILITY_BITS = {
  TGSI_INVARIANT: 0,
  TEXTURE_VIEW: 1,
  SET_MIN_SAMPLES: 2,
  COPY_IMAGE: 3,
  TGSI_PRECISE: 4,
  TXQS: 5,
  MEMORY_BARRIER: 6,
  COMPUTE_SHADER: 7,
  FB_NO_ATTACH: 8,
  ROBUST_BUFFER_ACCESS: 9,
  TGSI_FBFETCH: 10,
  SHADER_CLOCK: 11,
  TEXTURE_BARRIER: 12,
  TGSI_COMPONENTS: 13,
  GUEST_MAY_INIT_LOG: 14,
  SRGB_WRITE_CONTROL: 15,
  QBO: 16,
  TRANSFER: 17,
  FBO_MIXED_COLOR_FORMATS: 18,
  HOST_IS_GLES: 19,
  BIND_COMMAND_ARGS: 20,
  MULTI_DRAW_INDIRECT: 21,
  INDIRECT_PARAMS: 22,
  TRANSFORM_FEEDBACK3: 23,
  "3D_ASTC": 24,
  INDIRECT_INPUT_ADDR: 25,
  COPY_TRANSFER: 26,
  CLIP_HALFZ: 27,
  APP_TWEAK_SUPPORT: 28,
  BGRA_SRGB_IS_EMULATED: 29,
  CLEAR_TEXTURE: 30,
  ARB_BUFFER_STORAGE: 31,
} as const;

export type CapabilityName = keyof typeof CAPABILITY_BITS;

/** Bit numbers in `capability_bits_v2` (names without VIRGL_CAP_V2_). */
export const CAPABILITY_V2_BITS = {
  BLEND_EQUATION: 0,
  UNTYPED_RESOURCE: 1,
  VIDEO_MEMORY: 2,
  MEMINFO: 3,
  STRING_MARKER: 4,
  DIFFERENT_GPU: 5,
  IMPLICIT_MSAA: 6,
  COPY_TRANSFER_BOTH_DIRECTIONS: 7,
  SCANOUT_USES_GBM: 8,
  SSO: 9,
  TEXTURE_SHADOW_LOD: 10,
  VS_VERTEX_LAYER: 11,
  VS_VIEWPORT_INDEX: 12,
  PIPELINE_STATISTICS_QUERY: 13,
  DRAW_PARAMETERS: 14,
  GROUP_VOTE: 15,
  MIRROR_CLAMP_TO_EDGE: 16,
  MIRROR_CLAMP: 17,
  RESOURCE_LAYOUT: 18,
} as const;

export type CapabilityV2Name = keyof typeof CAPABILITY_V2_BITS;
