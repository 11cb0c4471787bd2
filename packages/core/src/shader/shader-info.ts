/**
 * What the validator learned about one shader, in guest words. Read-only, made once per shader object;
 * the renderer uses it to size constant blocks, bind samplers and choose the program key.
 */

export type ShaderStage = "vertex" | "fragment" | "geometry" | "tess-control" | "tess-evaluation" | "compute";

/** TGSI semantic names, p_shader_tokens.h: enum tgsi_semantic; spelled as in the text form. */
export type Semantic =
  | "POSITION"
  | "COLOR"
  | "BCOLOR"
  | "FOG"
  | "PSIZE"
  | "GENERIC"
  | "NORMAL"
  | "FACE"
  | "EDGEFLAG"
  | "PRIM_ID"
  | "INSTANCEID"
  | "VERTEXID"
  | "STENCIL"
  | "CLIPDIST"
  | "CLIPVERTEX"
  | "GRID_SIZE"
  | "BLOCK_ID"
  | "BLOCK_SIZE"
  | "THREAD_ID"
  | "TEXCOORD"
  | "PCOORD"
  | "VIEWPORT_INDEX"
  | "LAYER"
  | "CULLDIST"
  | "SAMPLEID"
  | "SAMPLEPOS"
  | "SAMPLEMASK"
  | "INVOCATIONID"
  | "VERTEXID_NOBASE"
  | "BASEVERTEX"
  | "PATCH"
  | "TESSCOORD"
  | "TESSOUTER"
  | "TESSINNER"
  | "VERTICESIN"
  | "HELPER_INVOCATION"
  | "BASEINSTANCE"
  | "DRAWID"
  | "WORK_DIM";

/** TGSI interpolation, p_shader_tokens.h: enum tgsi_interpolate_mode. COLOR follows the flat-shade state. */
export type Interpolation = "CONSTANT" | "LINEAR" | "PERSPECTIVE" | "COLOR";
export type InterpolationLocation = "CENTER" | "CENTROID" | "SAMPLE";

/** TGSI texture targets, p_shader_tokens.h: enum tgsi_texture_type, in the text form's spelling. */
export type TextureTarget =
  | "BUFFER"
  | "1D"
  | "2D"
  | "3D"
  | "CUBE"
  | "RECT"
  | "SHADOW1D"
  | "SHADOW2D"
  | "SHADOWRECT"
  | "1D_ARRAY"
  | "2D_ARRAY"
  | "SHADOW1D_ARRAY"
  | "SHADOW2D_ARRAY"
  | "SHADOWCUBE"
  | "2D_MSAA"
  | "2D_ARRAY_MSAA"
  | "CUBEARRAY"
  | "SHADOWCUBEARRAY";

/** What a sampler returns. UNORM and SNORM read as floats. */
export type ReturnType = "float" | "int" | "uint";

/** One declared input or output register. */
export interface IoRegister {
  /** Register index: `IN[index]` or `OUT[index]`. Arrays give one entry per element. */
  readonly index: number;
  /** Vertex inputs have no semantic: GENERIC with their own index. */
  readonly semantic: Semantic;
  readonly semanticIndex: number;
  /** Declared components, bit 0 = x. */
  readonly mask: number;
  /** Fragment inputs only; PERSPECTIVE elsewhere. */
  readonly interpolation: Interpolation;
  readonly location: InterpolationLocation;
  readonly invariant: boolean;
}

/** A constant buffer that a shader reads. */
export interface ConstBufferUse {
  /** Guest constant-buffer index: the b of `CONST[b][i]`; plain `CONST[i]` is 0. */
  readonly index: number;
  /** Length of the declared range from 0, in vec4 (16 bytes). */
  readonly vec4Count: number;
  /** Indexed by an ADDR register: the whole declared range may be read. */
  readonly indirect: boolean;
}

/** A sampler that a shader uses, with the kind of texture that the guest means. */
export interface SamplerUse {
  /** Guest sampler and sampler-view slot. */
  readonly index: number;
  readonly target: TextureTarget;
  /** Compares against a reference: the host sampler needs its compare mode. */
  readonly shadow: boolean;
  readonly returnType: ReturnType;
}

/** What one guest shader declares and uses, as far as whoever draws with it must know; before any pass has changed it. */
export interface ShaderInfo {
  readonly stage: ShaderStage;
  /** Sorted by register index. */
  readonly inputs: readonly IoRegister[];
  readonly outputs: readonly IoRegister[];
  readonly systemValues: readonly Semantic[];
  /** Sorted by index; only buffers that are declared and read. */
  readonly constBuffers: readonly ConstBufferUse[];
  /** Sorted by index; only samplers that an instruction uses. */
  readonly samplers: readonly SamplerUse[];
  readonly writesPosition: boolean;
  readonly writesPointSize: boolean;
  readonly writesClipVertex: boolean;
  /** CLIPDIST components written by the vertex shader, one bit per distance (0..7). */
  readonly clipDistanceMask: number;
  readonly writesDepth: boolean;
  readonly writesStencil: boolean;
  readonly writesSampleMask: boolean;
  /** Colour outputs the fragment shader writes, bit i = COLOR[i]. */
  readonly colorOutputMask: number;
  /** FS_COLOR0_WRITES_ALL_CBUFS. */
  readonly color0WritesAll: boolean;
  readonly usesDiscard: boolean;
  readonly readsFragCoord: boolean;
  readonly readsFrontFacing: boolean;
  /** Reads TEXCOORD or PCOORD inputs (caps `tgsi_texcoord`): then sprite enable bits name TEXCOORD, else GENERIC. */
  readonly usesTexcoordSemantic: boolean;
  /** Runs per sample: SAMPLEID, SAMPLEPOS or a SAMPLE-located input. */
  readonly perSample: boolean;
  readonly instructionCount: number;
}
