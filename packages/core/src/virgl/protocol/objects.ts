/**
 * Payload layouts of CREATE_OBJECT, BIND_OBJECT and DESTROY_OBJECT by object type.
 *
 * Source of the numbers: virgl_protocol.h. A plain constant is an index relative to the command's header dword
 * (`dw[at + VIRGL_…]`), or a payload length in dwords where the name ends in SIZE. A function of `n` is the index of the
 * nth repetition. A function of `dword` reads one bit field out of that dword.
 */
export const VIRGL_OBJ_CREATE_HEADER = 0;
export const VIRGL_OBJ_CREATE_HANDLE = 1;

export const VIRGL_OBJ_BIND_HEADER = 0;
export const VIRGL_OBJ_BIND_HANDLE = 1;

export const VIRGL_OBJ_DESTROY_HANDLE = 1;

export const VIRGL_OBJ_BLEND_SIZE = 11;
export const VIRGL_OBJ_BLEND_HANDLE = 1;
export const VIRGL_OBJ_BLEND_S0 = 2;
export const VIRGL_OBJ_BLEND_S0_INDEPENDENT_BLEND_ENABLE = (dword: number): number => dword & 0x1;
export const VIRGL_OBJ_BLEND_S0_LOGICOP_ENABLE = (dword: number): number => (dword >>> 1) & 0x1;
export const VIRGL_OBJ_BLEND_S0_DITHER = (dword: number): number => (dword >>> 2) & 0x1;
export const VIRGL_OBJ_BLEND_S0_ALPHA_TO_COVERAGE = (dword: number): number => (dword >>> 3) & 0x1;
export const VIRGL_OBJ_BLEND_S0_ALPHA_TO_ONE = (dword: number): number => (dword >>> 4) & 0x1;
export const VIRGL_OBJ_BLEND_S1 = 3;
export const VIRGL_OBJ_BLEND_S1_LOGICOP_FUNC = (dword: number): number => dword & 0xf;

export const VIRGL_OBJ_BLEND_S2 = (n: number): number => n + 4;
export const VIRGL_OBJ_BLEND_S2_RT_BLEND_ENABLE = (dword: number): number => dword & 0x1;
export const VIRGL_OBJ_BLEND_S2_RT_RGB_FUNC = (dword: number): number => (dword >>> 1) & 0x7;
export const VIRGL_OBJ_BLEND_S2_RT_RGB_SRC_FACTOR = (dword: number): number => (dword >>> 4) & 0x1f;
export const VIRGL_OBJ_BLEND_S2_RT_RGB_DST_FACTOR = (dword: number): number => (dword >>> 9) & 0x1f;
export const VIRGL_OBJ_BLEND_S2_RT_ALPHA_FUNC = (dword: number): number => (dword >>> 14) & 0x7;
export const VIRGL_OBJ_BLEND_S2_RT_ALPHA_SRC_FACTOR = (dword: number): number => (dword >>> 17) & 0x1f;
export const VIRGL_OBJ_BLEND_S2_RT_ALPHA_DST_FACTOR = (dword: number): number => (dword >>> 22) & 0x1f;
export const VIRGL_OBJ_BLEND_S2_RT_COLORMASK = (dword: number): number => (dword >>> 27) & 0xf;

export const VIRGL_OBJ_DSA_SIZE = 5;
export const VIRGL_OBJ_DSA_HANDLE = 1;
export const VIRGL_OBJ_DSA_S0 = 2;
export const VIRGL_OBJ_DSA_S0_DEPTH_ENABLE = (dword: number): number => dword & 0x1;
export const VIRGL_OBJ_DSA_S0_DEPTH_WRITEMASK = (dword: number): number => (dword >>> 1) & 0x1;
export const VIRGL_OBJ_DSA_S0_DEPTH_FUNC = (dword: number): number => (dword >>> 2) & 0x7;
export const VIRGL_OBJ_DSA_S0_ALPHA_ENABLED = (dword: number): number => (dword >>> 8) & 0x1;
export const VIRGL_OBJ_DSA_S0_ALPHA_FUNC = (dword: number): number => (dword >>> 9) & 0x7;
export const VIRGL_OBJ_DSA_S1 = 3;
export const VIRGL_OBJ_DSA_S2 = 4;
export const VIRGL_OBJ_DSA_S1_STENCIL_ENABLED = (dword: number): number => dword & 0x1;
export const VIRGL_OBJ_DSA_S1_STENCIL_FUNC = (dword: number): number => (dword >>> 1) & 0x7;
export const VIRGL_OBJ_DSA_S1_STENCIL_FAIL_OP = (dword: number): number => (dword >>> 4) & 0x7;
export const VIRGL_OBJ_DSA_S1_STENCIL_ZPASS_OP = (dword: number): number => (dword >>> 7) & 0x7;
export const VIRGL_OBJ_DSA_S1_STENCIL_ZFAIL_OP = (dword: number): number => (dword >>> 10) & 0x7;
export const VIRGL_OBJ_DSA_S1_STENCIL_VALUEMASK = (dword: number): number => (dword >>> 13) & 0xff;
export const VIRGL_OBJ_DSA_S1_STENCIL_WRITEMASK = (dword: number): number => (dword >>> 21) & 0xff;
export const VIRGL_OBJ_DSA_ALPHA_REF = 5;

