/**
 * THE table of formats: how each virgl format lives in GLES. Sources: virgl_hw.h (`enum virgl_formats`; a name lists components from
 * the lowest address or bit up), OpenGL ES 3.2 tables 8.2 (format, type), 8.10 (sized formats) and 8.17 (compressed), and the
 * extensions named in `FormatNeed`.
 *
 * BGRA-order formats keep the guest's bytes in an RGBA texture, so uploads and read-backs never rearrange; `view` says where the
 * guest's R, G, B, A are then (`0`, `1`: constants). The same mechanism gives alpha, luminance and intensity.
 */
import { GL as G } from "../../../gl/index.js";
import { VirglFormat as V } from "../../../virgl/index.js";
import {
  ColorType,
  FormatNeed as N,
  TexelLayout,
  type ColorTypeCode,
  type FormatNeedCode,
  type FormatRow,
  type TexelLayoutCode,
} from "./format-row.js";
import { VERTEX_FORMATS } from "./vertex-formats.js";

type FormatName = keyof typeof V;

/** What `view`, the enumerants and the name do not already say. */
interface Traits {
  readonly need?: FormatNeedCode;
  readonly color?: ColorTypeCode;
  readonly srgb?: boolean;
  readonly snorm?: boolean;
  readonly float?: boolean;
  readonly depth?: boolean;
  readonly stencil?: boolean;
  readonly stencilView?: boolean;
  readonly layout?: TexelLayoutCode;
  /** Block size in texels, for compressed formats. */
  readonly block?: readonly [number, number];
}

type Entry = readonly [
  name: FormatName,
  internalFormat: number,
  format: number,
  type: number,
  blockBytes: number,
  view: string,
  traits?: Traits,
];

const INT: Traits = { color: ColorType.INT };
const UINT: Traits = { color: ColorType.UINT };
const SRGB: Traits = { srgb: true };
const SNORM: Traits = { snorm: true };
const FLOAT: Traits = { float: true };
const NORM16: Traits = { need: N.NORM16 };
const SNORM16: Traits = { need: N.NORM16, snorm: true };
const DEPTH: Traits = { depth: true };

