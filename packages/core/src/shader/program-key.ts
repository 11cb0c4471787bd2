/**
 * Facts of the draw that change the GLSL text. Two draws with the same two shaders and equal keys share a program.
 *
 * The renderer keeps the numeric part as `PROGRAM_KEY_WORDS` words (one of the `KeyWord` offsets per fact) and
 * compares words on the hot path; `decodeProgramKey` makes the readable form when a program must be built.
 * Bits that a pair of shaders does not react to should be cleared first (`relevantKeyMask`), so that state changes
 * do not multiply programs.
 */

/** Offsets into the numeric key. */
export const KeyWord = {
  /** `KeyFlag` bits, and the alpha function in bits 16..18. */
  FLAGS: 0,
  /** Rasterizer sprite_coord_enable: bit i = TEXCOORD[i], or GENERIC[i] for shaders without TEXCOORD. */
  SPRITE_COORD_ENABLE: 1,
  /** Bits 0..7: clip_plane_enable. Bits 8..11: number of colour buffers bound (highest slot + 1). */
  CLIP_AND_COLOR_COUNT: 2,
  /** Bit i: attribute i comes from a signed-integer (unsigned, BGRA-ordered) vertex format that is not normalised or scaled. */
  ATTRIBUTE_SIGNED: 3,
  ATTRIBUTE_UNSIGNED: 4,
  ATTRIBUTE_BGRA: 5,
  /** 2 bits per colour buffer: `ColorType`. */
  COLOR_TYPES: 6,
  /** Bits 0..7 exchange R and B; 8..15 alpha written as 1; 16..23 linear → sRGB in the shader. */
  COLOR_FIXUPS: 7,
} as const;

export const PROGRAM_KEY_WORDS = 8;

export const KeyFlag = {
  /** Rasterizer flatshade: COLOR-interpolated inputs become flat. */
  FLATSHADE: 1 << 0,
  /** Rasterizer light_twoside: back faces read BCOLOR. */
  TWO_SIDE: 1 << 1,
  /** The rasterised primitive is points: sprite coordinates and point size matter. */
  POINTS: 1 << 2,
  /** Point size comes from the rasterizer state (sys[0].y), not from PSIZE. */
  POINT_SIZE_FROM_STATE: 1 << 3,
  /** sprite_coord_mode is PIPE_SPRITE_COORD_LOWER_LEFT. */
  SPRITE_LOWER_LEFT: 1 << 4,
  /** Rasterizer clip_halfz: the guest's clip space has z in [0, w]. */
  CLIP_HALF_Z: 1 << 5,
  /** CONST[0] and the system values of this stage are a plain uniform array, not a block. Other buffers stay blocks. */
  VERTEX_PLAIN_UNIFORMS: 1 << 6,
  FRAGMENT_PLAIN_UNIFORMS: 1 << 7,
} as const;

/** Alpha function values are PIPE_FUNC_* (p_defines.h); ALWAYS means no test. */
export const PIPE_FUNC_ALWAYS = 7;
export const KEY_ALPHA_FUNC_SHIFT = 16;

export const ColorType = { FLOAT: 0, INT: 1, UINT: 2 } as const;

/** One captured piece of a vertex output, as the guest's stream-output declaration lists it (pipe_stream_output). */
export interface StreamOutputCapture {
  /** `OUT[registerIndex]`. */
  readonly registerIndex: number;
  /** First component, 0..3, and how many, 1..4. */
  readonly startComponent: number;
  readonly componentCount: number;
  /** Stream-output buffer, 0..3. */
  readonly buffer: number;
  /** Where it goes in each vertex record, in dwords. */
  readonly destinationOffsetDwords: number;
}

/** Identity of `SamplerFixup.swizzle`: x, y, z, w. */
export const SWIZZLE_IDENTITY = 0 | (1 << 3) | (2 << 6) | (3 << 9);

/** A sampler view whose swizzle must be done in the shader (buffer textures; hosts without texture swizzle). */
export interface SamplerFixup {
  readonly stage: "vertex" | "fragment";
  /** Guest sampler slot. */
  readonly sampler: number;
  /** Four 3-bit PIPE_SWIZZLE_* (0..3 = x..w, 4 = zero, 5 = one), x in the low bits, as in VIRGL_OBJ_SAMPLER_VIEW_SWIZZLE. */
  readonly swizzle: number;
}