export const VIRGL_OBJ_RS_SIZE = 9;
export const VIRGL_OBJ_RS_HANDLE = 1;
export const VIRGL_OBJ_RS_S0 = 2;
export const VIRGL_OBJ_RS_S0_FLATSHADE = (dword: number): number => dword & 0x1;
export const VIRGL_OBJ_RS_S0_DEPTH_CLIP = (dword: number): number => (dword >>> 1) & 0x1;
export const VIRGL_OBJ_RS_S0_CLIP_HALFZ = (dword: number): number => (dword >>> 2) & 0x1;
export const VIRGL_OBJ_RS_S0_RASTERIZER_DISCARD = (dword: number): number => (dword >>> 3) & 0x1;
export const VIRGL_OBJ_RS_S0_FLATSHADE_FIRST = (dword: number): number => (dword >>> 4) & 0x1;
export const VIRGL_OBJ_RS_S0_LIGHT_TWOSIZE = (dword: number): number => (dword >>> 5) & 0x1;
export const VIRGL_OBJ_RS_S0_SPRITE_COORD_MODE = (dword: number): number => (dword >>> 6) & 0x1;
export const VIRGL_OBJ_RS_S0_POINT_QUAD_RASTERIZATION = (dword: number): number => (dword >>> 7) & 0x1;
export const VIRGL_OBJ_RS_S0_CULL_FACE = (dword: number): number => (dword >>> 8) & 0x3;
export const VIRGL_OBJ_RS_S0_FILL_FRONT = (dword: number): number => (dword >>> 10) & 0x3;
export const VIRGL_OBJ_RS_S0_FILL_BACK = (dword: number): number => (dword >>> 12) & 0x3;
export const VIRGL_OBJ_RS_S0_SCISSOR = (dword: number): number => (dword >>> 14) & 0x1;
export const VIRGL_OBJ_RS_S0_FRONT_CCW = (dword: number): number => (dword >>> 15) & 0x1;
export const VIRGL_OBJ_RS_S0_CLAMP_VERTEX_COLOR = (dword: number): number => (dword >>> 16) & 0x1;
export const VIRGL_OBJ_RS_S0_CLAMP_FRAGMENT_COLOR = (dword: number): number => (dword >>> 17) & 0x1;
export const VIRGL_OBJ_RS_S0_OFFSET_LINE = (dword: number): number => (dword >>> 18) & 0x1;
export const VIRGL_OBJ_RS_S0_OFFSET_POINT = (dword: number): number => (dword >>> 19) & 0x1;
export const VIRGL_OBJ_RS_S0_OFFSET_TRI = (dword: number): number => (dword >>> 20) & 0x1;
export const VIRGL_OBJ_RS_S0_POLY_SMOOTH = (dword: number): number => (dword >>> 21) & 0x1;
export const VIRGL_OBJ_RS_S0_POLY_STIPPLE_ENABLE = (dword: number): number => (dword >>> 22) & 0x1;
export const VIRGL_OBJ_RS_S0_POINT_SMOOTH = (dword: number): number => (dword >>> 23) & 0x1;
export const VIRGL_OBJ_RS_S0_POINT_SIZE_PER_VERTEX = (dword: number): number => (dword >>> 24) & 0x1;
export const VIRGL_OBJ_RS_S0_MULTISAMPLE = (dword: number): number => (dword >>> 25) & 0x1;
export const VIRGL_OBJ_RS_S0_LINE_SMOOTH = (dword: number): number => (dword >>> 26) & 0x1;
export const VIRGL_OBJ_RS_S0_LINE_STIPPLE_ENABLE = (dword: number): number => (dword >>> 27) & 0x1;
export const VIRGL_OBJ_RS_S0_LINE_LAST_PIXEL = (dword: number): number => (dword >>> 28) & 0x1;
export const VIRGL_OBJ_RS_S0_HALF_PIXEL_CENTER = (dword: number): number => (dword >>> 29) & 0x1;
export const VIRGL_OBJ_RS_S0_BOTTOM_EDGE_RULE = (dword: number): number => (dword >>> 30) & 0x1;
export const VIRGL_OBJ_RS_S0_FORCE_PERSAMPLE_INTERP = (dword: number): number => dword >>> 31;

