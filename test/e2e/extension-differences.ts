/**
 * Every GLES extension that one server's guest sees and the other's does not, on the same host (llvmpipe), with the
 * reason. The test compares this table with what es2_info really prints, both ways.
 */
export interface ExtensionDifference {
  readonly extension: string;
  readonly offeredBy: "ours" | "c";
  readonly reason: string;
  /** The difference is there on hosts with an older Mesa than this. */
  readonly beforeMesa?: number;
}

function onlyC(reason: string, ...names: readonly string[]): ExtensionDifference[] {
  return names.map((name) => ({ extension: `GL_${name}`, offeredBy: "c", reason }));
}

export const EXTENSION_DIFFERENCES: readonly ExtensionDifference[] = [
  ...onlyC(
    "Geometry shaders are not offered: the shader translator has vertex and fragment stages so far.",
    "EXT_geometry_shader",
    "OES_geometry_shader",
    "EXT_geometry_point_size",
    "OES_geometry_point_size",
    "OES_viewport_array",
  ),
  ...onlyC(
    "Tessellation is not offered (bset.has_tessellation_shaders = 0): the shader translator has vertex and fragment stages so far.",
    "EXT_tessellation_shader",
    "OES_tessellation_shader",
    "EXT_tessellation_point_size",
    "OES_tessellation_point_size",
    "EXT_primitive_bounding_box",
    "OES_primitive_bounding_box",
  ),
  ...onlyC(
    "Needs GLSL level 400 or ES 3.2 shader features that the translator does not take yet; our caps say what ES 3.0 guests use.",
    "EXT_gpu_shader5",
    "OES_gpu_shader5",
    "EXT_shader_io_blocks",
    "OES_shader_io_blocks",
    "EXT_shader_implicit_conversions",
    "EXT_texture_query_lod",
    "EXT_texture_shadow_lod",
    "NV_shader_noperspective_interpolation",
  ),
  ...onlyC(
    "Sum of the OpenGL ES 3.1 extensions with geometry and tessellation, which are not offered.",
    "ANDROID_extension_pack_es31a",
  ),
  ...onlyC(
    "Per-sample shading is not offered (bset.has_sample_shading = 0, SET_MIN_SAMPLES is accepted with 1 only): not part of ES 3.0.",
    "OES_sample_shading",
    "OES_sample_variables",
    "OES_shader_multisample_interpolation",
  ),
  ...onlyC(
    "Shader images and atomics are not offered (max_shader_image_* = 0): not part of ES 3.0.",
    "OES_shader_image_atomic",
    "NV_image_formats",
  ),
  ...onlyC(
    "Texture buffers are not offered (max_texture_buffer_size = 0): not part of ES 3.0.",
    "EXT_texture_buffer",
    "OES_texture_buffer",
  ),
  ...onlyC(
    "Cube map arrays are not offered (bset.cube_map_array = 0): not part of ES 3.0.",
    "EXT_texture_cube_map_array",
    "OES_texture_cube_map_array",
  ),
  ...onlyC(
    "Texture views of another format or target are not offered (VIRGL_CAP_TEXTURE_VIEW): not part of ES 3.0.",
    "EXT_texture_view",
    "OES_texture_view",
  ),
  ...onlyC(
    "Multisampled array textures are not offered: not part of ES 3.0.",
    "OES_texture_storage_multisample_2d_array",
  ),
  ...onlyC(
    "Two blend sources per output are not offered (max_dual_source_render_targets = 0): not part of ES 3.0.",
    "EXT_blend_func_extended",
  ),
  ...onlyC(
    "CLEAR_TEXTURE is implemented, but Mesa offers the extension from OpenGL ES 3.1 on only, which our guests do not reach yet.",
    "EXT_clear_texture",
  ),
  ...onlyC("Clip control needs bset.clip_halfz, which GLES cannot do without another extension.", "EXT_clip_control"),
  ...onlyC(
    "Clip and cull distances are not offered to shaders (bset.has_cull = 0); user clip planes of the state are.",
    "EXT_clip_cull_distance",
  ),
  ...onlyC(
    "The formats are rendered to (caps.render has them), but Mesa offers the extension from OpenGL ES 3.1 on only.",
    "EXT_render_snorm",
  ),
  ...onlyC(
    "The formats are offered for sampling and rendering, but Mesa offers the extension from OpenGL ES 3.1 on only.",
    "EXT_texture_norm16",
  ),
  ...onlyC(
    "Mesa 22.3.6 asks bset.mirror_clamp, which would promise desktop guests GL_MIRROR_CLAMP as well; newer guests are told by VIRGL_CAP_V2_MIRROR_CLAMP_TO_EDGE.",
    "EXT_texture_mirror_clamp_to_edge",
  ),
  ...onlyC(
    "Advanced blending is not offered (VIRGL_CAP_BLEND_EQUATION): not part of ES 3.0.",
    "KHR_blend_equation_advanced",
  ),
  ...onlyC(
    "Conditional rendering is not offered (SET_RENDER_CONDITION with a query is a context error): not part of ES 3.0.",
    "NV_conditional_render",
  ),
  {
    extension: "GL_EXT_texture_filter_anisotropic",
    offeredBy: "c",
    reason: "llvmpipe before Mesa 25 dies of an explicit level through an anisotropic sampler: see `buildGlCaps`.",
    beforeMesa: 25,
  },
];
