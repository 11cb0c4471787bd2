// Reads what we need of Khronos' gl.xml: enum values, command prototypes, and which enums GLES and its extensions have.

/** Extensions whose enums are kept, beside core GLES 2.0 to 3.2. */
const EXTENSIONS = `
GL_EXT_texture_format_BGRA8888 GL_EXT_texture_filter_anisotropic GL_EXT_texture_sRGB_decode GL_EXT_texture_norm16
GL_EXT_sRGB_write_control GL_EXT_polygon_offset_clamp GL_EXT_depth_clamp GL_EXT_clip_control GL_EXT_clip_cull_distance
GL_EXT_blend_func_extended GL_EXT_disjoint_timer_query GL_EXT_texture_compression_s3tc GL_EXT_texture_compression_s3tc_srgb
GL_EXT_texture_compression_rgtc GL_EXT_texture_compression_bptc GL_EXT_texture_mirror_clamp_to_edge GL_EXT_texture_view
GL_OES_texture_view GL_EXT_buffer_storage GL_EXT_texture_sRGB_R8 GL_EXT_texture_sRGB_RG8 GL_EXT_multisampled_render_to_texture
GL_EXT_occlusion_query_boolean GL_NV_conditional_render GL_OES_viewport_array GL_KHR_debug GL_KHR_robustness
GL_KHR_blend_equation_advanced GL_KHR_texture_compression_astc_ldr GL_OES_texture_stencil8 GL_EXT_texture_border_clamp
GL_OES_compressed_ETC1_RGB8_texture GL_EXT_geometry_shader GL_EXT_tessellation_shader GL_EXT_texture_lod_bias GL_OES_EGL_image_external
GL_NV_polygon_mode GL_EXT_color_buffer_float GL_EXT_color_buffer_half_float GL_EXT_texture_type_2_10_10_10_REV GL_OES_texture_half_float
GL_EXT_map_buffer_range GL_ARM_rgba8 GL_EXT_read_format_bgra GL_EXT_sRGB`
  .split(/\s+/)
  .filter(Boolean);

/** Desktop GL names that the renderer meets on `--host-gl`, or that GLES spells otherwise. */
const DESKTOP =
  `GL_SAMPLES_PASSED GL_TIME_ELAPSED GL_TIMESTAMP GL_TEXTURE_1D GL_TEXTURE_1D_ARRAY GL_TEXTURE_RECTANGLE GL_FRAMEBUFFER_SRGB
GL_PROGRAM_POINT_SIZE GL_POINT_SPRITE GL_CLIP_DISTANCE0 GL_DEPTH_CLAMP GL_MAX_CLIP_DISTANCES GL_TEXTURE_LOD_BIAS GL_MAX_TEXTURE_LOD_BIAS
GL_SRC1_ALPHA GL_SRC1_COLOR GL_ONE_MINUS_SRC1_COLOR GL_ONE_MINUS_SRC1_ALPHA GL_MAX_DUAL_SOURCE_DRAW_BUFFERS GL_CLAMP_TO_BORDER
GL_MIRROR_CLAMP_TO_EDGE GL_MAX_VIEWPORTS GL_PRIMITIVE_RESTART GL_MAX_VARYING_COMPONENTS GL_CONTEXT_PROFILE_MASK
GL_SMOOTH_LINE_WIDTH_RANGE GL_POINT_SIZE_RANGE GL_TEXTURE_CUBE_MAP_SEAMLESS`
    .split(/\s+/)
    .filter(Boolean);

/** @returns {{ enums: Map<string, number>, constants: [string, number][], commands: Map<string, { result: string, params: { type: string, name: string }[] }> }} */
export function parseRegistry(xml) {
  const enums = new Map();
  for (const match of xml.matchAll(/<enum\s+([^>]*)\/?>/g)) {
    const value = /value="([^"]+)"/.exec(match[1]);
    const name = /name="([^"]+)"/.exec(match[1]);
    if (value === null || name === null) continue;
    const number = Number(value[1]);
    const api = /api="([^"]+)"/.exec(match[1]);
    if (!Number.isSafeInteger(number) || (api !== null && api[1] !== "gles2")) continue;
    enums.set(name[1], number);
  }
  const commands = new Map();
  for (const match of xml.matchAll(/<command>\s*<proto[^>]*>([\s\S]*?)<\/command>/g)) {
    const [proto, ...params] = match[1].split(/<param[^>]*>/);
    const name = /<name>(\w+)<\/name>/.exec(proto)[1];
    commands.set(name, {
      result: typeOf(proto),
      params: params.map((text) => ({ type: typeOf(text), name: /<name>(\w+)<\/name>/.exec(text)[1] })),
    });
  }
  return { enums, commands, constants: keptConstants(xml, enums) };
}

/** The C type before the name. */
function typeOf(text) {
  return text
    .replace(/<name>[\s\S]*/, "")
    .replace(/<[^>]+>/g, "")
    .replace(/\s+/g, " ")
    .trim();
}

function keptConstants(xml, enums) {
  const kept = new Map();
  const keep = (name) => {
    const value = enums.get(name);
    if (value !== undefined) kept.set(name, value);
  };
  const keepIn = (text) => {
    for (const match of text.matchAll(/<enum name="(GL_\w+)"/g)) keep(match[1]);
  };
  for (const match of xml.matchAll(/<feature api="gles2" name="GL_ES_VERSION_\d_\d"[\s\S]*?<\/feature>/g))
    keepIn(match[0]);
  for (const name of EXTENSIONS) {
    const match = new RegExp(`<extension name="${name}"[^>]*>[\\s\\S]*?</extension>`).exec(xml);
    if (match === null) throw new Error(`gl.xml has no ${name}`);
    keepIn(match[0]);
  }
  for (const name of DESKTOP) {
    if (!enums.has(name)) throw new Error(`gl.xml has no ${name}`);
    keep(name);
  }
  return [...kept].sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1));
}
