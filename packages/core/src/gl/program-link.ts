/** The description of a program, as bytes that `gl_op_linkProgramData` (addon/gl-program.c) reads. */

/** The GLSL text of one stage. */
export interface GlShaderSource {
  /** GL_VERTEX_SHADER and so on. */
  readonly stage: number;
  /** ASCII. */
  readonly source: string;
}

/** A name in GLSL, and the number that it gets. */
export interface GlNameAt {
  readonly name: string;
  /** Uniform block binding, texture unit, uniform slot, attribute location or colour output. */
  readonly at: number;
}

/** What a program is made of, for `encodeProgramLink`. All names are ASCII. */
export interface GlProgramLink {
  readonly shaders: readonly GlShaderSource[];
  /** Uniform blocks by name to their bindings. Names that the linker removed are ignored, here and below. */
  readonly blocks?: readonly GlNameAt[];
  /** Samplers (and images) by name to texture units. */
  readonly samplers?: readonly GlNameAt[];
  /** Plain uniforms by name to dense slots (below `GL_UNIFORM_SLOTS_MAX`), for the uniform ops. */
  readonly uniforms?: readonly GlNameAt[];
  /** Vertex inputs without a layout in the shader. */
  readonly attributes?: readonly GlNameAt[];
  /** Fragment outputs at index 1 of dual-source blending: `at` is the colour number. */
  readonly dualSourceOutputs?: readonly GlNameAt[];
  /** Captured by transform feedback, in order. */
  readonly varyings?: readonly string[];
  /** GL_INTERLEAVED_ATTRIBS or GL_SEPARATE_ATTRIBS; needed with varyings. */
  readonly varyingsMode?: number;
}

/** Uniform slots of a program (addon/gl.h). */
export const GL_UNIFORM_SLOTS_MAX = 256;

/** Record kinds of the encoded form; each record is [kind, number, length in bytes] in little-endian u32, then ASCII padded to 4. */
export const GlLinkRecord = {
  SHADER: 1,
  BLOCK: 2,
  SAMPLER: 3,
  UNIFORM: 4,
  ATTRIBUTE: 5,
  DUAL_SOURCE: 6,
  VARYING: 7,
} as const;

/** @returns the encoded description; owned by the caller. */
export function encodeProgramLink(link: GlProgramLink): Uint8Array {
  const records: [kind: number, at: number, text: string][] = [];
  const named = (kind: number, list: readonly GlNameAt[] | undefined): void => {
    for (const { name, at } of list ?? []) records.push([kind, at, name]);
  };
  for (const shader of link.shaders) records.push([GlLinkRecord.SHADER, shader.stage, shader.source]);
  named(GlLinkRecord.BLOCK, link.blocks);
  named(GlLinkRecord.SAMPLER, link.samplers);
  named(GlLinkRecord.UNIFORM, link.uniforms);
  named(GlLinkRecord.ATTRIBUTE, link.attributes);
  named(GlLinkRecord.DUAL_SOURCE, link.dualSourceOutputs);
  for (const varying of link.varyings ?? []) records.push([GlLinkRecord.VARYING, link.varyingsMode ?? 0, varying]);

  let size = 0;
  for (const record of records) size += 12 + paddedLength(record[2]);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const [kind, at, text] of records) {
    view.setUint32(offset, kind, true);
    view.setUint32(offset + 4, at, true);
    view.setUint32(offset + 8, text.length, true);
    offset += 12;
    for (let index = 0; index < text.length; index++) bytes[offset + index] = text.charCodeAt(index);
    offset += paddedLength(text);
  }
  return bytes;
}

/** At least one zero byte follows the text. */
function paddedLength(text: string): number {
  return (text.length + 4) & ~3;
}
