import { GL } from "../../../gl/index.js";
import { ColorType, TexelLayout, type FormatRow } from "../format/index.js";
import { shaderHead } from "./source-glsl.js";

/**
 * GLSL that turns a texel into the guest's bytes, for formats that glReadPixels would not give as they are. `encode` fills `w`,
 * the texel's bytes as little-endian words.
 */
function encodeBody(row: FormatRow, stencil: boolean): string {
  if (row.isDepth || row.isStencil) return encodeDepthStencil(row, stencil);
  switch (row.type) {
    case GL.UNSIGNED_SHORT_5_6_5:
      return `w[0] = unorm(v.b, 31.0) | unorm(v.g, 63.0) << 5 | unorm(v.r, 31.0) << 11;`;
    case GL.UNSIGNED_SHORT_4_4_4_4:
      return `w[0] = unorm(v.a, 15.0) | unorm(v.b, 15.0) << 4 | unorm(v.g, 15.0) << 8 | unorm(v.r, 15.0) << 12;`;
    case GL.UNSIGNED_SHORT_5_5_5_1:
      return `w[0] = unorm(v.a, 1.0) | unorm(v.b, 31.0) << 1 | unorm(v.g, 31.0) << 6 | unorm(v.r, 31.0) << 11;`;
    case GL.UNSIGNED_INT_2_10_10_10_REV:
      if (row.colorType === ColorType.UINT)
        return `w[0] = v.r & 1023u | (v.g & 1023u) << 10 | (v.b & 1023u) << 20 | v.a << 30;`;
      return `w[0] = unorm(v.r, 1023.0) | unorm(v.g, 1023.0) << 10 | unorm(v.b, 1023.0) << 20 | unorm(v.a, 3.0) << 30;`;
    case GL.UNSIGNED_INT_10F_11F_11F_REV:
      return `w[0] = smallFloat(v.r, 6u) | smallFloat(v.g, 6u) << 11 | smallFloat(v.b, 5u) << 22;`;
    case GL.UNSIGNED_INT_5_9_9_9_REV:
      return SHARED_EXPONENT;
    default:
      return encodePlain(row);
  }
}

/** Depth first (`stencil` false), stencil in a second pass: GL samples one or the other. */
function encodeDepthStencil(row: FormatRow, stencil: boolean): string {
  const d24 = `uint(floor(v.r * 16777215.0 + 0.5))`;
  const { type, layout } = row;
  if (type === GL.FLOAT) return `w[0] = floatBitsToUint(v.r);`;
  if (type === GL.UNSIGNED_SHORT) return `w[0] = unorm(v.r, 65535.0);`;
  if (type === GL.UNSIGNED_BYTE) return `w[0] = v.r & 255u;`;
  if (type === GL.FLOAT_32_UNSIGNED_INT_24_8_REV)
    return stencil ? `w[1] = v.r & 255u;` : `w[0] = floatBitsToUint(v.r);`;
  const isLow = layout !== TexelLayout.SAME;
  if (stencil) return isLow ? `w[0] = v.r << 24;` : `w[0] = v.r & 255u;`;
  return isLow ? `w[0] = ${d24};` : `w[0] = ${d24} << 8;`;
}

const COMPONENTS: Readonly<Record<number, number>> = {
  [GL.RED]: 1,
  [GL.RED_INTEGER]: 1,
  [GL.RG]: 2,
  [GL.RG_INTEGER]: 2,
  [GL.RGB]: 3,
  [GL.RGB_INTEGER]: 3,
  [GL.RGBA]: 4,
  [GL.RGBA_INTEGER]: 4,
};

