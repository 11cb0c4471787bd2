/**
 * How a linked program is fed: what `linkProgram` promises about the names in its GLSL. Everything is bound by name
 * once, after the host linked the program, so that it works on GLES 3.00 (which has no `layout(binding)`).
 */

/** The stages of a program that is drawn with. */
export type DrawStage = "vertex" | "fragment";

/**
 * A uniform block holding one guest constant buffer, preceded by our system values where the stage needs them:
 * `layout(std140) uniform NAME { vec4 sys[sysVec4s]; [u]vec4 c[N]; }`. Only guest buffer 0 has system values; a stage
 * that needs them without reading CONST[0] gets a block of system values alone (`guestVec4s` 0).
 *
 * System values: sys[0] = (y sign, point size, alpha reference, framebuffer height in rows);
 * sys[1..8] = user clip planes 0..7, present only when `sysVec4s` is 9.
 */
export interface BlockBinding {
  readonly blockName: string;
  readonly stage: DrawStage;
  /** Guest constant-buffer index. */
  readonly guestBlock: number;
  /** 0, 1 or 9. */
  readonly sysVec4s: number;
  readonly guestVec4s: number;
  /** (sysVec4s + guestVec4s) * 16: the bound range must be at least this long. */
  readonly declaredBytes: number;
  /** Binding point chosen by us: 0, 1, 2… over both stages, vertex first. */
  readonly slot: number;
}

/**
 * Guest constant buffer 0 and the system values as one plain uniform array, laid out as the block would be (system
 * values first); only with `…PlainUniforms` in the key. Buffers 1 and up stay blocks.
 */
export interface PlainUniform {
  /** Name of the array as glGetUniformLocation takes it. */
  readonly uniformName: string;
  readonly stage: DrawStage;
  /** Always 0. */
  readonly guestBlock: number;
  readonly sysVec4s: number;
  readonly guestVec4s: number;
  /** sysVec4s + guestVec4s. */
  readonly vec4Count: number;
  /** glUniform4fv or glUniform4uiv; the bytes are the same. */
  readonly type: "vec4" | "uvec4";
}

/** One sampler uniform: where its guest texture is bound, and to which kind of host texture. */
export interface SamplerBinding {
  readonly uniformName: string;
  readonly stage: DrawStage;
  /** Guest sampler slot of that stage. */
  readonly guestSampler: number;
  /** Texture unit chosen by us: 0, 1, 2… over both stages, vertex first. */
  readonly unit: number;
  /** Host texture target the GLSL sampler type needs. 1D and RECT guests are 2D here, 1D_ARRAY is 2D_ARRAY. */
  readonly target: HostTextureTarget;
  readonly shadow: boolean;
  readonly returnType: "float" | "int" | "uint";
}

/** GLES texture targets, as in GL_TEXTURE_…. */
export type HostTextureTarget =
  | "2D"
  | "3D"
  | "CUBE"
  | "2D_ARRAY"
  | "CUBE_ARRAY"
  | "2D_MULTISAMPLE"
  | "2D_MULTISAMPLE_ARRAY"
  | "BUFFER";

/** One vertex input, with the base type that the host's vertex format must have. */
export interface AttributeBinding {
  /** `IN[guestInput]`: the index of the guest's vertex element. */
  readonly guestInput: number;
  /** Attribute location; `layout(location)` in the GLSL says the same. Equal to `guestInput`. */
  readonly location: number;
  readonly type: "float" | "int" | "uint";
}

/** One entry for glTransformFeedbackVaryings. */
export interface CapturedVarying {
  readonly name: string;
  /** Dwords it writes per vertex. */
  readonly componentCount: number;
}

/** What to pass to glTransformFeedbackVaryings before linking. */
export interface CaptureLayout {
  readonly mode: "interleaved" | "separate";
  /** In buffer order. Interleaved: all go to `buffers[0]`. Separate: entry i goes to `buffers[i]`. */
  readonly varyings: readonly CapturedVarying[];
  /** Guest stream-output buffer for each host buffer binding. */
  readonly buffers: readonly number[];
  /** Bytes per vertex record and host buffer as the host will write them. */
  readonly recordBytes: readonly number[];
}

/** How a linked program is fed: what must be bound where, and what state it wants. Made with the GLSL texts by `linkProgram`. */
export interface ProgramInterface {
  readonly blocks: readonly BlockBinding[];
  readonly plainUniforms: readonly PlainUniform[];
  readonly samplers: readonly SamplerBinding[];
  readonly attributes: readonly AttributeBinding[];
  /** Null unless the key has captures. */
  readonly captures: CaptureLayout | null;
  /** sys vec4s per stage, as in the block: 0 when the stage reads none. */
  readonly vertexSysVec4s: number;
  readonly fragmentSysVec4s: number;
  /** Bit i: GL_CLIP_DISTANCEi_EXT must be enabled (0 when clipping is done by discard). */
  readonly clipDistanceEnable: number;
  /** Fragment outputs declared, bit i = location i; the others must be GL_NONE or masked. */
  readonly colorOutputMask: number;
  /** The fragment shader reads sys[0].w; only with `GlslTarget.fragmentCoordConventions`. */
  readonly readsFramebufferHeight: boolean;
}
