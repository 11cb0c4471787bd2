/**
 * Groups of guest state that the next draw must look at again. A command that changes state sets bits, a draw clears
 * them; what is then encoded is up to the value filters of `GlState` and `GlBindings`. See docs/dirty-state.md.
 */
export const Dirty = {
  FRAMEBUFFER: 1 << 0,
  VIEWPORT: 1 << 1,
  SCISSOR: 1 << 2,
  RASTERIZER: 1 << 3,
  DSA: 1 << 4,
  BLEND: 1 << 5,
  BLEND_COLOR: 1 << 6,
  SAMPLE_MASK: 1 << 7,
  /** Vertex elements or vertex buffers. */
  VERTEX: 1 << 8,
  /** Something that may change the program key. */
  PROGRAM: 1 << 9,
  /** Constant buffer 0 of the vertex stage; `<< 1`: of the fragment stage. */
  CONSTANTS_VERTEX: 1 << 10,
  CONSTANTS_FRAGMENT: 1 << 11,
  /** System values: y sign, point size, alpha reference, clip planes. */
  SYSTEM_VALUES: 1 << 12,
  UNIFORM_BUFFERS: 1 << 13,
  TEXTURES: 1 << 14,
  ALL: 0x7fff,
} as const;
