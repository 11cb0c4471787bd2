/** Asks a fresh GL context what it can do, once. */
import type { GlCaps, GlFeatures, GlFormatCaps, GlLimits } from "./caps.js";
import { GL } from "./generated/constants.js";

/** Questions to a GL context; each waits, none leaves a GL error behind. */
export interface GlQuestions {
  /** glGetInteger64v, the value at `index`; NaN when the host does not know the name. */
  integer(pname: number, index: number): number;
  float(pname: number, index: number): number;
  text(pname: number): string;
  extensions(): string[];
  /**
   * Tries a sized internal format. `kind`: 0 colour, 1 depth, 2 stencil, 3 depth and stencil. Fills [takes texStorage, framebuffer
   * complete, read format, read type, number of sample counts, counts...].
   */
  probeFormat(internalFormat: number, kind: number, out: Int32Array): void;
}

/** Name, GL constant, value where the host does not know it, index. */
const LIMITS: readonly (readonly [keyof GlLimits, number, number, number?])[] = [
  ["textureSize", GL.MAX_TEXTURE_SIZE, 2048],
  ["texture3dSize", GL.MAX_3D_TEXTURE_SIZE, 256],
  ["cubeMapSize", GL.MAX_CUBE_MAP_TEXTURE_SIZE, 2048],
  ["arrayTextureLayers", GL.MAX_ARRAY_TEXTURE_LAYERS, 256],
  ["renderbufferSize", GL.MAX_RENDERBUFFER_SIZE, 2048],
  ["samples", GL.MAX_SAMPLES, 0],
  ["colorSamples", GL.MAX_COLOR_TEXTURE_SAMPLES, 0],
  ["depthSamples", GL.MAX_DEPTH_TEXTURE_SAMPLES, 0],
  ["integerSamples", GL.MAX_INTEGER_SAMPLES, 0],
  ["sampleMaskWords", GL.MAX_SAMPLE_MASK_WORDS, 0],
  ["drawBuffers", GL.MAX_DRAW_BUFFERS, 4],
  ["colorAttachments", GL.MAX_COLOR_ATTACHMENTS, 4],
  ["dualSourceDrawBuffers", GL.MAX_DUAL_SOURCE_DRAW_BUFFERS, 0],
  ["viewportWidth", GL.MAX_VIEWPORT_DIMS, 2048, 0],
  ["viewportHeight", GL.MAX_VIEWPORT_DIMS, 2048, 1],
  ["viewports", GL.MAX_VIEWPORTS, 1],
  ["vertexAttribs", GL.MAX_VERTEX_ATTRIBS, 16],
  ["vertexAttribStride", GL.MAX_VERTEX_ATTRIB_STRIDE, 2048],
  ["vertexUniformVectors", GL.MAX_VERTEX_UNIFORM_VECTORS, 256],
  ["fragmentUniformVectors", GL.MAX_FRAGMENT_UNIFORM_VECTORS, 224],
  ["vertexUniformBlocks", GL.MAX_VERTEX_UNIFORM_BLOCKS, 12],
  ["fragmentUniformBlocks", GL.MAX_FRAGMENT_UNIFORM_BLOCKS, 12],
  ["combinedUniformBlocks", GL.MAX_COMBINED_UNIFORM_BLOCKS, 24],
  ["uniformBufferBindings", GL.MAX_UNIFORM_BUFFER_BINDINGS, 24],
  ["uniformBlockBytes", GL.MAX_UNIFORM_BLOCK_SIZE, 16384],
  ["uniformBufferOffsetAlignment", GL.UNIFORM_BUFFER_OFFSET_ALIGNMENT, 256],
  ["vertexTextureUnits", GL.MAX_VERTEX_TEXTURE_IMAGE_UNITS, 16],
  ["fragmentTextureUnits", GL.MAX_TEXTURE_IMAGE_UNITS, 16],
  ["combinedTextureUnits", GL.MAX_COMBINED_TEXTURE_IMAGE_UNITS, 32],
  ["varyingVectors", GL.MAX_VARYING_VECTORS, 15],
  ["vertexOutputComponents", GL.MAX_VERTEX_OUTPUT_COMPONENTS, 64],
  ["fragmentInputComponents", GL.MAX_FRAGMENT_INPUT_COMPONENTS, 60],
  ["transformFeedbackBuffers", GL.MAX_TRANSFORM_FEEDBACK_SEPARATE_ATTRIBS, 4],
  ["transformFeedbackInterleavedComponents", GL.MAX_TRANSFORM_FEEDBACK_INTERLEAVED_COMPONENTS, 64],
  ["transformFeedbackSeparateComponents", GL.MAX_TRANSFORM_FEEDBACK_SEPARATE_COMPONENTS, 4],
  ["clipDistances", GL.MAX_CLIP_DISTANCES_EXT, 0],
  ["elementIndex", GL.MAX_ELEMENT_INDEX, 0xffffff],
  ["textureBufferTexels", GL.MAX_TEXTURE_BUFFER_SIZE, 0],
  ["textureBufferOffsetAlignment", GL.TEXTURE_BUFFER_OFFSET_ALIGNMENT, 0],
  ["shaderStorageBlocks", GL.MAX_SHADER_STORAGE_BUFFER_BINDINGS, 0],
  ["shaderStorageOffsetAlignment", GL.SHADER_STORAGE_BUFFER_OFFSET_ALIGNMENT, 0],
  ["imageUnits", GL.MAX_IMAGE_UNITS, 0],
  ["patchVertices", GL.MAX_PATCH_VERTICES, 0],
  ["geometryOutputVertices", GL.MAX_GEOMETRY_OUTPUT_VERTICES, 0],
  ["computeWorkGroupInvocations", GL.MAX_COMPUTE_WORK_GROUP_INVOCATIONS, 0],
  ["textureGatherMinOffset", GL.MIN_PROGRAM_TEXTURE_GATHER_OFFSET, 0],
  ["textureGatherMaxOffset", GL.MAX_PROGRAM_TEXTURE_GATHER_OFFSET, 0],
  ["texelMinOffset", GL.MIN_PROGRAM_TEXEL_OFFSET, -8],
  ["texelMaxOffset", GL.MAX_PROGRAM_TEXEL_OFFSET, 7],
];