// prettier-ignore
const COLOR: readonly Entry[] = [
  // 8 bits, normalised
  ["R8_UNORM",             G.R8,             G.RED,          G.UNSIGNED_BYTE,                1, "r001"],
  ["R8G8_UNORM",           G.RG8,            G.RG,           G.UNSIGNED_BYTE,                2, "rg01"],
  ["R8G8B8_UNORM",         G.RGB8,           G.RGB,          G.UNSIGNED_BYTE,                3, "rgb1"],
  ["R8G8B8A8_UNORM",       G.RGBA8,          G.RGBA,         G.UNSIGNED_BYTE,                4, "rgba"],
  ["R8G8B8X8_UNORM",       G.RGBA8,          G.RGBA,         G.UNSIGNED_BYTE,                4, "rgb1"],
  ["B8G8R8A8_UNORM",       G.RGBA8,          G.RGBA,         G.UNSIGNED_BYTE,                4, "bgra"],
  ["B8G8R8X8_UNORM",       G.RGBA8,          G.RGBA,         G.UNSIGNED_BYTE,                4, "bgr1"],
  ["A8B8G8R8_UNORM",       G.RGBA8,          G.RGBA,         G.UNSIGNED_BYTE,                4, "abgr"],
  ["R8_SNORM",             G.R8_SNORM,       G.RED,          G.BYTE,                         1, "r001", SNORM],
  ["R8G8_SNORM",           G.RG8_SNORM,      G.RG,           G.BYTE,                         2, "rg01", SNORM],
  ["R8G8B8_SNORM",         G.RGB8_SNORM,     G.RGB,          G.BYTE,                         3, "rgb1", SNORM],
  ["R8G8B8A8_SNORM",       G.RGBA8_SNORM,    G.RGBA,         G.BYTE,                         4, "rgba", SNORM],
  ["R8G8B8X8_SNORM",       G.RGBA8_SNORM,    G.RGBA,         G.BYTE,                         4, "rgb1", SNORM],
  // 8 bits, sRGB
  ["R8_SRGB",              G.SR8_EXT,            G.RED,          G.UNSIGNED_BYTE,                1, "r001", { srgb: true, need: N.SRGB_R8 }],
  ["R8G8_SRGB",            G.SRG8_EXT,           G.RG,           G.UNSIGNED_BYTE,                2, "rg01", { srgb: true, need: N.SRGB_RG8 }],
  ["R8G8B8_SRGB",          G.SRGB8,          G.RGB,          G.UNSIGNED_BYTE,                3, "rgb1", SRGB],
  ["R8G8B8A8_SRGB",        G.SRGB8_ALPHA8,   G.RGBA,         G.UNSIGNED_BYTE,                4, "rgba", SRGB],
  ["R8G8B8X8_SRGB",        G.SRGB8_ALPHA8,   G.RGBA,         G.UNSIGNED_BYTE,                4, "rgb1", SRGB],
  ["B8G8R8A8_SRGB",        G.SRGB8_ALPHA8,   G.RGBA,         G.UNSIGNED_BYTE,                4, "bgra", SRGB],
  ["B8G8R8X8_SRGB",        G.SRGB8_ALPHA8,   G.RGBA,         G.UNSIGNED_BYTE,                4, "bgr1", SRGB],
  // 8 bits, integer
  ["R8_UINT",              G.R8UI,           G.RED_INTEGER,  G.UNSIGNED_BYTE,                1, "r001", UINT],
  ["R8G8_UINT",            G.RG8UI,          G.RG_INTEGER,   G.UNSIGNED_BYTE,                2, "rg01", UINT],
  ["R8G8B8_UINT",          G.RGB8UI,         G.RGB_INTEGER,  G.UNSIGNED_BYTE,                3, "rgb1", UINT],
  ["R8G8B8A8_UINT",        G.RGBA8UI,        G.RGBA_INTEGER, G.UNSIGNED_BYTE,                4, "rgba", UINT],
  ["R8G8B8X8_UINT",        G.RGBA8UI,        G.RGBA_INTEGER, G.UNSIGNED_BYTE,                4, "rgb1", UINT],
  ["B8G8R8A8_UINT",        G.RGBA8UI,        G.RGBA_INTEGER, G.UNSIGNED_BYTE,                4, "bgra", UINT],
  ["R8_SINT",              G.R8I,            G.RED_INTEGER,  G.BYTE,                         1, "r001", INT],
  ["R8G8_SINT",            G.RG8I,           G.RG_INTEGER,   G.BYTE,                         2, "rg01", INT],
  ["R8G8B8_SINT",          G.RGB8I,          G.RGB_INTEGER,  G.BYTE,                         3, "rgb1", INT],
  ["R8G8B8A8_SINT",        G.RGBA8I,         G.RGBA_INTEGER, G.BYTE,                         4, "rgba", INT],
  ["R8G8B8X8_SINT",        G.RGBA8I,         G.RGBA_INTEGER, G.BYTE,                         4, "rgb1", INT],
  ["B8G8R8A8_SINT",        G.RGBA8I,         G.RGBA_INTEGER, G.BYTE,                         4, "bgra", INT],
  // packed into 16 or 32 bits
  ["B5G6R5_UNORM",         G.RGB565,         G.RGB,          G.UNSIGNED_SHORT_5_6_5,         2, "rgb1"],
  ["A4B4G4R4_UNORM",       G.RGBA4,          G.RGBA,         G.UNSIGNED_SHORT_4_4_4_4,       2, "rgba"],
  ["B4G4R4A4_UNORM",       G.RGBA4,          G.RGBA,         G.UNSIGNED_SHORT_4_4_4_4,       2, "gbar"],
  ["B4G4R4X4_UNORM",       G.RGBA4,          G.RGBA,         G.UNSIGNED_SHORT_4_4_4_4,       2, "gba1"],
  ["A1B5G5R5_UNORM",       G.RGB5_A1,        G.RGBA,         G.UNSIGNED_SHORT_5_5_5_1,       2, "rgba"],
  ["R10G10B10A2_UNORM",    G.RGB10_A2,       G.RGBA,         G.UNSIGNED_INT_2_10_10_10_REV,  4, "rgba"],
  ["R10G10B10X2_UNORM",    G.RGB10_A2,       G.RGBA,         G.UNSIGNED_INT_2_10_10_10_REV,  4, "rgb1"],
  ["B10G10R10A2_UNORM",    G.RGB10_A2,       G.RGBA,         G.UNSIGNED_INT_2_10_10_10_REV,  4, "bgra"],
  ["B10G10R10X2_UNORM",    G.RGB10_A2,       G.RGBA,         G.UNSIGNED_INT_2_10_10_10_REV,  4, "bgr1"],
  ["R10G10B10A2_UINT",     G.RGB10_A2UI,     G.RGBA_INTEGER, G.UNSIGNED_INT_2_10_10_10_REV,  4, "rgba", UINT],
  ["B10G10R10A2_UINT",     G.RGB10_A2UI,     G.RGBA_INTEGER, G.UNSIGNED_INT_2_10_10_10_REV,  4, "bgra", UINT],
  ["R11G11B10_FLOAT",      G.R11F_G11F_B10F, G.RGB,          G.UNSIGNED_INT_10F_11F_11F_REV, 4, "rgb1", FLOAT],
  ["R9G9B9E5_FLOAT",       G.RGB9_E5,        G.RGB,          G.UNSIGNED_INT_5_9_9_9_REV,     4, "rgb1", FLOAT],
  // 16 bits
  ["R16_UNORM",            G.R16_EXT,            G.RED,          G.UNSIGNED_SHORT,               2, "r001", NORM16],
  ["R16G16_UNORM",         G.RG16_EXT,           G.RG,           G.UNSIGNED_SHORT,               4, "rg01", NORM16],
  ["R16G16B16_UNORM",      G.RGB16_EXT,          G.RGB,          G.UNSIGNED_SHORT,               6, "rgb1", NORM16],
  ["R16G16B16A16_UNORM",   G.RGBA16_EXT,         G.RGBA,         G.UNSIGNED_SHORT,               8, "rgba", NORM16],
  ["R16G16B16X16_UNORM",   G.RGBA16_EXT,         G.RGBA,         G.UNSIGNED_SHORT,               8, "rgb1", NORM16],
  ["R16_SNORM",            G.R16_SNORM_EXT,      G.RED,          G.SHORT,                        2, "r001", SNORM16],
  ["R16G16_SNORM",         G.RG16_SNORM_EXT,     G.RG,           G.SHORT,                        4, "rg01", SNORM16],
  ["R16G16B16_SNORM",      G.RGB16_SNORM_EXT,    G.RGB,          G.SHORT,                        6, "rgb1", SNORM16],
  ["R16G16B16A16_SNORM",   G.RGBA16_SNORM_EXT,   G.RGBA,         G.SHORT,                        8, "rgba", SNORM16],
  ["R16G16B16X16_SNORM",   G.RGBA16_SNORM_EXT,   G.RGBA,         G.SHORT,                        8, "rgb1", SNORM16],
  ["R16_FLOAT",            G.R16F,           G.RED,          G.HALF_FLOAT,                   2, "r001", FLOAT],
  ["R16G16_FLOAT",         G.RG16F,          G.RG,           G.HALF_FLOAT,                   4, "rg01", FLOAT],
  ["R16G16B16_FLOAT",      G.RGB16F,         G.RGB,          G.HALF_FLOAT,                   6, "rgb1", FLOAT],
  ["R16G16B16A16_FLOAT",   G.RGBA16F,        G.RGBA,         G.HALF_FLOAT,                   8, "rgba", FLOAT],
  ["R16G16B16X16_FLOAT",   G.RGBA16F,        G.RGBA,         G.HALF_FLOAT,                   8, "rgb1", FLOAT],
  ["R16_UINT",             G.R16UI,          G.RED_INTEGER,  G.UNSIGNED_SHORT,               2, "r001", UINT],
  ["R16G16_UINT",          G.RG16UI,         G.RG_INTEGER,   G.UNSIGNED_SHORT,               4, "rg01", UINT],
  ["R16G16B16_UINT",       G.RGB16UI,        G.RGB_INTEGER,  G.UNSIGNED_SHORT,               6, "rgb1", UINT],
  ["R16G16B16A16_UINT",    G.RGBA16UI,       G.RGBA_INTEGER, G.UNSIGNED_SHORT,               8, "rgba", UINT],
  ["R16G16B16X16_UINT",    G.RGBA16UI,       G.RGBA_INTEGER, G.UNSIGNED_SHORT,               8, "rgb1", UINT],
  ["R16_SINT",             G.R16I,           G.RED_INTEGER,  G.SHORT,                        2, "r001", INT],
  ["R16G16_SINT",          G.RG16I,          G.RG_INTEGER,   G.SHORT,                        4, "rg01", INT],
  ["R16G16B16_SINT",       G.RGB16I,         G.RGB_INTEGER,  G.SHORT,                        6, "rgb1", INT],
  ["R16G16B16A16_SINT",    G.RGBA16I,        G.RGBA_INTEGER, G.SHORT,                        8, "rgba", INT],
  ["R16G16B16X16_SINT",    G.RGBA16I,        G.RGBA_INTEGER, G.SHORT,                        8, "rgb1", INT],
  // 32 bits
  ["R32_FLOAT",            G.R32F,           G.RED,          G.FLOAT,                        4, "r001", FLOAT],
  ["R32G32_FLOAT",         G.RG32F,          G.RG,           G.FLOAT,                        8, "rg01", FLOAT],
  ["R32G32B32_FLOAT",      G.RGB32F,         G.RGB,          G.FLOAT,                       12, "rgb1", FLOAT],
  ["R32G32B32A32_FLOAT",   G.RGBA32F,        G.RGBA,         G.FLOAT,                       16, "rgba", FLOAT],
  ["R32G32B32X32_FLOAT",   G.RGBA32F,        G.RGBA,         G.FLOAT,                       16, "rgb1", FLOAT],
  ["R32_UINT",             G.R32UI,          G.RED_INTEGER,  G.UNSIGNED_INT,                 4, "r001", UINT],
  ["R32G32_UINT",          G.RG32UI,         G.RG_INTEGER,   G.UNSIGNED_INT,                 8, "rg01", UINT],
  ["R32G32B32_UINT",       G.RGB32UI,        G.RGB_INTEGER,  G.UNSIGNED_INT,                12, "rgb1", UINT],
  ["R32G32B32A32_UINT",    G.RGBA32UI,       G.RGBA_INTEGER, G.UNSIGNED_INT,                16, "rgba", UINT],
  ["R32G32B32X32_UINT",    G.RGBA32UI,       G.RGBA_INTEGER, G.UNSIGNED_INT,                16, "rgb1", UINT],
  ["R32_SINT",             G.R32I,           G.RED_INTEGER,  G.INT,                          4, "r001", INT],
  ["R32G32_SINT",          G.RG32I,          G.RG_INTEGER,   G.INT,                          8, "rg01", INT],
  ["R32G32B32_SINT",       G.RGB32I,         G.RGB_INTEGER,  G.INT,                         12, "rgb1", INT],
  ["R32G32B32A32_SINT",    G.RGBA32I,        G.RGBA_INTEGER, G.INT,                         16, "rgba", INT],
  ["R32G32B32X32_SINT",    G.RGBA32I,        G.RGBA_INTEGER, G.INT,                         16, "rgb1", INT],
];

