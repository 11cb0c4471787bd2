/** The GL enumerants that the renderer sets, by their names in GLES3/gl32.h and GLES2/gl2ext.h without the GL_ prefix. */
export const NONE = 0;
export const ZERO = 0;
export const ONE = 1;
export const POINTS = 0;
export const LINES = 1;
export const LINE_LOOP = 2;
export const LINE_STRIP = 3;
export const TRIANGLES = 4;
export const TRIANGLE_STRIP = 5;
export const TRIANGLE_FAN = 6;

export const NEVER = 0x0200;
export const LESS = 0x0201;
export const EQUAL = 0x0202;
export const LEQUAL = 0x0203;
export const GREATER = 0x0204;
export const NOTEQUAL = 0x0205;
export const GEQUAL = 0x0206;
export const ALWAYS = 0x0207;

export const SRC_COLOR = 0x0300;
export const ONE_MINUS_SRC_COLOR = 0x0301;
export const SRC_ALPHA = 0x0302;
export const ONE_MINUS_SRC_ALPHA = 0x0303;
export const DST_ALPHA = 0x0304;
export const ONE_MINUS_DST_ALPHA = 0x0305;
export const DST_COLOR = 0x0306;
export const ONE_MINUS_DST_COLOR = 0x0307;
export const SRC_ALPHA_SATURATE = 0x0308;
export const CONSTANT_COLOR = 0x8001;
export const ONE_MINUS_CONSTANT_COLOR = 0x8002;
export const CONSTANT_ALPHA = 0x8003;
export const ONE_MINUS_CONSTANT_ALPHA = 0x8004;

export const FUNC_ADD = 0x8006;
export const MIN = 0x8007;
export const MAX = 0x8008;
export const FUNC_SUBTRACT = 0x800a;
export const FUNC_REVERSE_SUBTRACT = 0x800b;

export const FRONT = 0x0404;
export const BACK = 0x0405;
export const FRONT_AND_BACK = 0x0408;
export const CW = 0x0900;
export const CCW = 0x0901;

export const CULL_FACE = 0x0b44;
export const DEPTH_TEST = 0x0b71;
export const STENCIL_TEST = 0x0b90;
export const DITHER = 0x0bd0;
export const BLEND = 0x0be2;
export const SCISSOR_TEST = 0x0c11;
export const POLYGON_OFFSET_FILL = 0x8037;
export const SAMPLE_ALPHA_TO_COVERAGE = 0x809e;
export const SAMPLE_ALPHA_TO_ONE = 0x809f;
export const SAMPLE_COVERAGE = 0x80a0;
export const SAMPLE_MASK = 0x8e51;
export const SAMPLE_SHADING = 0x8c36;
export const RASTERIZER_DISCARD = 0x8c89;
export const PRIMITIVE_RESTART_FIXED_INDEX = 0x8d69;
export const FRAMEBUFFER_SRGB = 0x8db9;
export const DEPTH_CLAMP = 0x864f;
export const CLIP_DISTANCE0 = 0x3000;
/** Desktop GL only: GLES programs always set their point size. */
export const PROGRAM_POINT_SIZE = 0x8642;
/** Desktop GL only: seamless cube filtering is always on in GLES 3. */
export const TEXTURE_CUBE_MAP_SEAMLESS = 0x884f;
/** Desktop GL only. */
export const MULTISAMPLE = 0x809d;

export const KEEP = 0x1e00;
export const REPLACE = 0x1e01;
export const INCR = 0x1e02;
export const DECR = 0x1e03;
export const INVERT = 0x150a;
export const INCR_WRAP = 0x8507;
export const DECR_WRAP = 0x8508;

export const UNSIGNED_BYTE = 0x1401;
export const UNSIGNED_SHORT = 0x1403;
export const UNSIGNED_INT = 0x1405;
export const FLOAT = 0x1406;

export const COLOR = 0x1800;
export const DEPTH = 0x1801;
export const STENCIL = 0x1802;
export const DEPTH_STENCIL = 0x84f9;

