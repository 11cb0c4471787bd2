import { PixelOrder, type PixelOrderCode } from "./plan-destride.js";

const PIXEL: Readonly<Record<PixelOrderCode, string>> = {
  [PixelOrder.SAME]: "texel(at)",
  [PixelOrder.SWAPPED]: "texel(at).bgra",
  [PixelOrder.PAIRS]: "vec4(texel(at).rg, texel(at + 1).rg)",
  [PixelOrder.BYTES]: "vec4(texel(at).r, texel(at + 1).r, texel(at + 2).r, texel(at + 3).r)",
};

/** Parts of a whole number in two floats, each exact: uniforms of internal programs are vec4. */
export const HALF = 4096;

/** u_extent: texels per row of the import, and of the guest; texels per pixel. u_options.xy: the first texel, in units of HALF and 1. */
export function destrideShader(order: PixelOrderCode): string {
  return `#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
in vec2 v_at;
uniform sampler2D source;
uniform vec4 u_extent;
uniform vec4 u_options;
out vec4 color;
vec4 texel(int at) {
  int width = int(u_extent.x);
  return texelFetch(source, ivec2(at % width, at / width), 0);
}
void main() {
  ivec2 pixel = ivec2(gl_FragCoord.xy);
  int first = int(u_options.x) * ${HALF} + int(u_options.y);
  int at = first + pixel.y * int(u_extent.y) + pixel.x * int(u_extent.z);
  color = ${PIXEL[order]};
}
`;
}
