/**
 * The gallium enumerations that travel inside virgl commands, and the bind flags of resources.
 * Source of the numbers: p_defines.h in the gallium headers that the protocol froze; VIRGL_BIND_ flags: virgl_hw.h.
 * (The pipe interface of today's Mesa numbers some of these differently; the stream keeps these.)
 */

/** DRAW_VBO mode. */
export const PIPE_PRIM_POINTS = 0;
export const PIPE_PRIM_LINES = 1;
export const PIPE_PRIM_LINE_LOOP = 2;
export const PIPE_PRIM_LINE_STRIP = 3;
export const PIPE_PRIM_TRIANGLES = 4;
export const PIPE_PRIM_TRIANGLE_STRIP = 5;
export const PIPE_PRIM_TRIANGLE_FAN = 6;
export const PIPE_PRIM_QUADS = 7;
export const PIPE_PRIM_QUAD_STRIP = 8;
export const PIPE_PRIM_POLYGON = 9;
export const PIPE_PRIM_LINES_ADJACENCY = 10;
export const PIPE_PRIM_LINE_STRIP_ADJACENCY = 11;
export const PIPE_PRIM_TRIANGLES_ADJACENCY = 12;
export const PIPE_PRIM_TRIANGLE_STRIP_ADJACENCY = 13;
export const PIPE_PRIM_PATCHES = 14;
export const PIPE_PRIM_MAX = 15;

/** Resource and sampler view targets. */
export const PIPE_BUFFER = 0;
export const PIPE_TEXTURE_1D = 1;
export const PIPE_TEXTURE_2D = 2;
export const PIPE_TEXTURE_3D = 3;
export const PIPE_TEXTURE_CUBE = 4;
export const PIPE_TEXTURE_RECT = 5;
export const PIPE_TEXTURE_1D_ARRAY = 6;
export const PIPE_TEXTURE_2D_ARRAY = 7;
export const PIPE_TEXTURE_CUBE_ARRAY = 8;
export const PIPE_MAX_TEXTURE_TYPES = 9;

/** Shader stages as commands carry them. TYPES is the count. */
export const PIPE_SHADER_VERTEX = 0;
export const PIPE_SHADER_FRAGMENT = 1;
export const PIPE_SHADER_GEOMETRY = 2;
export const PIPE_SHADER_TESS_CTRL = 3;
export const PIPE_SHADER_TESS_EVAL = 4;
export const PIPE_SHADER_COMPUTE = 5;
export const PIPE_SHADER_TYPES = 6;

/** Comparison functions: depth, stencil, alpha test, shadow samplers. */
export const PIPE_FUNC_NEVER = 0;
export const PIPE_FUNC_LESS = 1;
export const PIPE_FUNC_EQUAL = 2;
export const PIPE_FUNC_LEQUAL = 3;
export const PIPE_FUNC_GREATER = 4;
export const PIPE_FUNC_NOTEQUAL = 5;
export const PIPE_FUNC_GEQUAL = 6;
export const PIPE_FUNC_ALWAYS = 7;

/** Blend factors; 5 bits. */
export const PIPE_BLENDFACTOR_ONE = 0x1;
export const PIPE_BLENDFACTOR_SRC_COLOR = 0x2;
export const PIPE_BLENDFACTOR_SRC_ALPHA = 0x3;
export const PIPE_BLENDFACTOR_DST_ALPHA = 0x4;
export const PIPE_BLENDFACTOR_DST_COLOR = 0x5;
export const PIPE_BLENDFACTOR_SRC_ALPHA_SATURATE = 0x6;
export const PIPE_BLENDFACTOR_CONST_COLOR = 0x7;
export const PIPE_BLENDFACTOR_CONST_ALPHA = 0x8;
export const PIPE_BLENDFACTOR_SRC1_COLOR = 0x9;
export const PIPE_BLENDFACTOR_SRC1_ALPHA = 0xa;
export const PIPE_BLENDFACTOR_ZERO = 0x11;
export const PIPE_BLENDFACTOR_INV_SRC_COLOR = 0x12;
export const PIPE_BLENDFACTOR_INV_SRC_ALPHA = 0x13;
export const PIPE_BLENDFACTOR_INV_DST_ALPHA = 0x14;
export const PIPE_BLENDFACTOR_INV_DST_COLOR = 0x15;
export const PIPE_BLENDFACTOR_INV_CONST_COLOR = 0x17;
export const PIPE_BLENDFACTOR_INV_CONST_ALPHA = 0x18;
export const PIPE_BLENDFACTOR_INV_SRC1_COLOR = 0x19;
export const PIPE_BLENDFACTOR_INV_SRC1_ALPHA = 0x1a;

