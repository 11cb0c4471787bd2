import { GL as G, type GlCaps } from "../../../gl/index.js";
import { FORMAT_ROWS } from "./format-table.js";
import { ColorType, FormatNeed, type FormatRow } from "./format-row.js";

/** What can be done with a format on this host. Bits. */
export const FormatUse = {
  /** As a texture that shaders sample. */
  SAMPLE: 1,
  /** As a colour attachment, guest component order preserved. */
  RENDER: 2,
  /** As a depth or stencil attachment. */
  DEPTH_STENCIL: 4,
  /** `glReadPixels` with the row's own format and type works on it. */
  READ_DIRECT: 8,
  /** Our own passes can bring its contents to guest memory. */
  READBACK: 16,
  /** As storage of any kind (texture or renderbuffer). */
  CREATE: 32,
  /** As a colour attachment of our own passes, which know where the components are. */
  ATTACH: 64,
} as const;

/** Sized formats that OpenGL ES 3.0 table 3.13 makes colour-renderable, for hosts that were not probed. */
const ES3_RENDERABLE: ReadonlySet<number> = new Set<number>([
  G.R8,
  G.RG8,
  G.RGB8,
  G.RGBA8,
  G.RGB565,
  G.RGBA4,
  G.RGB5_A1,
  G.RGB10_A2,
  G.RGB10_A2UI,
  G.SRGB8_ALPHA8,
  G.R8I,
  G.R8UI,
  G.R16I,
  G.R16UI,
  G.R32I,
  G.R32UI,
  G.RG8I,
  G.RG8UI,
  G.RG16I,
  G.RG16UI,
  G.RG32I,
  G.RG32UI,
  G.RGBA8I,
  G.RGBA8UI,
  G.RGBA16I,
  G.RGBA16UI,
  G.RGBA32I,
  G.RGBA32UI,
]);

/** EXT_color_buffer_float. */
const FLOAT_RENDERABLE: ReadonlySet<number> = new Set<number>([
  G.R16F,
  G.RG16F,
  G.RGBA16F,
  G.R32F,
  G.RG32F,
  G.RGBA32F,
  G.R11F_G11F_B10F,
]);

/** (format, type) pairs that glReadPixels takes for every framebuffer of the class (OpenGL ES 3.0 §4.3.2). */
function isGuaranteedRead(row: FormatRow): boolean {
  if (row.colorType === ColorType.UINT) return row.format === G.RGBA_INTEGER && row.type === G.UNSIGNED_INT;
  if (row.colorType === ColorType.INT) return row.format === G.RGBA_INTEGER && row.type === G.INT;
  if (row.isFloat) return row.format === G.RGBA && row.type === G.FLOAT;
  if (row.internalFormat === G.RGB10_A2) return true;
  return row.format === G.RGBA && row.type === G.UNSIGNED_BYTE && !row.isSnorm;
}

/** What each virgl format can be used for on one host, and with how many samples. Computed once from the probed caps. */
export class FormatSupport {
  readonly caps: GlCaps;
  readonly #uses = new Uint8Array(512);
  readonly #samples = new Uint8Array(512);

  constructor(caps: GlCaps) {
    this.caps = caps;
    for (const row of FORMAT_ROWS) {
      this.#uses[row.virglFormat] = this.#probe(row);
      this.#samples[row.virglFormat] = this.#maxSamples(row);
    }
  }