// prettier-ignore
const LUMINANCE: readonly Entry[] = [
  ["A8_UNORM",             G.R8,             G.RED,          G.UNSIGNED_BYTE,                1, "000r"],
  ["L8_UNORM",             G.R8,             G.RED,          G.UNSIGNED_BYTE,                1, "rrr1"],
  ["I8_UNORM",             G.R8,             G.RED,          G.UNSIGNED_BYTE,                1, "rrrr"],
  ["L8A8_UNORM",           G.RG8,            G.RG,           G.UNSIGNED_BYTE,                2, "rrrg"],
  ["L8_SRGB",              G.SR8_EXT,            G.RED,          G.UNSIGNED_BYTE,                1, "rrr1", { srgb: true, need: N.SRGB_R8 }],
  ["A8_SNORM",             G.R8_SNORM,       G.RED,          G.BYTE,                         1, "000r", SNORM],
  ["L8_SNORM",             G.R8_SNORM,       G.RED,          G.BYTE,                         1, "rrr1", SNORM],
  ["I8_SNORM",             G.R8_SNORM,       G.RED,          G.BYTE,                         1, "rrrr", SNORM],
  ["L8A8_SNORM",           G.RG8_SNORM,      G.RG,           G.BYTE,                         2, "rrrg", SNORM],
  ["A8_UINT",              G.R8UI,           G.RED_INTEGER,  G.UNSIGNED_BYTE,                1, "000r", UINT],
  ["L8_UINT",              G.R8UI,           G.RED_INTEGER,  G.UNSIGNED_BYTE,                1, "rrr1", UINT],
  ["I8_UINT",              G.R8UI,           G.RED_INTEGER,  G.UNSIGNED_BYTE,                1, "rrrr", UINT],
  ["L8A8_UINT",            G.RG8UI,          G.RG_INTEGER,   G.UNSIGNED_BYTE,                2, "rrrg", UINT],
  ["A8_SINT",              G.R8I,            G.RED_INTEGER,  G.BYTE,                         1, "000r", INT],
  ["L8_SINT",              G.R8I,            G.RED_INTEGER,  G.BYTE,                         1, "rrr1", INT],
  ["I8_SINT",              G.R8I,            G.RED_INTEGER,  G.BYTE,                         1, "rrrr", INT],
  ["L8A8_SINT",            G.RG8I,           G.RG_INTEGER,   G.BYTE,                         2, "rrrg", INT],
  ["A16_UNORM",            G.R16_EXT,            G.RED,          G.UNSIGNED_SHORT,               2, "000r", NORM16],
  ["L16_UNORM",            G.R16_EXT,            G.RED,          G.UNSIGNED_SHORT,               2, "rrr1", NORM16],
  ["I16_UNORM",            G.R16_EXT,            G.RED,          G.UNSIGNED_SHORT,               2, "rrrr", NORM16],
  ["L16A16_UNORM",         G.RG16_EXT,           G.RG,           G.UNSIGNED_SHORT,               4, "rrrg", NORM16],
  ["A16_SNORM",            G.R16_SNORM_EXT,      G.RED,          G.SHORT,                        2, "000r", SNORM16],
  ["L16_SNORM",            G.R16_SNORM_EXT,      G.RED,          G.SHORT,                        2, "rrr1", SNORM16],
  ["I16_SNORM",            G.R16_SNORM_EXT,      G.RED,          G.SHORT,                        2, "rrrr", SNORM16],
  ["L16A16_SNORM",         G.RG16_SNORM_EXT,     G.RG,           G.SHORT,                        4, "rrrg", SNORM16],
  ["A16_FLOAT",            G.R16F,           G.RED,          G.HALF_FLOAT,                   2, "000r", FLOAT],
  ["L16_FLOAT",            G.R16F,           G.RED,          G.HALF_FLOAT,                   2, "rrr1", FLOAT],
  ["I16_FLOAT",            G.R16F,           G.RED,          G.HALF_FLOAT,                   2, "rrrr", FLOAT],
  ["L16A16_FLOAT",         G.RG16F,          G.RG,           G.HALF_FLOAT,                   4, "rrrg", FLOAT],
  ["A16_UINT",             G.R16UI,          G.RED_INTEGER,  G.UNSIGNED_SHORT,               2, "000r", UINT],
  ["L16_UINT",             G.R16UI,          G.RED_INTEGER,  G.UNSIGNED_SHORT,               2, "rrr1", UINT],
  ["I16_UINT",             G.R16UI,          G.RED_INTEGER,  G.UNSIGNED_SHORT,               2, "rrrr", UINT],
  ["L16A16_UINT",          G.RG16UI,         G.RG_INTEGER,   G.UNSIGNED_SHORT,               4, "rrrg", UINT],
  ["A16_SINT",             G.R16I,           G.RED_INTEGER,  G.SHORT,                        2, "000r", INT],
  ["L16_SINT",             G.R16I,           G.RED_INTEGER,  G.SHORT,                        2, "rrr1", INT],
  ["I16_SINT",             G.R16I,           G.RED_INTEGER,  G.SHORT,                        2, "rrrr", INT],
  ["L16A16_SINT",          G.RG16I,          G.RG_INTEGER,   G.SHORT,                        4, "rrrg", INT],
  ["A32_FLOAT",            G.R32F,           G.RED,          G.FLOAT,                        4, "000r", FLOAT],
  ["L32_FLOAT",            G.R32F,           G.RED,          G.FLOAT,                        4, "rrr1", FLOAT],
  ["I32_FLOAT",            G.R32F,           G.RED,          G.FLOAT,                        4, "rrrr", FLOAT],
  ["L32A32_FLOAT",         G.RG32F,          G.RG,           G.FLOAT,                        8, "rrrg", FLOAT],
  ["A32_UINT",             G.R32UI,          G.RED_INTEGER,  G.UNSIGNED_INT,                 4, "000r", UINT],
  ["L32_UINT",             G.R32UI,          G.RED_INTEGER,  G.UNSIGNED_INT,                 4, "rrr1", UINT],
  ["I32_UINT",             G.R32UI,          G.RED_INTEGER,  G.UNSIGNED_INT,                 4, "rrrr", UINT],
  ["L32A32_UINT",          G.RG32UI,         G.RG_INTEGER,   G.UNSIGNED_INT,                 8, "rrrg", UINT],
  ["A32_SINT",             G.R32I,           G.RED_INTEGER,  G.INT,                          4, "000r", INT],
  ["L32_SINT",             G.R32I,           G.RED_INTEGER,  G.INT,                          4, "rrr1", INT],
  ["I32_SINT",             G.R32I,           G.RED_INTEGER,  G.INT,                          4, "rrrr", INT],
  ["L32A32_SINT",          G.RG32I,          G.RG_INTEGER,   G.INT,                          8, "rrrg", INT],
];

