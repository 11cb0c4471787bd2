/** What a texel's colour components are, as a shader and `glClearBuffer*` see them. */
export const ColorType = { FLOAT: 0, INT: 1, UINT: 2 } as const;
export type ColorTypeCode = (typeof ColorType)[keyof typeof ColorType];

/** How the guest's bytes become what `glTexSubImage` takes with the row's format and type (and back). */
export const TexelLayout = {
  /** The same bytes. */
  SAME: 0,
  /** Guest: depth in the low 24 bits, stencil above; GL_UNSIGNED_INT_24_8: the other way round. Rotate by 8. */
  ROTATE_DEPTH24: 1,
} as const;
export type TexelLayoutCode = (typeof TexelLayout)[keyof typeof TexelLayout];

/** What the host must have before a row can be used at all. Checked by `FormatSupport`. */
export const FormatNeed = {
  /** In every ES 3.0. */
  CORE: 0,
  NORM16: 1,
  S3TC: 2,
  S3TC_SRGB: 3,
  RGTC: 4,
  BPTC: 5,
  ASTC: 6,
  SRGB_R8: 7,
  SRGB_RG8: 8,
  /** Texture from ES 3.2 or OES_texture_stencil8, renderbuffer anywhere. */
  STENCIL8: 9,
  /** DEPTH_STENCIL_TEXTURE_MODE: ES 3.1. */
  STENCIL_VIEW: 10,
} as const;
export type FormatNeedCode = (typeof FormatNeed)[keyof typeof FormatNeed];

/** A vertex attribute's format for `glVertexAttrib*Pointer`. */
export interface VertexFormat {
  /** Components, 1 to 4. */
  readonly size: number;
  readonly glType: number;
  readonly normalized: boolean;
  /** Fetched with `glVertexAttribIPointer`. */
  readonly integer: boolean;
  /** The shader must exchange R and B after the fetch. */
  readonly swapRB: boolean;
}

/** One virgl format on GLES. See `format-table.ts`. */
export interface FormatRow {
  readonly virglFormat: number;
  /** Spec name without prefix (`B8G8R8A8_UNORM`). */
  readonly name: string;
  /** 0: a vertex format only; nothing below but `vertex` and `blockBytes` has a meaning. */
  readonly internalFormat: number;
  /** For `glTexSubImage`; 0 for compressed formats. */
  readonly format: number;
  readonly type: number;
  readonly blockBytes: number;
  readonly blockWidth: number;
  readonly blockHeight: number;
  readonly isCompressed: boolean;
  /** Where the guest's R, G, B, A are in the stored texel: values of GL_TEXTURE_SWIZZLE_*. */
  readonly viewSwizzle: readonly [number, number, number, number];
  /** `viewSwizzle` is not R, G, B, A. */
  readonly isSwizzled: boolean;
  /** Stored with R and B exchanged (guest bytes kept): shader outputs, masks, clear and blend colours exchange them. */
  readonly swapRB: boolean;
  /** X8 and friends: alpha reads 1, also as destination alpha in blending. */
  readonly noAlpha: boolean;
  readonly colorType: ColorTypeCode;
  readonly isSnorm: boolean;
  readonly isFloat: boolean;
  readonly isSrgb: boolean;
  readonly isDepth: boolean;
  readonly isStencil: boolean;
  /** A view format that samples the stencil part of a depth-stencil texture. */
  readonly isStencilView: boolean;
  readonly layout: TexelLayoutCode;
  readonly need: FormatNeedCode;
  /** Stored in a colour layout that rendering can address (not A8, L8…: their components are elsewhere). */
  readonly canRender: boolean;
  readonly vertex: VertexFormat | null;
}
