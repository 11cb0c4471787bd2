import { GL } from "../../../gl/index.js";
import { fourccCode } from "../../../memory/index.js";
import { VirglFormat } from "../../../virgl/index.js";
import type { FormatRow } from "../format/index.js";

/**
 * dma-buf formats (drm_fourcc.h) that name the bytes as our storage sees them: BGRA-order resources are stored as RGBA, so theirs is
 * AB24 too, and nothing else of the renderer knows that the storage is imported. fourcc names list components from the highest bit.
 */
const STORAGE_FOURCC: ReadonlyMap<number, number> = new Map([
  [GL.R8, fourccCode("R8  ")],
  [GL.RG8, fourccCode("GR88")],
  [GL.RGBA8, fourccCode("AB24")],
  [GL.RGB565, fourccCode("RG16")],
  [GL.RGBA4, fourccCode("RA12")],
  [GL.RGB5_A1, fourccCode("RA15")],
  [GL.RGB10_A2, fourccCode("AB30")],
  [GL.R16_EXT, fourccCode("R16 ")],
  [GL.RG16_EXT, fourccCode("GR32")],
  [GL.RGBA16_EXT, fourccCode("AB48")],
  [GL.RGBA16F, fourccCode("AB4H")],
]);

/** What displays call the guest's formats; the alpha of a scanout means nothing. */
const SCANOUT_FOURCC: ReadonlyMap<number, number> = new Map([
  [VirglFormat.B8G8R8A8_UNORM, fourccCode("XR24")],
  [VirglFormat.B8G8R8X8_UNORM, fourccCode("XR24")],
  [VirglFormat.R8G8B8A8_UNORM, fourccCode("XB24")],
  [VirglFormat.R8G8B8X8_UNORM, fourccCode("XB24")],
  [VirglFormat.B5G6R5_UNORM, fourccCode("RG16")],
  [VirglFormat.R10G10B10A2_UNORM, fourccCode("XB30")],
  [VirglFormat.B10G10R10A2_UNORM, fourccCode("XR30")],
]);

/** The dma-buf format of our storage of a format, or 0. */
export function storageFourcc(format: FormatRow): number {
  return format.isCompressed || format.isSrgb ? 0 : (STORAGE_FOURCC.get(format.internalFormat) ?? 0);
}

/** The format that a display is told, or 0. */
export function scanoutFourcc(format: FormatRow): number {
  return SCANOUT_FOURCC.get(format.virglFormat) ?? 0;
}