/**
 * What brings a feature: first GLES version in core (0: none), first desktop GL version, then extensions (without `GL_`), any of which
 * is enough.
 */
const FEATURES: readonly (readonly [keyof GlFeatures, number, number, ...string[]])[] = [
  ["geometryShader", 32, 32, "EXT_geometry_shader", "OES_geometry_shader"],
  ["tessellationShader", 32, 40, "EXT_tessellation_shader", "OES_tessellation_shader"],
  ["computeShader", 31, 43],
  ["drawBuffersIndexed", 32, 40, "EXT_draw_buffers_indexed", "OES_draw_buffers_indexed"],
  ["copyImage", 32, 43, "EXT_copy_image", "OES_copy_image"],
  ["textureView", 0, 43, "EXT_texture_view", "OES_texture_view"],
  ["textureBuffer", 32, 43, "EXT_texture_buffer", "OES_texture_buffer"],
  ["textureCubeMapArray", 32, 40, "EXT_texture_cube_map_array", "OES_texture_cube_map_array"],
  ["textureMultisample", 31, 43],
  ["textureMultisampleArray", 32, 43, "OES_texture_storage_multisample_2d_array"],
  ["multisampledRenderToTexture", 0, 0, "EXT_multisampled_render_to_texture"],
  ["textureBorderClamp", 32, 30, "EXT_texture_border_clamp", "OES_texture_border_clamp"],
  ["textureMirrorClampToEdge", 0, 44, "EXT_texture_mirror_clamp_to_edge", "ARB_texture_mirror_clamp_to_edge"],
  ["textureAnisotropic", 0, 46, "EXT_texture_filter_anisotropic", "ARB_texture_filter_anisotropic"],
  ["textureSrgbDecode", 0, 0, "EXT_texture_sRGB_decode"],
  ["textureNorm16", 0, 30, "EXT_texture_norm16"],
  ["textureFormatBgra8888", 0, 0, "EXT_texture_format_BGRA8888"],
  ["textureCompressionS3tc", 0, 0, "EXT_texture_compression_s3tc"],
  ["textureCompressionS3tcSrgb", 0, 0, "EXT_texture_compression_s3tc_srgb"],
  ["textureCompressionRgtc", 0, 30, "EXT_texture_compression_rgtc"],
  ["textureCompressionBptc", 0, 42, "EXT_texture_compression_bptc", "ARB_texture_compression_bptc"],
  ["textureCompressionAstc", 0, 0, "KHR_texture_compression_astc_ldr"],
  ["textureLodBias", 0, 20, "EXT_texture_lod_bias"],
  ["stencilTexturing", 31, 43],
  ["stencil8Texture", 32, 44, "OES_texture_stencil8", "ARB_texture_stencil8"],
  ["srgbWriteControl", 0, 30, "EXT_sRGB_write_control"],
  ["colorBufferFloat", 32, 30, "EXT_color_buffer_float"],
  ["colorBufferHalfFloat", 32, 30, "EXT_color_buffer_half_float", "EXT_color_buffer_float"],
  ["floatBlend", 32, 30, "EXT_float_blend"],
  ["textureFloatLinear", 0, 30, "OES_texture_float_linear"],
  ["dualSourceBlend", 0, 33, "EXT_blend_func_extended"],
  ["clipCullDistance", 0, 30, "EXT_clip_cull_distance", "APPLE_clip_distance"],
  ["clipControl", 0, 45, "EXT_clip_control", "ARB_clip_control"],
  ["depthClamp", 0, 32, "EXT_depth_clamp"],
  ["polygonOffsetClamp", 0, 46, "EXT_polygon_offset_clamp", "ARB_polygon_offset_clamp"],
  ["sampleShading", 32, 40, "OES_sample_shading"],
  ["sampleVariables", 32, 40, "OES_sample_variables"],
  ["shaderMultisampleInterpolation", 32, 40, "OES_shader_multisample_interpolation"],
  ["gpuShader5", 32, 40, "EXT_gpu_shader5", "OES_gpu_shader5"],
  ["shaderIoBlocks", 32, 32, "EXT_shader_io_blocks", "OES_shader_io_blocks"],
  ["shaderFramebufferFetch", 0, 0, "EXT_shader_framebuffer_fetch"],
  ["baseVertex", 32, 32, "EXT_draw_elements_base_vertex", "OES_draw_elements_base_vertex"],
  ["baseInstance", 0, 42, "EXT_base_instance", "ARB_base_instance"],
  ["drawIndirect", 31, 43],
  ["conditionalRender", 0, 30, "NV_conditional_render"],
  ["timerQuery", 0, 33, "EXT_disjoint_timer_query"],
  ["viewportArray", 0, 41, "OES_viewport_array", "NV_viewport_array"],
  ["bufferStorage", 0, 44, "EXT_buffer_storage", "ARB_buffer_storage"],
  ["blendEquationAdvanced", 32, 0, "KHR_blend_equation_advanced"],
  ["textureBarrier", 0, 45, "NV_texture_barrier", "ARB_texture_barrier"],
  ["robustness", 32, 0, "KHR_robustness", "EXT_robustness", "ARB_robustness"],
  ["exactOcclusionQuery", 0, 15],
  ["primitivesGeneratedQuery", 32, 30, "EXT_geometry_shader", "OES_geometry_shader"],
];