const STENCIL_VIEW: Traits = { stencil: true, stencilView: true, color: ColorType.UINT, need: N.STENCIL_VIEW };

// prettier-ignore
const DEPTH_STENCIL: readonly Entry[] = [
  ["Z16_UNORM",            G.DEPTH_COMPONENT16,  G.DEPTH_COMPONENT, G.UNSIGNED_SHORT,                 2, "r001", DEPTH],
  // The same storage as with stencil: plain 24-bit depth goes through a rescaling from 32 bits on the way in.
  ["Z24X8_UNORM",          G.DEPTH24_STENCIL8,   G.DEPTH_STENCIL,   G.UNSIGNED_INT_24_8,              4, "r001", { depth: true, layout: TexelLayout.ROTATE_DEPTH24 }],
  ["X8Z24_UNORM",          G.DEPTH24_STENCIL8,   G.DEPTH_STENCIL,   G.UNSIGNED_INT_24_8,              4, "r001", DEPTH],
  ["Z24_UNORM_S8_UINT",    G.DEPTH24_STENCIL8,   G.DEPTH_STENCIL,   G.UNSIGNED_INT_24_8,              4, "r001", { depth: true, stencil: true, layout: TexelLayout.ROTATE_DEPTH24 }],
  ["S8_UINT_Z24_UNORM",    G.DEPTH24_STENCIL8,   G.DEPTH_STENCIL,   G.UNSIGNED_INT_24_8,              4, "r001", { depth: true, stencil: true }],
  ["Z32_UNORM",            G.DEPTH_COMPONENT24,  G.DEPTH_COMPONENT, G.UNSIGNED_INT,                   4, "r001", DEPTH],
  ["Z32_FLOAT",            G.DEPTH_COMPONENT32F, G.DEPTH_COMPONENT, G.FLOAT,                          4, "r001", { depth: true, float: true }],
  ["Z32_FLOAT_S8X24_UINT", G.DEPTH32F_STENCIL8,  G.DEPTH_STENCIL,   G.FLOAT_32_UNSIGNED_INT_24_8_REV, 8, "r001", { depth: true, stencil: true, float: true }],
  ["S8_UINT",              G.STENCIL_INDEX8,     G.STENCIL_INDEX,   G.UNSIGNED_BYTE,                  1, "r001", { stencil: true, color: ColorType.UINT, need: N.STENCIL8 }],
  ["X24S8_UINT",           G.DEPTH24_STENCIL8,   G.DEPTH_STENCIL,   G.UNSIGNED_INT_24_8,              4, "r001", STENCIL_VIEW],
  ["S8X24_UINT",           G.DEPTH24_STENCIL8,   G.DEPTH_STENCIL,   G.UNSIGNED_INT_24_8,              4, "r001", STENCIL_VIEW],
  ["X32_S8X24_UINT",       G.DEPTH32F_STENCIL8,  G.DEPTH_STENCIL,   G.FLOAT_32_UNSIGNED_INT_24_8_REV, 8, "r001", STENCIL_VIEW],
];

