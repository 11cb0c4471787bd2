import { GL as G, type GlCaps } from "../../../gl/index.js";
import { FormatNeed, type FormatRow } from "./format-row.js";

/** A compressed format's name without what tells sRGB from linear. */
function familyName({ name, need }: FormatRow): string {
  if (need === FormatNeed.ASTC) return "ASTC";
  return name.replace("SRGB", "RGB").replace("_UNORM", "").replace("ETC1", "ETC2");
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
    return a.isCompressed && b.isCompressed && isSameBlock && familyName(a) === familyName(b);
  }
  return a.blockBytes === b.blockBytes && !isPacked16(a) && !isPacked16(b);
}

/**
 * Whether this host lets the blocks of a compressed format be something else, raw texels or its sRGB form: those of ETC2 and ASTC in
 * OpenGL ES only (OpenGL ES 3.2 table 16.3 and OES_texture_view; OpenGL 4.6 tables 8.22 and 18.4 have neither).
 */
export function hasPlainBlocks(row: FormatRow, { isGles }: GlCaps): boolean {
  return isGles || !row.isCompressed || (row.need !== FormatNeed.CORE && row.need !== FormatNeed.ASTC);
}

/** Whether glTextureView, where the host has it, shows a texture of one of these formats, which are view compatible, as the other. */
export function canTextureView(a: FormatRow, b: FormatRow, caps: GlCaps): boolean {
  return a.internalFormat === b.internalFormat || hasPlainBlocks(a, caps);
}

/** Whether glCopyImageSubData takes textures of these formats with equal sample counts. */
export function isCopyCompatible(a: FormatRow, b: FormatRow, caps: GlCaps): boolean {
  if (a.internalFormat === b.internalFormat) return true;
  if (!hasPlainBlocks(a, caps) || !hasPlainBlocks(b, caps)) return false;
  if (a.isCompressed === b.isCompressed) return isViewCompatible(a, b);
  return !a.isDepth && !a.isStencil && !b.isDepth && !b.isStencil && a.blockBytes === b.blockBytes;
}