/** Formats that the renderer may use, by the kind of `probeFormat`. */
const PROBED_FORMATS: readonly (readonly number[])[] = [
  [
    GL.R8,
    GL.RG8,
    GL.RGB8,
    GL.RGBA8,
    GL.SRGB8,
    GL.SRGB8_ALPHA8,
    GL.R8_SNORM,
    GL.RG8_SNORM,
    GL.RGB8_SNORM,
    GL.RGBA8_SNORM,
    GL.R8I,
    GL.R8UI,
    GL.RG8I,
    GL.RG8UI,
    GL.RGB8I,
    GL.RGB8UI,
    GL.RGBA8I,
    GL.RGBA8UI,
    GL.R16I,
    GL.R16UI,
    GL.RG16I,
    GL.RG16UI,
    GL.RGB16I,
    GL.RGB16UI,
    GL.RGBA16I,
    GL.RGBA16UI,
    GL.R32I,
    GL.R32UI,
    GL.RG32I,
    GL.RG32UI,
    GL.RGB32I,
    GL.RGB32UI,
    GL.RGBA32I,
    GL.RGBA32UI,
    GL.R16F,
    GL.RG16F,
    GL.RGB16F,
    GL.RGBA16F,
    GL.R32F,
    GL.RG32F,
    GL.RGB32F,
    GL.RGBA32F,
    GL.R11F_G11F_B10F,
    GL.RGB9_E5,
    GL.RGB565,
    GL.RGBA4,
    GL.RGB5_A1,
    GL.RGB10_A2,
    GL.RGB10_A2UI,
    GL.R16_EXT,
    GL.RG16_EXT,
    GL.RGB16_EXT,
    GL.RGBA16_EXT,
    GL.R16_SNORM_EXT,
    GL.RG16_SNORM_EXT,
    GL.RGB16_SNORM_EXT,
    GL.RGBA16_SNORM_EXT,
    GL.SR8_EXT,
    GL.SRG8_EXT,
  ],
  [GL.DEPTH_COMPONENT16, GL.DEPTH_COMPONENT24, GL.DEPTH_COMPONENT32F],
  [GL.STENCIL_INDEX8],
  [GL.DEPTH24_STENCIL8, GL.DEPTH32F_STENCIL8],
];