const B4: readonly [number, number] = [4, 4];
const S3TC: Traits = { need: N.S3TC, block: B4 };
const S3TC_SRGB: Traits = { need: N.S3TC_SRGB, block: B4, srgb: true };
const RGTC: Traits = { need: N.RGTC, block: B4 };
const RGTC_SNORM: Traits = { need: N.RGTC, block: B4, snorm: true };
const ETC2: Traits = { block: B4 };
const ETC2_SRGB: Traits = { block: B4, srgb: true };

// prettier-ignore
const COMPRESSED: readonly Entry[] = [
  ["DXT1_RGB",         G.COMPRESSED_RGB_S3TC_DXT1_EXT,                  0, 0,  8, "rgb1", S3TC],
  ["DXT1_RGBA",        G.COMPRESSED_RGBA_S3TC_DXT1_EXT,                 0, 0,  8, "rgba", S3TC],
  ["DXT3_RGBA",        G.COMPRESSED_RGBA_S3TC_DXT3_EXT,                 0, 0, 16, "rgba", S3TC],
  ["DXT5_RGBA",        G.COMPRESSED_RGBA_S3TC_DXT5_EXT,                 0, 0, 16, "rgba", S3TC],
  ["DXT1_SRGB",        G.COMPRESSED_SRGB_S3TC_DXT1_EXT,                 0, 0,  8, "rgb1", S3TC_SRGB],
  ["DXT1_SRGBA",       G.COMPRESSED_SRGB_ALPHA_S3TC_DXT1_EXT,           0, 0,  8, "rgba", S3TC_SRGB],
  ["DXT3_SRGBA",       G.COMPRESSED_SRGB_ALPHA_S3TC_DXT3_EXT,           0, 0, 16, "rgba", S3TC_SRGB],
  ["DXT5_SRGBA",       G.COMPRESSED_SRGB_ALPHA_S3TC_DXT5_EXT,           0, 0, 16, "rgba", S3TC_SRGB],
  ["RGTC1_UNORM",      G.COMPRESSED_RED_RGTC1_EXT,                      0, 0,  8, "r001", RGTC],
  ["RGTC1_SNORM",      G.COMPRESSED_SIGNED_RED_RGTC1_EXT,               0, 0,  8, "r001", RGTC_SNORM],
  ["RGTC2_UNORM",      G.COMPRESSED_RED_GREEN_RGTC2_EXT,                       0, 0, 16, "rg01", RGTC],
  ["RGTC2_SNORM",      G.COMPRESSED_SIGNED_RED_GREEN_RGTC2_EXT,                0, 0, 16, "rg01", RGTC_SNORM],
  ["LATC1_UNORM",      G.COMPRESSED_RED_RGTC1_EXT,                      0, 0,  8, "rrr1", RGTC],
  ["LATC1_SNORM",      G.COMPRESSED_SIGNED_RED_RGTC1_EXT,               0, 0,  8, "rrr1", RGTC_SNORM],
  ["LATC2_UNORM",      G.COMPRESSED_RED_GREEN_RGTC2_EXT,                       0, 0, 16, "rrrg", RGTC],
  ["LATC2_SNORM",      G.COMPRESSED_SIGNED_RED_GREEN_RGTC2_EXT,                0, 0, 16, "rrrg", RGTC_SNORM],
  ["BPTC_RGBA_UNORM",  G.COMPRESSED_RGBA_BPTC_UNORM_EXT,                0, 0, 16, "rgba", { need: N.BPTC, block: B4 }],
  ["BPTC_SRGBA",       G.COMPRESSED_SRGB_ALPHA_BPTC_UNORM_EXT,          0, 0, 16, "rgba", { need: N.BPTC, block: B4, srgb: true }],
  ["BPTC_RGB_FLOAT",   G.COMPRESSED_RGB_BPTC_SIGNED_FLOAT_EXT,          0, 0, 16, "rgb1", { need: N.BPTC, block: B4, float: true }],
  ["BPTC_RGB_UFLOAT",  G.COMPRESSED_RGB_BPTC_UNSIGNED_FLOAT_EXT,        0, 0, 16, "rgb1", { need: N.BPTC, block: B4, float: true }],
  ["ETC1_RGB8",        G.COMPRESSED_RGB8_ETC2,                      0, 0,  8, "rgb1", ETC2],
  ["ETC2_RGB8",        G.COMPRESSED_RGB8_ETC2,                      0, 0,  8, "rgb1", ETC2],
  ["ETC2_SRGB8",       G.COMPRESSED_SRGB8_ETC2,                     0, 0,  8, "rgb1", ETC2_SRGB],
  ["ETC2_RGB8A1",      G.COMPRESSED_RGB8_PUNCHTHROUGH_ALPHA1_ETC2,  0, 0,  8, "rgba", ETC2],
  ["ETC2_SRGB8A1",     G.COMPRESSED_SRGB8_PUNCHTHROUGH_ALPHA1_ETC2, 0, 0,  8, "rgba", ETC2_SRGB],
  ["ETC2_RGBA8",       G.COMPRESSED_RGBA8_ETC2_EAC,                 0, 0, 16, "rgba", ETC2],
  ["ETC2_SRGBA8",      G.COMPRESSED_SRGB8_ALPHA8_ETC2_EAC,          0, 0, 16, "rgba", ETC2_SRGB],
  ["ETC2_R11_UNORM",   G.COMPRESSED_R11_EAC,                        0, 0,  8, "r001", ETC2],
  ["ETC2_R11_SNORM",   G.COMPRESSED_SIGNED_R11_EAC,                 0, 0,  8, "r001", { block: B4, snorm: true }],
  ["ETC2_RG11_UNORM",  G.COMPRESSED_RG11_EAC,                       0, 0, 16, "rg01", ETC2],
  ["ETC2_RG11_SNORM",  G.COMPRESSED_SIGNED_RG11_EAC,                0, 0, 16, "rg01", { block: B4, snorm: true }],
];