/** Blend equations. */
export const PIPE_BLEND_ADD = 0;
export const PIPE_BLEND_SUBTRACT = 1;
export const PIPE_BLEND_REVERSE_SUBTRACT = 2;
export const PIPE_BLEND_MIN = 3;
export const PIPE_BLEND_MAX = 4;

/** Logic operations; the value equals the GL enumerant minus GL_CLEAR. */
export const PIPE_LOGICOP_CLEAR = 0;
export const PIPE_LOGICOP_NOR = 1;
export const PIPE_LOGICOP_AND_INVERTED = 2;
export const PIPE_LOGICOP_COPY_INVERTED = 3;
export const PIPE_LOGICOP_AND_REVERSE = 4;
export const PIPE_LOGICOP_INVERT = 5;
export const PIPE_LOGICOP_XOR = 6;
export const PIPE_LOGICOP_NAND = 7;
export const PIPE_LOGICOP_AND = 8;
export const PIPE_LOGICOP_EQUIV = 9;
export const PIPE_LOGICOP_NOOP = 10;
export const PIPE_LOGICOP_OR_INVERTED = 11;
export const PIPE_LOGICOP_COPY = 12;
export const PIPE_LOGICOP_OR_REVERSE = 13;
export const PIPE_LOGICOP_OR = 14;
export const PIPE_LOGICOP_SET = 15;

/** Stencil operations. */
export const PIPE_STENCIL_OP_KEEP = 0;
export const PIPE_STENCIL_OP_ZERO = 1;
export const PIPE_STENCIL_OP_REPLACE = 2;
export const PIPE_STENCIL_OP_INCR = 3;
export const PIPE_STENCIL_OP_DECR = 4;
export const PIPE_STENCIL_OP_INCR_WRAP = 5;
export const PIPE_STENCIL_OP_DECR_WRAP = 6;
export const PIPE_STENCIL_OP_INVERT = 7;

/** Polygon fill modes. */
export const PIPE_POLYGON_MODE_FILL = 0;
export const PIPE_POLYGON_MODE_LINE = 1;
export const PIPE_POLYGON_MODE_POINT = 2;

/** Cull faces, a bit mask. */
export const PIPE_FACE_NONE = 0;
export const PIPE_FACE_FRONT = 1;
export const PIPE_FACE_BACK = 2;
export const PIPE_FACE_FRONT_AND_BACK = 3;

/** Point sprite origin. */
export const PIPE_SPRITE_COORD_UPPER_LEFT = 0;
export const PIPE_SPRITE_COORD_LOWER_LEFT = 1;

/** Texture wrap modes. */
export const PIPE_TEX_WRAP_REPEAT = 0;
export const PIPE_TEX_WRAP_CLAMP = 1;
export const PIPE_TEX_WRAP_CLAMP_TO_EDGE = 2;
export const PIPE_TEX_WRAP_CLAMP_TO_BORDER = 3;
export const PIPE_TEX_WRAP_MIRROR_REPEAT = 4;
export const PIPE_TEX_WRAP_MIRROR_CLAMP = 5;
export const PIPE_TEX_WRAP_MIRROR_CLAMP_TO_EDGE = 6;
export const PIPE_TEX_WRAP_MIRROR_CLAMP_TO_BORDER = 7;

/** Texture filters. */
export const PIPE_TEX_FILTER_NEAREST = 0;
export const PIPE_TEX_FILTER_LINEAR = 1;

/** Filters between mip levels. */
export const PIPE_TEX_MIPFILTER_NEAREST = 0;
export const PIPE_TEX_MIPFILTER_LINEAR = 1;
export const PIPE_TEX_MIPFILTER_NONE = 2;

/** Shadow comparison of a sampler. */
export const PIPE_TEX_COMPARE_NONE = 0;
export const PIPE_TEX_COMPARE_R_TO_TEXTURE = 1;