export const VIRGL_OBJ_RS_POINT_SIZE = 3;
export const VIRGL_OBJ_RS_SPRITE_COORD_ENABLE = 4;
export const VIRGL_OBJ_RS_S3 = 5;

export const VIRGL_OBJ_RS_S3_LINE_STIPPLE_PATTERN = (dword: number): number => dword & 0xffff;
export const VIRGL_OBJ_RS_S3_LINE_STIPPLE_FACTOR = (dword: number): number => (dword >>> 16) & 0xff;
export const VIRGL_OBJ_RS_S3_CLIP_PLANE_ENABLE = (dword: number): number => (dword >>> 24) & 0xff;
export const VIRGL_OBJ_RS_LINE_WIDTH = 6;
export const VIRGL_OBJ_RS_OFFSET_UNITS = 7;
export const VIRGL_OBJ_RS_OFFSET_SCALE = 8;
export const VIRGL_OBJ_RS_OFFSET_CLAMP = 9;

/** `n` stream outputs. */
export const VIRGL_OBJ_SHADER_HDR_SIZE = (n: number): number => (n === 0 ? 5 : n * 2 + 9);
export const VIRGL_OBJ_SHADER_HANDLE = 1;
export const VIRGL_OBJ_SHADER_TYPE = 2;
export const VIRGL_OBJ_SHADER_OFFSET = 3;
export const VIRGL_OBJ_SHADER_OFFSET_VAL = (dword: number): number => dword & 0x7fffffff;

export const VIRGL_OBJ_SHADER_OFFSET_CONT = 0x80000000;
export const VIRGL_OBJ_SHADER_NUM_TOKENS = 4;
export const VIRGL_OBJ_SHADER_SO_NUM_OUTPUTS = 5;
export const VIRGL_OBJ_SHADER_SO_STRIDE = (n: number): number => n + 6;
export const VIRGL_OBJ_SHADER_SO_OUTPUT0 = (n: number): number => n * 2 + 10;
export const VIRGL_OBJ_SHADER_SO_OUTPUT_REGISTER_INDEX = (dword: number): number => dword & 0xff;
export const VIRGL_OBJ_SHADER_SO_OUTPUT_START_COMPONENT = (dword: number): number => (dword >>> 8) & 0x3;
export const VIRGL_OBJ_SHADER_SO_OUTPUT_NUM_COMPONENTS = (dword: number): number => (dword >>> 10) & 0x7;
export const VIRGL_OBJ_SHADER_SO_OUTPUT_BUFFER = (dword: number): number => (dword >>> 13) & 0x7;
export const VIRGL_OBJ_SHADER_SO_OUTPUT_DST_OFFSET = (dword: number): number => (dword >>> 16) & 0xffff;
export const VIRGL_OBJ_SHADER_SO_OUTPUT0_SO = (n: number): number => n * 2 + 11;
export const VIRGL_OBJ_SHADER_SO_OUTPUT_STREAM = (dword: number): number => dword & 0x03;

export const VIRGL_OBJ_VERTEX_ELEMENTS_SIZE = (n: number): number => n * 4 + 1;
export const VIRGL_OBJ_VERTEX_ELEMENTS_HANDLE = 1;
export const VIRGL_OBJ_VERTEX_ELEMENTS_V0_SRC_OFFSET = (n: number): number => n * 4 + 2;
export const VIRGL_OBJ_VERTEX_ELEMENTS_V0_INSTANCE_DIVISOR = (n: number): number => n * 4 + 3;
export const VIRGL_OBJ_VERTEX_ELEMENTS_V0_VERTEX_BUFFER_INDEX = (n: number): number => n * 4 + 4;
export const VIRGL_OBJ_VERTEX_ELEMENTS_V0_SRC_FORMAT = (n: number): number => n * 4 + 5;

export const VIRGL_OBJ_SURFACE_SIZE = 5;
export const VIRGL_OBJ_SURFACE_HANDLE = 1;
export const VIRGL_OBJ_SURFACE_RES_HANDLE = 2;
export const VIRGL_OBJ_SURFACE_FORMAT = 3;
export const VIRGL_OBJ_SURFACE_BUFFER_FIRST_ELEMENT = 4;
export const VIRGL_OBJ_SURFACE_BUFFER_LAST_ELEMENT = 5;
export const VIRGL_OBJ_SURFACE_TEXTURE_LEVEL = 4;
export const VIRGL_OBJ_SURFACE_TEXTURE_LAYERS = 5;