function askLimits(ask: GlQuestions, forced: Readonly<Record<string, number>>): GlLimits {
  const limits = {} as Record<keyof GlLimits, number>;
  for (const [name, pname, fallback, index] of LIMITS) {
    const value = ask.integer(pname, index ?? 0);
    limits[name] = Number.isNaN(value) ? fallback : value;
    const lower = forced[name];
    if (lower !== undefined) limits[name] = Math.min(limits[name], lower);
  }
  if (forced["uniformBlocks"] !== undefined) {
    limits.vertexUniformBlocks = Math.min(limits.vertexUniformBlocks, forced["uniformBlocks"]);
    limits.fragmentUniformBlocks = Math.min(limits.fragmentUniformBlocks, forced["uniformBlocks"]);
  }
  return limits;
}

function findFeatures(
  isGles: boolean,
  version: number,
  extensions: ReadonlySet<string>,
): Record<keyof GlFeatures, boolean> {
  const features = {} as Record<keyof GlFeatures, boolean>;
  for (const [name, gles, desktop, ...names] of FEATURES) {
    const core = isGles ? gles : desktop;
    features[name] = (core !== 0 && version >= core) || names.some((extension) => extensions.has(`GL_${extension}`));
  }
  if (!isGles) {
    // Desktop GL names these otherwise.
    features.textureCompressionS3tcSrgb ||=
      extensions.has("GL_EXT_texture_compression_s3tc") && extensions.has("GL_EXT_texture_sRGB");
  } else {
    features.exactOcclusionQuery = false;
  }
  return features;
}

/**
 * WORKAROUND(llvmpipe before Mesa 25, seen with Mesa 22.3.6 on LLVM 15; Mesa 25.0.7 on LLVM 19 is right): a shader that samples with a level
 * or bias of its own through an anisotropic sampler kills the process, as LLVM compiles it. Any guest can do that, and a well-behaved one
 * may: so anisotropy is neither offered nor used there.
 */
function diesOfAnisotropy(renderer: string, versionText: string): boolean {
  const mesa = /Mesa (\d+)\./.exec(versionText);
  return renderer.startsWith("llvmpipe") && (mesa === null || Number(mesa[1]) < 25);
}

function probeFormats(ask: GlQuestions): Map<number, GlFormatCaps> {
  const formats = new Map<number, GlFormatCaps>();
  const out = new Int32Array(5 + 16);
  PROBED_FORMATS.forEach((list, kind) => {
    for (const format of list) {
      ask.probeFormat(format, kind, out);
      formats.set(format, {
        texture: out[0] !== 0,
        renderable: out[1] !== 0,
        readFormat: out[2]!,
        readType: out[3]!,
        samples: Array.from(out.subarray(5, 5 + out[4]!)),
      });
    }
  });
  return formats;
}

/** The newest GLSL ES that a desktop context compiles, by ARB_ES3_x_compatibility. */
function desktopGlslEs(version: number, extensions: ReadonlySet<string>): number {
  if (extensions.has("GL_ARB_ES3_2_compatibility")) return 320;
  if (version >= 45 || extensions.has("GL_ARB_ES3_1_compatibility")) return 310;
  return 300;
}

/** @param forced limits to lower, by the names of `GlLimits`, and `uniformBlocks` for both stages: for tests */
export function buildGlCaps(ask: GlQuestions, isGles: boolean, forced: Readonly<Record<string, number>> = {}): GlCaps {
  const version = 10 * ask.integer(GL.MAJOR_VERSION, 0) + ask.integer(GL.MINOR_VERSION, 0);
  const extensions = new Set(ask.extensions());
  const pair = (pname: number): [number, number] => [ask.float(pname, 0), ask.float(pname, 1)];
  const known = (value: number, fallback: number): number => (Number.isNaN(value) ? fallback : value);
  const renderer = ask.text(GL.RENDERER);
  const versionText = ask.text(GL.VERSION);
  const features = findFeatures(isGles, version, extensions);
  if (diesOfAnisotropy(renderer, versionText)) features.textureAnisotropic = false;
  return {
    isGles,
    version,
    glslEs: isGles ? version * 10 : desktopGlslEs(version, extensions),
    vendor: ask.text(GL.VENDOR),
    renderer,
    versionText,
    glslVersionText: ask.text(GL.SHADING_LANGUAGE_VERSION),
    extensions,
    limits: askLimits(ask, forced),
    features,
    maxAnisotropy: features.textureAnisotropic ? known(ask.float(GL.MAX_TEXTURE_MAX_ANISOTROPY_EXT, 0), 1) : 1,
    pointSizeRange: pair(isGles ? GL.ALIASED_POINT_SIZE_RANGE : GL.POINT_SIZE_RANGE),
    lineWidthRange: pair(GL.ALIASED_LINE_WIDTH_RANGE),
    maxLodBias: known(ask.float(GL.MAX_TEXTURE_LOD_BIAS, 0), 0),
    formats: probeFormats(ask),
  };
}