/** Sampler view swizzles; 3 bits each (p_format.h or p_defines.h: enum pipe_swizzle). */
export const PIPE_SWIZZLE_RED = 0;
export const PIPE_SWIZZLE_GREEN = 1;
export const PIPE_SWIZZLE_BLUE = 2;
export const PIPE_SWIZZLE_ALPHA = 3;
export const PIPE_SWIZZLE_ZERO = 4;
export const PIPE_SWIZZLE_ONE = 5;

/** BLIT channel mask. */
export const PIPE_MASK_R = 1;
export const PIPE_MASK_G = 2;
export const PIPE_MASK_B = 4;
export const PIPE_MASK_A = 8;
export const PIPE_MASK_RGBA = 15;
export const PIPE_MASK_Z = 0x10;
export const PIPE_MASK_S = 0x20;
export const PIPE_MASK_ZS = 0x30;

/** CLEAR buffer mask; colour buffer n is `PIPE_CLEAR_COLOR0 << n`. */
export const PIPE_CLEAR_DEPTH = 1;
export const PIPE_CLEAR_STENCIL = 2;
export const PIPE_CLEAR_DEPTHSTENCIL = 3;
export const PIPE_CLEAR_COLOR0 = 4;
export const PIPE_CLEAR_COLOR = 0x3fc;

/** Query types. TYPES is the count. */
export const PIPE_QUERY_OCCLUSION_COUNTER = 0;
export const PIPE_QUERY_OCCLUSION_PREDICATE = 1;
export const PIPE_QUERY_TIMESTAMP = 2;
export const PIPE_QUERY_TIMESTAMP_DISJOINT = 3;
export const PIPE_QUERY_TIME_ELAPSED = 4;
export const PIPE_QUERY_PRIMITIVES_GENERATED = 5;
export const PIPE_QUERY_PRIMITIVES_EMITTED = 6;
export const PIPE_QUERY_SO_STATISTICS = 7;
export const PIPE_QUERY_SO_OVERFLOW_PREDICATE = 8;
export const PIPE_QUERY_GPU_FINISHED = 9;
export const PIPE_QUERY_PIPELINE_STATISTICS = 10;
export const PIPE_QUERY_OCCLUSION_PREDICATE_CONSERVATIVE = 11;
export const PIPE_QUERY_SO_OVERFLOW_ANY_PREDICATE = 12;
export const PIPE_QUERY_TYPES = 13;

/** Render condition modes. */
export const PIPE_RENDER_COND_WAIT = 0;
export const PIPE_RENDER_COND_NO_WAIT = 1;
export const PIPE_RENDER_COND_BY_REGION_WAIT = 2;
export const PIPE_RENDER_COND_BY_REGION_NO_WAIT = 3;

/** Image access. */
export const PIPE_IMAGE_ACCESS_READ = 1;
export const PIPE_IMAGE_ACCESS_WRITE = 2;

/** Bind flags of a resource (virgl_hw.h). */
export const VIRGL_BIND_DEPTH_STENCIL = 0x1;
export const VIRGL_BIND_RENDER_TARGET = 0x2;
export const VIRGL_BIND_SAMPLER_VIEW = 0x8;
export const VIRGL_BIND_VERTEX_BUFFER = 0x10;
export const VIRGL_BIND_INDEX_BUFFER = 0x20;
export const VIRGL_BIND_CONSTANT_BUFFER = 0x40;
export const VIRGL_BIND_DISPLAY_TARGET = 0x80;
export const VIRGL_BIND_COMMAND_ARGS = 0x100;
export const VIRGL_BIND_STREAM_OUTPUT = 0x800;
export const VIRGL_BIND_SHADER_BUFFER = 0x4000;
export const VIRGL_BIND_QUERY_BUFFER = 0x8000;
export const VIRGL_BIND_CURSOR = 0x10000;
export const VIRGL_BIND_CUSTOM = 0x20000;
export const VIRGL_BIND_SCANOUT = 0x40000;
export const VIRGL_BIND_STAGING = 0x80000;
export const VIRGL_BIND_SHARED = 0x100000;
export const VIRGL_BIND_LINEAR = 0x400000;

/** Resource flags (virgl_hw.h). */
export const VIRGL_RESOURCE_Y_0_TOP = 1;
export const VIRGL_RESOURCE_FLAG_MAP_PERSISTENT = 2;
export const VIRGL_RESOURCE_FLAG_MAP_COHERENT = 4;