  /** Whether all bits of `use` (`FormatUse`) hold. False for numbers that are no format. */
  can(virglFormat: number, use: number): boolean {
    return ((this.#uses[virglFormat] ?? 0) & use) === use;
  }

  /** Largest sample count of an attachment in this format; 0: single-sampled only. */
  maxSamples(virglFormat: number): number {
    return this.#samples[virglFormat] ?? 0;
  }

  /** The smallest count that the host offers and that is at least `wanted`; 0 when there is none. */
  samplesFor(row: FormatRow, wanted: number): number {
    const counts = this.caps.formats.get(row.internalFormat)?.samples ?? [];
    let best = 0;
    for (const count of counts) if (count >= wanted && (best === 0 || count < best)) best = count;
    return best;
  }

  #isNeedMet(row: FormatRow): boolean {
    const { features } = this.caps;
    switch (row.need) {
      case FormatNeed.CORE:
        return true;
      case FormatNeed.NORM16:
        return features.textureNorm16;
      case FormatNeed.S3TC:
        return features.textureCompressionS3tc;
      case FormatNeed.S3TC_SRGB:
        return features.textureCompressionS3tcSrgb;
      case FormatNeed.RGTC:
        return features.textureCompressionRgtc;
      case FormatNeed.BPTC:
        return features.textureCompressionBptc;
      case FormatNeed.ASTC:
        return features.textureCompressionAstc;
      case FormatNeed.SRGB_R8:
        return this.caps.extensions.has("GL_EXT_texture_sRGB_R8");
      case FormatNeed.SRGB_RG8:
        return this.caps.extensions.has("GL_EXT_texture_sRGB_RG8");
      case FormatNeed.STENCIL8:
        return true;
      case FormatNeed.STENCIL_VIEW:
        return features.stencilTexturing;
    }
  }

  #probe(row: FormatRow): number {
    if (row.internalFormat === 0 || !this.#isNeedMet(row)) return 0;
    const probed = this.caps.formats.get(row.internalFormat);
    const isTexture = row.need === FormatNeed.STENCIL8 ? this.caps.features.stencil8Texture : (probed?.texture ?? true);
    let uses = 0;
    if (isTexture) uses |= FormatUse.SAMPLE | FormatUse.CREATE;
    const isColorAttachment = this.#isColorRenderable(row, probed?.renderable);
    if (isColorAttachment) uses |= FormatUse.ATTACH;
    if (row.isDepth || row.isStencil) {
      if (!row.isStencilView) uses |= FormatUse.DEPTH_STENCIL | FormatUse.CREATE;
    } else if (row.canRender && isColorAttachment) {
      uses |= FormatUse.RENDER;
    }
    if (isColorAttachment && this.#isReadable(row, probed?.readFormat, probed?.readType)) uses |= FormatUse.READ_DIRECT;
    if (this.#isDepthReadable(row)) uses |= FormatUse.READ_DIRECT;
    if (isTexture && !row.isCompressed) uses |= FormatUse.READBACK;
    return uses;
  }

  #isColorRenderable(row: FormatRow, probed: boolean | undefined): boolean {
    if (row.isDepth || row.isStencil || row.isCompressed) return false;
    if (probed !== undefined) return probed;
    if (FLOAT_RENDERABLE.has(row.internalFormat)) return this.caps.features.colorBufferFloat;
    return ES3_RENDERABLE.has(row.internalFormat);
  }

  /** Desktop GL reads depth and stencil; GLES with NV_read_depth, NV_read_stencil and NV_read_depth_stencil. */
  #isDepthReadable(row: FormatRow): boolean {
    if (row.isStencilView || !(row.isDepth || row.isStencil)) return false;
    if (!this.caps.isGles) return true;
    const { extensions } = this.caps;
    if (row.format === G.DEPTH_STENCIL) return extensions.has("GL_NV_read_depth_stencil");
    return extensions.has(row.isDepth ? "GL_NV_read_depth" : "GL_NV_read_stencil");
  }

  #isReadable(row: FormatRow, readFormat: number | undefined, readType: number | undefined): boolean {
    // Mesa clamps what it reads from these to [0, 1].
    if (row.isSnorm) return false;
    if (!this.caps.isGles) return true;
    return isGuaranteedRead(row) || (readFormat === row.format && readType === row.type);
  }

  #maxSamples(row: FormatRow): number {
    const probed = this.caps.formats.get(row.internalFormat);
    if (!this.can(row.virglFormat, FormatUse.RENDER) && !this.can(row.virglFormat, FormatUse.DEPTH_STENCIL)) return 0;
    return probed?.samples[0] ?? 0;
  }
}