/** The readable form of the key. */
export interface ProgramKey {
  readonly flatshade: boolean;
  readonly twoSide: boolean;
  readonly points: boolean;
  readonly pointSizeFromState: boolean;
  readonly spriteLowerLeft: boolean;
  readonly clipHalfZ: boolean;
  readonly vertexPlainUniforms: boolean;
  readonly fragmentPlainUniforms: boolean;
  /** PIPE_FUNC_*: never 0, less 1, equal 2, lequal 3, greater 4, notequal 5, gequal 6, always 7. */
  readonly alphaFunc: number;
  readonly spriteCoordEnable: number;
  readonly clipPlaneMask: number;
  readonly colorCount: number;
  readonly attributeSigned: number;
  readonly attributeUnsigned: number;
  readonly attributeBgra: number;
  readonly colorTypes: number;
  readonly colorSwapRb: number;
  readonly colorAlphaOne: number;
  readonly colorSrgbEncode: number;
  /** Empty unless stream output is on. In the guest's order. */
  readonly captures: readonly StreamOutputCapture[];
  /** Dwords per vertex record of stream-output buffers 0..3; used only with captures. */
  readonly captureStrides: readonly number[];
  readonly samplerFixups: readonly SamplerFixup[];
}

/** A triangle drawn with default state into one float colour buffer. */
export const DEFAULT_PROGRAM_KEY: ProgramKey = {
  flatshade: false,
  twoSide: false,
  points: false,
  pointSizeFromState: false,
  spriteLowerLeft: false,
  clipHalfZ: false,
  vertexPlainUniforms: false,
  fragmentPlainUniforms: false,
  alphaFunc: PIPE_FUNC_ALWAYS,
  spriteCoordEnable: 0,
  clipPlaneMask: 0,
  colorCount: 1,
  attributeSigned: 0,
  attributeUnsigned: 0,
  attributeBgra: 0,
  colorTypes: 0,
  colorSwapRb: 0,
  colorAlphaOne: 0,
  colorSrgbEncode: 0,
  captures: [],
  captureStrides: [],
  samplerFixups: [],
};

/** Reads the numeric key. `words` is borrowed until return; captures and fix-ups are kept by reference. */
export function decodeProgramKey(
  words: Uint32Array,
  captures: readonly StreamOutputCapture[] = [],
  captureStrides: readonly number[] = [],
  samplerFixups: readonly SamplerFixup[] = [],
): ProgramKey {
  const word = (index: number): number => words[index] ?? 0;
  const flags = word(KeyWord.FLAGS);
  const clipAndCount = word(KeyWord.CLIP_AND_COLOR_COUNT);
  const fixups = word(KeyWord.COLOR_FIXUPS);
  return {
    flatshade: (flags & KeyFlag.FLATSHADE) !== 0,
    twoSide: (flags & KeyFlag.TWO_SIDE) !== 0,
    points: (flags & KeyFlag.POINTS) !== 0,
    pointSizeFromState: (flags & KeyFlag.POINT_SIZE_FROM_STATE) !== 0,
    spriteLowerLeft: (flags & KeyFlag.SPRITE_LOWER_LEFT) !== 0,
    clipHalfZ: (flags & KeyFlag.CLIP_HALF_Z) !== 0,
    vertexPlainUniforms: (flags & KeyFlag.VERTEX_PLAIN_UNIFORMS) !== 0,
    fragmentPlainUniforms: (flags & KeyFlag.FRAGMENT_PLAIN_UNIFORMS) !== 0,
    alphaFunc: (flags >>> KEY_ALPHA_FUNC_SHIFT) & 7,
    spriteCoordEnable: word(KeyWord.SPRITE_COORD_ENABLE),
    clipPlaneMask: clipAndCount & 0xff,
    colorCount: (clipAndCount >>> 8) & 15,
    attributeSigned: word(KeyWord.ATTRIBUTE_SIGNED),
    attributeUnsigned: word(KeyWord.ATTRIBUTE_UNSIGNED),
    attributeBgra: word(KeyWord.ATTRIBUTE_BGRA),
    colorTypes: word(KeyWord.COLOR_TYPES),
    colorSwapRb: fixups & 0xff,
    colorAlphaOne: (fixups >>> 8) & 0xff,
    colorSrgbEncode: (fixups >>> 16) & 0xff,
    captures,
    captureStrides,
    samplerFixups,
  };
}
