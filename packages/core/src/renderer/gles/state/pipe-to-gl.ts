import * as gl from "./gl-enum.js";

/** Gallium values (p_defines.h) → GL enumerants, indexed by the gallium value. Every index that a bit field can hold has an entry. */

/**
 * PIPE_BLENDFACTOR_…, 5 bits. Unused values are ZERO, and so are those of a second colour output, which is not offered: GL refuses draws to
 * two colour buffers while one has such a factor, even where blending is off (OpenGL ES EXT_blend_func_extended, Errors).
 */
export const BLEND_FACTOR = new Uint16Array(32);
BLEND_FACTOR.set(
  [
    gl.ONE,
    gl.SRC_COLOR,
    gl.SRC_ALPHA,
    gl.DST_ALPHA,
    gl.DST_COLOR,
    gl.SRC_ALPHA_SATURATE,
    gl.CONSTANT_COLOR,
    gl.CONSTANT_ALPHA,
  ],
  0x01,
);
BLEND_FACTOR.set(
  [gl.ZERO, gl.ONE_MINUS_SRC_COLOR, gl.ONE_MINUS_SRC_ALPHA, gl.ONE_MINUS_DST_ALPHA, gl.ONE_MINUS_DST_COLOR],
  0x11,
);
BLEND_FACTOR.set([gl.ONE_MINUS_CONSTANT_COLOR, gl.ONE_MINUS_CONSTANT_ALPHA], 0x17);

/** The same for a destination whose alpha does not exist and counts as 1. */
export const BLEND_FACTOR_NO_DST_ALPHA = BLEND_FACTOR.map((factor) => {
  if (factor === gl.DST_ALPHA) return gl.ONE;
  return factor === gl.ONE_MINUS_DST_ALPHA || factor === gl.SRC_ALPHA_SATURATE ? gl.ZERO : factor;
});

/** PIPE_BLEND_…, 3 bits. */
export const BLEND_EQUATION = Uint16Array.of(
  gl.FUNC_ADD,
  gl.FUNC_SUBTRACT,
  gl.FUNC_REVERSE_SUBTRACT,
  gl.MIN,
  gl.MAX,
  gl.FUNC_ADD,
  gl.FUNC_ADD,
  gl.FUNC_ADD,
);

/** PIPE_FUNC_…, 3 bits. */
export const COMPARE_FUNC = Uint16Array.of(
  gl.NEVER,
  gl.LESS,
  gl.EQUAL,
  gl.LEQUAL,
  gl.GREATER,
  gl.NOTEQUAL,
  gl.GEQUAL,
  gl.ALWAYS,
);

/** PIPE_STENCIL_OP_…, 3 bits. */
export const STENCIL_OP = Uint16Array.of(
  gl.KEEP,
  gl.ZERO,
  gl.REPLACE,
  gl.INCR,
  gl.DECR,
  gl.INCR_WRAP,
  gl.DECR_WRAP,
  gl.INVERT,
);

/** PIPE_TEX_WRAP_…, 3 bits. GLES has no CLAMP and mirrors once only by extension: the nearest mode stands in. */
export const WRAP_MODE = Uint16Array.of(
  gl.REPEAT,
  gl.CLAMP_TO_EDGE,
  gl.CLAMP_TO_EDGE,
  gl.CLAMP_TO_BORDER,
  gl.MIRRORED_REPEAT,
  gl.MIRRORED_REPEAT,
  gl.MIRRORED_REPEAT,
  gl.MIRRORED_REPEAT,
);

/** PIPE_FACE_… mask; NONE is never passed to glCullFace. */
export const CULL_FACE_MODE = Uint16Array.of(gl.BACK, gl.FRONT, gl.BACK, gl.FRONT_AND_BACK);

/** PIPE_SWIZZLE_… → GL_TEXTURE_SWIZZLE value, 3 bits; the two unused values read as zero. */
export const SWIZZLE = Uint16Array.of(gl.RED, gl.GREEN, gl.BLUE, gl.ALPHA, gl.ZERO, gl.ONE, gl.ZERO, gl.ZERO);
