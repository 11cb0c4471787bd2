/**
 * Bounds on guest shaders. Each is far above what Mesa emits and low enough that the worst shader costs this package a second at most. What
 * the host's compiler makes of it is another matter: llvmpipe takes ten seconds for 4,000 dependent instructions.
 */
export const SHADER_LIMITS = {
  /** Characters of TGSI text. The largest shader seen in the wild is about 400 KiB. */
  textLength: 1 << 20,
  instructions: 32768,
  declarations: 4096,
  immediates: 4096,
  properties: 64,
  /** Characters of one word; the longest legal one is a property name of 31. */
  wordLength: 64,
  temporaries: 4096,
  addresses: 16,
  /** PIPE_MAX_SHADER_INPUTS and _OUTPUTS are 80 (p_state.h). */
  inputs: 80,
  outputs: 80,
  systemValues: 32,
  /** PIPE_MAX_CONSTANT_BUFFERS is 32; each at most 64 KiB. */
  constBuffers: 32,
  constVec4s: 4096,
  samplers: 32,
  images: 32,
  buffers: 32,
  arrays: 1024,
  /** IF and loop nesting. GLSL compilers recurse on it, so it is kept well under what they survive. */
  nesting: 64,
  /** Characters of GLSL per stage. */
  outputLength: 8 << 20,
} as const;