export const VIRGL_OBJ_MSAA_SURFACE_SIZE = 6;
export const VIRGL_OBJ_SURFACE_SAMPLE_COUNT = 6;

export const VIRGL_OBJ_STREAMOUT_SIZE = 4;
export const VIRGL_OBJ_STREAMOUT_HANDLE = 1;
export const VIRGL_OBJ_STREAMOUT_RES_HANDLE = 2;
export const VIRGL_OBJ_STREAMOUT_BUFFER_OFFSET = 3;
export const VIRGL_OBJ_STREAMOUT_BUFFER_SIZE = 4;

export const VIRGL_OBJ_SAMPLER_STATE_SIZE = 9;
export const VIRGL_OBJ_SAMPLER_STATE_HANDLE = 1;
export const VIRGL_OBJ_SAMPLER_STATE_S0 = 2;
export const VIRGL_OBJ_SAMPLE_STATE_S0_WRAP_S = (dword: number): number => dword & 0x7;
export const VIRGL_OBJ_SAMPLE_STATE_S0_WRAP_T = (dword: number): number => (dword >>> 3) & 0x7;
export const VIRGL_OBJ_SAMPLE_STATE_S0_WRAP_R = (dword: number): number => (dword >>> 6) & 0x7;
export const VIRGL_OBJ_SAMPLE_STATE_S0_MIN_IMG_FILTER = (dword: number): number => (dword >>> 9) & 0x1;
export const VIRGL_OBJ_SAMPLE_STATE_S0_MIN_MIP_FILTER = (dword: number): number => (dword >>> 11) & 0x3;
export const VIRGL_OBJ_SAMPLE_STATE_S0_MAG_IMG_FILTER = (dword: number): number => (dword >>> 13) & 0x1;
export const VIRGL_OBJ_SAMPLE_STATE_S0_COMPARE_MODE = (dword: number): number => (dword >>> 15) & 0x1;
export const VIRGL_OBJ_SAMPLE_STATE_S0_COMPARE_FUNC = (dword: number): number => (dword >>> 16) & 0x7;
export const VIRGL_OBJ_SAMPLE_STATE_S0_SEAMLESS_CUBE_MAP = (dword: number): number => (dword >>> 19) & 0x1;
export const VIRGL_OBJ_SAMPLE_STATE_S0_MAX_ANISOTROPY = (dword: number): number => (dword >>> 20) & 0x1f;

export const VIRGL_OBJ_SAMPLER_STATE_LOD_BIAS = 3;
export const VIRGL_OBJ_SAMPLER_STATE_MIN_LOD = 4;
export const VIRGL_OBJ_SAMPLER_STATE_MAX_LOD = 5;
export const VIRGL_OBJ_SAMPLER_STATE_BORDER_COLOR = (n: number): number => n + 6;

export const VIRGL_OBJ_SAMPLER_VIEW_SIZE = 6;
export const VIRGL_OBJ_SAMPLER_VIEW_HANDLE = 1;
export const VIRGL_OBJ_SAMPLER_VIEW_RES_HANDLE = 2;
export const VIRGL_OBJ_SAMPLER_VIEW_FORMAT = 3;
export const VIRGL_OBJ_SAMPLER_VIEW_BUFFER_FIRST_ELEMENT = 4;
export const VIRGL_OBJ_SAMPLER_VIEW_BUFFER_LAST_ELEMENT = 5;
export const VIRGL_OBJ_SAMPLER_VIEW_TEXTURE_LAYER = 4;
export const VIRGL_OBJ_SAMPLER_VIEW_TEXTURE_LEVEL = 5;
export const VIRGL_OBJ_SAMPLER_VIEW_SWIZZLE = 6;
export const VIRGL_OBJ_SAMPLER_VIEW_SWIZZLE_R = (dword: number): number => dword & 0x7;
export const VIRGL_OBJ_SAMPLER_VIEW_SWIZZLE_G = (dword: number): number => (dword >>> 3) & 0x7;
export const VIRGL_OBJ_SAMPLER_VIEW_SWIZZLE_B = (dword: number): number => (dword >>> 6) & 0x7;
export const VIRGL_OBJ_SAMPLER_VIEW_SWIZZLE_A = (dword: number): number => (dword >>> 9) & 0x7;