export const TEXTURE_2D = 0x0de1;
export const TEXTURE_3D = 0x806f;
export const TEXTURE_CUBE_MAP = 0x8513;
export const TEXTURE_CUBE_MAP_POSITIVE_X = 0x8515;
export const TEXTURE_2D_ARRAY = 0x8c1a;
export const TEXTURE_BUFFER = 0x8c2a;
export const TEXTURE_CUBE_MAP_ARRAY = 0x9009;
export const TEXTURE_2D_MULTISAMPLE = 0x9100;
export const TEXTURE_2D_MULTISAMPLE_ARRAY = 0x9102;
export const TEXTURE0 = 0x84c0;

export const NEAREST = 0x2600;
export const LINEAR = 0x2601;
export const NEAREST_MIPMAP_NEAREST = 0x2700;
export const LINEAR_MIPMAP_NEAREST = 0x2701;
export const NEAREST_MIPMAP_LINEAR = 0x2702;
export const LINEAR_MIPMAP_LINEAR = 0x2703;
export const TEXTURE_MAG_FILTER = 0x2800;
export const TEXTURE_MIN_FILTER = 0x2801;
export const TEXTURE_WRAP_S = 0x2802;
export const TEXTURE_WRAP_T = 0x2803;
export const TEXTURE_WRAP_R = 0x8072;
export const TEXTURE_MIN_LOD = 0x813a;
export const TEXTURE_MAX_LOD = 0x813b;
export const TEXTURE_BASE_LEVEL = 0x813c;
export const TEXTURE_MAX_LEVEL = 0x813d;
export const TEXTURE_MAX_ANISOTROPY = 0x84fe;
export const TEXTURE_BORDER_COLOR = 0x1004;
export const TEXTURE_COMPARE_MODE = 0x884c;
export const TEXTURE_COMPARE_FUNC = 0x884d;
export const COMPARE_REF_TO_TEXTURE = 0x884e;
export const TEXTURE_SWIZZLE_R = 0x8e42;
export const TEXTURE_SWIZZLE_G = 0x8e43;
export const TEXTURE_SWIZZLE_B = 0x8e44;
export const TEXTURE_SWIZZLE_A = 0x8e45;
export const DEPTH_STENCIL_TEXTURE_MODE = 0x90ea;
export const STENCIL_INDEX = 0x1901;
export const DEPTH_COMPONENT = 0x1902;
export const RED = 0x1903;
export const GREEN = 0x1904;
export const BLUE = 0x1905;
export const ALPHA = 0x1906;

export const REPEAT = 0x2901;
export const CLAMP_TO_BORDER = 0x812d;
export const CLAMP_TO_EDGE = 0x812f;
export const MIRRORED_REPEAT = 0x8370;
export const MIRROR_CLAMP_TO_EDGE = 0x8743;

export const ARRAY_BUFFER = 0x8892;
export const ELEMENT_ARRAY_BUFFER = 0x8893;
export const UNIFORM_BUFFER = 0x8a11;
export const COPY_READ_BUFFER = 0x8f36;
export const COPY_WRITE_BUFFER = 0x8f37;
export const STATIC_DRAW = 0x88e4;
export const STREAM_DRAW = 0x88e0;

export const FRAMEBUFFER = 0x8d40;
export const READ_FRAMEBUFFER = 0x8ca8;
export const DRAW_FRAMEBUFFER = 0x8ca9;
export const RENDERBUFFER = 0x8d41;
export const COLOR_ATTACHMENT0 = 0x8ce0;
export const DEPTH_ATTACHMENT = 0x8d00;
export const STENCIL_ATTACHMENT = 0x8d20;
export const DEPTH_STENCIL_ATTACHMENT = 0x821a;

export const RGBA8 = 0x8058;
export const SRGB8_ALPHA8 = 0x8c43;
export const TEXTURE_SRGB_DECODE = 0x8a48;
export const DECODE = 0x8a49;
export const SKIP_DECODE = 0x8a4a;
