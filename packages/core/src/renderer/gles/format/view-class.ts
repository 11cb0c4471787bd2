import { GL as G } from "../../../gl/index.js";
import { FormatNeed, type FormatRow } from "./format-row.js";

/** S3TC and its sRGB form are offered apart, and DXT3 and DXT5 have blocks of one size. */
function isSameFamily(a: FormatRow, b: FormatRow): boolean {
  const isS3tc = a.need === FormatNeed.S3TC || a.need === FormatNeed.S3TC_SRGB;
  return isS3tc ? a.name.replace("SRGB", "RGB") === b.name.replace("SRGB", "RGB") : a.need === b.need;
}

/** The packed 16-bit formats are in no view class. */
function isPacked16({ type }: FormatRow): boolean {
  return type === G.UNSIGNED_SHORT_5_6_5 || type === G.UNSIGNED_SHORT_4_4_4_4 || type === G.UNSIGNED_SHORT_5_5_5_1;
}

/**
 * Whether glTextureView shows a texture of one format as the other, and glCopyImageSubData copies between them (uncompressed: equal
 * texel sizes, OpenGL ES 3.2 §16.2.2 and OES_texture_view table 8.X.2; compressed: views only between a format and its sRGB form).
 */
export function isViewCompatible(a: FormatRow, b: FormatRow): boolean {
  if (a.internalFormat === b.internalFormat) return true;
  if (a.isDepth || a.isStencil || b.isDepth || b.isStencil) return false;
  if (a.isCompressed || b.isCompressed) {
    const isSameBlock = a.blockWidth === b.blockWidth && a.blockHeight === b.blockHeight;
    return (
      a.isCompressed &&
      b.isCompressed &&
      isSameBlock &&
      isSameFamily(a, b) &&
      a.isSrgb !== b.isSrgb &&
      a.blockBytes === b.blockBytes
    );
  }
  return a.blockBytes === b.blockBytes && !isPacked16(a) && !isPacked16(b);
}