/** In the order of the GL enumerants from COMPRESSED_RGBA_ASTC_4x4 on and of the virgl formats from ASTC_4x4 on. */
const ASTC_BLOCKS: readonly (readonly [number, number])[] = [
  [4, 4],
  [5, 4],
  [5, 5],
  [6, 5],
  [6, 6],
  [8, 5],
  [8, 6],
  [8, 8],
  [10, 5],
  [10, 6],
  [10, 8],
  [10, 10],
  [12, 10],
  [12, 12],
];

const formatName = new Map<number, string>(Object.entries(V).map(([name, value]) => [value, name]));

function astcEntries(): Entry[] {
  return ASTC_BLOCKS.flatMap((block, i): Entry[] => [
    [
      formatName.get(V.ASTC_4x4 + i) as FormatName,
      G.COMPRESSED_RGBA_ASTC_4x4 + i,
      0,
      0,
      16,
      "rgba",
      { need: N.ASTC, block },
    ],
    [
      formatName.get(V.ASTC_4x4_SRGB + i) as FormatName,
      G.COMPRESSED_SRGB8_ALPHA8_ASTC_4x4 + i,
      0,
      0,
      16,
      "rgba",
      { need: N.ASTC, block, srgb: true },
    ],
  ]);
}

/** GL_RED, GL_GREEN, GL_BLUE, GL_ALPHA, GL_ZERO, GL_ONE by their letters in `view`. */
const SWIZZLE: Readonly<Record<string, number>> = { r: 0x1903, g: 0x1904, b: 0x1905, a: 0x1906, "0": 0, "1": 1 };