function encodeComponent(row: FormatRow, value: string): string {
  switch (row.type) {
    case GL.UNSIGNED_BYTE:
      return row.colorType === ColorType.UINT
        ? `${value} & 255u`
        : `unorm(${row.isSrgb ? `encodeSrgb(${value})` : value}, 255.0)`;
    case GL.BYTE:
      return row.colorType === ColorType.INT ? `uint(${value}) & 255u` : `snorm(${value}, 127.0) & 255u`;
    case GL.UNSIGNED_SHORT:
      return row.colorType === ColorType.UINT ? `${value} & 65535u` : `unorm(${value}, 65535.0)`;
    case GL.SHORT:
      return row.colorType === ColorType.INT ? `uint(${value}) & 65535u` : `snorm(${value}, 32767.0) & 65535u`;
    case GL.HALF_FLOAT:
      return `packHalf2x16(vec2(${value}, 0.0)) & 65535u`;
    case GL.FLOAT:
      return `floatBitsToUint(${value})`;
    default:
      return `uint(${value})`;
  }
}

function encodePlain(row: FormatRow): string {
  const components = COMPONENTS[row.format] ?? 4;
  const bits = (row.blockBytes / components) * 8;
  let out = "";
  for (let i = 0; i < components; i++) {
    const at = i * bits;
    out += `w[${at >> 5}] |= (${encodeComponent(row, `v.${"rgba"[i]!}`)}) << ${at & 31};\n  `;
  }
  return out;
}

/** EXT_texture_shared_exponent: nine mantissa bits each, bias 15. */
const SHARED_EXPONENT = `vec3 c = clamp(v.rgb, 0.0, 65408.0);
  float top = max(c.r, max(c.g, c.b));
  int e = max(-16, top > 0.0 ? int(floor(log2(top))) : -16) + 16;
  float unit = exp2(float(e - 24));
  if (floor(top / unit + 0.5) >= 512.0) { e++; unit *= 2.0; }
  uvec3 m = uvec3(floor(c / unit + 0.5));
  w[0] = m.r | m.g << 9 | m.b << 18 | uint(e) << 27;`;

const HELPERS = `
uint unorm(float v, float top) { return uint(floor(clamp(v, 0.0, 1.0) * top + 0.5)); }
uint snorm(float v, float top) { return uint(int(floor(clamp(v, -1.0, 1.0) * top + 0.5))); }
uint smallFloat(float v, uint mantissa) {
  uint bits = packHalf2x16(vec2(max(v, 0.0), 0.0)) & 0x7fffu;
  return bits >> (10u - mantissa);
}
float encodeSrgb(float v) { return v <= 0.0031308 ? v * 12.92 : 1.055 * pow(v, 1.0 / 2.4) - 0.055; }
`;

/**
 * A fragment shader whose RGBA8 output is the guest's bytes of a level, four a pixel. u_source: x and y of the first texel.
 * u_destination: texels a row of the output stands for. u_options: layer, lod. With `stencil`, pixels without stencil bytes are left alone.
 */
export function packShader(row: FormatRow, glTarget: number, stencil: boolean): string {
  const colorType = stencil ? ColorType.UINT : row.isDepth ? ColorType.FLOAT : row.colorType;
  const target = glTarget === GL.RENDERBUFFER ? GL.TEXTURE_2D : glTarget;
  return `${shaderHead(target, colorType)}${HELPERS}
out vec4 bytes;
void main() {
  ivec2 pixel = ivec2(gl_FragCoord.xy);
  uint quad = 0u;
  for (int i = 0; i < 4; i++) {
    int at = pixel.x * 4 + i;
    int texel = min(at / ${row.blockBytes}, int(u_destination.x) - 1);
    int inside = at % ${row.blockBytes};
    vec2 position = u_source.xy + vec2(float(texel), float(pixel.y)) + 0.5;
    ${colorType === ColorType.UINT ? "u" : colorType === ColorType.INT ? "i" : ""}vec4 v = sampleSource(position / u_extent.xy, u_options.x, u_options.y);
    uint w[4] = uint[4](0u, 0u, 0u, 0u);
    ${encodeBody(row, stencil)}
    quad |= ((w[inside >> 2] >> uint((inside & 3) * 8)) & 255u) << uint(i * 8);
  }
  ${stencil && row.blockBytes === 8 ? "if ((pixel.x & 1) == 0) discard;" : ""}
  bytes = vec4(uvec4(quad, quad >> 8, quad >> 16, quad >> 24) & 255u) / 255.0;
}
`;
}
