/**
 * What the host's GLSL compiler takes. The writer never looks at version numbers itself:
 * it asks the predicates of `abilities.ts`, which read this.
 */
export interface GlslTarget {
  /** `#version N es`. Desktop GL contexts (4.5 with ARB_ES3_2_compatibility) take the same shaders. */
  readonly version: 300 | 310 | 320;
  /** GL extension names as the context reports them (`GL_EXT_clip_cull_distance`). Others are ignored. */
  readonly extensions: ReadonlySet<string>;
  /**
   * The guest was offered `fragment_coord_conventions`, so FS_COORD_ORIGIN means what it says: a LOWER_LEFT shader's y is the
   * framebuffer's height (sys[0].w) minus ours. Without the offer Mesa converts by itself and the property is ignored.
   */
  readonly fragmentCoordConventions?: boolean;
  /** GL_MAX_DRAW_BUFFERS; the most colour outputs a fragment shader may declare. */
  readonly maxDrawBuffers: number;
  /** GL_MAX_VERTEX_ATTRIBS; vertex inputs at or above it are refused. */
  readonly maxVertexAttribs: number;
  /** GL_MAX_TRANSFORM_FEEDBACK_INTERLEAVED_COMPONENTS: dwords of a record in the only buffer. Default 64, which GLES guarantees. */
  readonly maxInterleavedComponents?: number;
  /** GL_MAX_TRANSFORM_FEEDBACK_SEPARATE_COMPONENTS: dwords of a record in each of several buffers. Default 64; GLES guarantees 4. */
  readonly maxSeparateComponents?: number;
}

/** A plain GLES 3.0 host without extensions: the lowest target, used by tests and as the CLI's default. */
export const GLES_300: GlslTarget = { version: 300, extensions: new Set(), maxDrawBuffers: 4, maxVertexAttribs: 16 };