/** Views whose components rendering can address: in place, or with R and B exchanged. */
const RENDERABLE_VIEWS: ReadonlySet<string> = new Set(["r001", "rg01", "rgb1", "rgba", "bgra", "bgr1"]);

/** Components that a missing channel reads from anyway, so that no swizzle is needed. */
const IDENTITY_VIEWS: ReadonlySet<string> = new Set(["r001", "rg01", "rgba"]);

/** Formats without an alpha channel in GL too: they read alpha 1 by themselves. */
const THREE_COMPONENTS: ReadonlySet<number> = new Set<number>([G.RGB, G.RGB_INTEGER, 0]);

function toRow([name, internalFormat, format, type, blockBytes, view, traits = {}]: Entry): FormatRow {
  const [blockWidth, blockHeight] = traits.block ?? [1, 1];
  const at = (i: number): number => SWIZZLE[view[i]!]!;
  const virglFormat = V[name];
  return {
    virglFormat,
    name,
    internalFormat,
    format,
    type,
    blockBytes,
    blockWidth,
    blockHeight,
    isCompressed: traits.block !== undefined,
    viewSwizzle: [at(0), at(1), at(2), at(3)],
    isSwizzled: !IDENTITY_VIEWS.has(view) && !(view === "rgb1" && THREE_COMPONENTS.has(format)),
    swapRB: view.startsWith("bgr"),
    noAlpha: view.endsWith("1") && view.includes("g"),
    colorType: traits.color ?? ColorType.FLOAT,
    isSnorm: traits.snorm ?? false,
    isFloat: traits.float ?? false,
    isSrgb: traits.srgb ?? false,
    isDepth: traits.depth ?? false,
    isStencil: traits.stencil ?? false,
    isStencilView: traits.stencilView ?? false,
    layout: traits.layout ?? TexelLayout.SAME,
    need: traits.need ?? N.CORE,
    canRender: RENDERABLE_VIEWS.has(view) && traits.block === undefined,
    vertex: VERTEX_FORMATS.get(virglFormat) ?? null,
  };
}

function vertexOnlyRow(virglFormat: number): FormatRow {
  const entry: Entry = [(formatName.get(virglFormat) ?? "NONE") as FormatName, 0, 0, 0, 1, "rgba"];
  return { ...toRow(entry), canRender: false };
}

function buildTable(): (FormatRow | undefined)[] {
  const rows: (FormatRow | undefined)[] = [];
  for (const virglFormat of VERTEX_FORMATS.keys()) rows[virglFormat] = vertexOnlyRow(virglFormat);
  for (const entry of [...COLOR, ...LUMINANCE, ...DEPTH_STENCIL, ...COMPRESSED, ...astcEntries()]) {
    const row = toRow(entry);
    rows[row.virglFormat] = row;
  }
  return rows;
}

const TABLE: readonly (FormatRow | undefined)[] = buildTable();

/** The row of a guest's format number; undefined for numbers that this device does not know. */
export function formatRow(virglFormat: number): FormatRow | undefined {
  return TABLE[virglFormat];
}

/** Every row, in format order. */
export const FORMAT_ROWS: readonly FormatRow[] = TABLE.filter((row): row is FormatRow => row !== undefined);
