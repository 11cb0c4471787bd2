import { glslType } from "./types.js";
import type { Scalar } from "../../ir/types.js";

/**
 * Functions the GLSL text brings along, only those it uses. Most are written for scalars and widened by overloads.
 * `body` is the inside of the function; parameters are a, b, c, d in order.
 */
interface ScalarHelper {
  readonly params: readonly Scalar[];
  readonly result: Scalar;
  readonly body: string;
  /** Helpers this one calls, as scalars. */
  readonly needs?: readonly string[];
}

const I2: readonly Scalar[] = ["i32", "i32"];
const U2: readonly Scalar[] = ["u32", "u32"];

const SCALAR_HELPERS = {
  // The divisor is made harmless before dividing: some compilers divide on both sides of a choice.
  vg_idiv: {
    params: I2,
    result: "i32",
    body: "bool bad = b == 0 || b == -1; int q = a / (bad ? 1 : b); return b == 0 ? 0 : b == -1 ? 0 - a : q;",
  },
  vg_imod: { params: I2, result: "i32", body: "return b == 0 ? -1 : a - b * vg_idiv(a, b);", needs: ["vg_idiv"] },
  vg_udiv: { params: U2, result: "u32", body: "uint q = a / (b == 0u ? 1u : b); return b == 0u ? 0xffffffffu : q;" },
  vg_umod: { params: U2, result: "u32", body: "uint r = a % (b == 0u ? 1u : b); return b == 0u ? 0xffffffffu : r;" },
  vg_mulhighu: {
    params: U2,
    result: "u32",
    body:
      "uint al = a & 0xffffu; uint ah = a >> 16u; uint bl = b & 0xffffu; uint bh = b >> 16u; " +
      "uint m = ah * bl + ((al * bl) >> 16u); uint n = al * bh + (m & 0xffffu); return ah * bh + (m >> 16u) + (n >> 16u);",
  },
  vg_mulhighi: {
    params: I2,
    result: "i32",
    body: "uint h = vg_mulhighu(uint(a), uint(b)); if (a < 0) h -= uint(b); if (b < 0) h -= uint(a); return int(h);",
    needs: ["vg_mulhighu"],
  },
  vg_extractu: {
    params: ["u32", "i32", "i32"],
    result: "u32",
    body: "int o = b & 31; int n = clamp(c, 1, 32 - o); uint r = (a << uint(32 - o - n)) >> uint(32 - n); return c <= 0 ? 0u : r;",
  },
  vg_extracti: {
    params: ["i32", "i32", "i32"],
    result: "i32",
    body: "int o = b & 31; int n = clamp(c, 1, 32 - o); int r = (a << uint(32 - o - n)) >> uint(32 - n); return c <= 0 ? 0 : r;",
  },
  vg_insert: {
    params: ["u32", "u32", "i32", "i32"],
    result: "u32",
    body:
      "int o = c & 31; int n = clamp(d, 1, 32 - o); uint m = d <= 0 ? 0u : (0xffffffffu >> uint(32 - n)) << uint(o); " +
      "return (a & ~m) | ((b << uint(o)) & m);",
  },
  vg_reverse: {
    params: ["u32"],
    result: "u32",
    body:
      "a = ((a >> 1u) & 0x55555555u) | ((a & 0x55555555u) << 1u); a = ((a >> 2u) & 0x33333333u) | ((a & 0x33333333u) << 2u); " +
      "a = ((a >> 4u) & 0x0f0f0f0fu) | ((a & 0x0f0f0f0fu) << 4u); a = ((a >> 8u) & 0x00ff00ffu) | ((a & 0x00ff00ffu) << 8u); " +
      "return (a >> 16u) | (a << 16u);",
  },
  vg_count: {
    params: ["u32"],
    result: "i32",
    body:
      "a -= (a >> 1u) & 0x55555555u; a = (a & 0x33333333u) + ((a >> 2u) & 0x33333333u); a = (a + (a >> 4u)) & 0x0f0f0f0fu; " +
      "return int((a * 0x01010101u) >> 24u);",
  },
  vg_lsb: {
    params: ["u32"],
    result: "i32",
    body: "return a == 0u ? -1 : vg_count((a & (0u - a)) - 1u);",
    needs: ["vg_count"],
  },
  vg_msbu: {
    params: ["u32"],
    result: "i32",
    body: "a |= a >> 1u; a |= a >> 2u; a |= a >> 4u; a |= a >> 8u; a |= a >> 16u; return vg_count(a) - 1;",
    needs: ["vg_count"],
  },
  vg_msbi: { params: ["i32"], result: "i32", body: "return vg_msbu(uint(a < 0 ? ~a : a));", needs: ["vg_msbu"] },
  vg_ldexp: {
    params: ["f32", "i32"],
    result: "f32",
    // In two steps, so that 2^exponent alone does not overflow.
    body: "int h = clamp(b, -252, 252) / 2; return a * exp2(float(h)) * exp2(float(clamp(b, -252, 252) - h));",
  },
  vg_srgb: {
    params: ["f32"],
    result: "f32",
    body: "a = clamp(a, 0.0, 1.0); return a <= 0.0031308 ? a * 12.92 : 1.055 * pow(a, 1.0 / 2.4) - 0.055;",
  },
} as const satisfies Record<string, ScalarHelper>;

const PLAIN_HELPERS = {
  vg_packsnorm:
    "uint vg_packsnorm(vec4 a) {\n  uvec4 b = uvec4(ivec4(round(clamp(a, -1.0, 1.0) * 127.0))) & 0xffu;\n  return b.x | (b.y << 8u) | (b.z << 16u) | (b.w << 24u);\n}\n",
  vg_unpacksnorm:
    "vec4 vg_unpacksnorm(uint a) {\n  ivec4 b = ivec4(uvec4(a << 24u, a << 16u, a << 8u, a)) >> 24u;\n  return clamp(vec4(b) / 127.0, -1.0, 1.0);\n}\n",
  vg_packunorm:
    "uint vg_packunorm(vec4 a) {\n  uvec4 b = uvec4(round(clamp(a, 0.0, 1.0) * 255.0));\n  return b.x | (b.y << 8u) | (b.z << 16u) | (b.w << 24u);\n}\n",
  vg_unpackunorm:
    "vec4 vg_unpackunorm(uint a) {\n  return vec4(uvec4(a, a >> 8u, a >> 16u, a >> 24u) & 0xffu) / 255.0;\n}\n",
  // Gradients along the two axes that lie in the face, of a length that makes the level of detail `lod`.
  vg_cubelod:
    "void vg_cubelod(vec3 p, float size, float lod, out vec3 dx, out vec3 dy) {\n" +
    "  vec3 m = abs(p);\n  float major = max(m.x, max(m.y, m.z));\n  float d = 2.0 * major * exp2(lod) / size;\n" +
    "  bool isX = m.x >= m.y && m.x >= m.z;\n  bool isY = !isX && m.y >= m.z;\n" +
    "  dx = isX ? vec3(0.0, d, 0.0) : vec3(d, 0.0, 0.0);\n  dy = isX || isY ? vec3(0.0, 0.0, d) : vec3(0.0, d, 0.0);\n}\n",
  vg_cubeshadowlod:
    "float vg_cubeshadowlod(highp samplerCubeShadow s, vec4 p, float lod) {\n  vec3 dx;\n  vec3 dy;\n" +
    "  vg_cubelod(p.xyz, float(textureSize(s, 0).x), lod, dx, dy);\n  return textureGrad(s, p, dx, dy);\n}\n",
  vg_arrayshadowlod:
    "float vg_arrayshadowlod(highp sampler2DArrayShadow s, vec4 p, float lod) {\n  vec2 d = exp2(lod) / vec2(textureSize(s, 0).xy);\n" +
    "  return textureGrad(s, p, vec2(d.x, 0.0), vec2(0.0, d.y));\n}\n",
} as const;

const PLAIN_NEEDS: Readonly<Partial<Record<string, readonly string[]>>> = { vg_cubeshadowlod: ["vg_cubelod"] };

export type ScalarHelperName = keyof typeof SCALAR_HELPERS;
export type PlainHelperName = keyof typeof PLAIN_HELPERS;
export type HelperName = ScalarHelperName | PlainHelperName;

/** Collects the helpers one shader uses and writes them, needed ones before their users. */
export class HelperSet {
  /** Widest overloads needed, as bits: 1 << width. */
  private readonly widths = new Map<string, number>();
  private readonly selects = new Set<string>();

  use(name: HelperName, width = 1): string {
    this.widths.set(name, (this.widths.get(name) ?? 0) | (1 << width));
    return name;
  }

  /** Chooses between integer vectors per component, for targets whose mix() takes only floats. */
  useSelect(scalar: Scalar, width: number): string {
    const type = glslType(scalar, width);
    const parts = Array.from("xyzw")
      .slice(0, width)
      .map((letter) => `c.${letter} ? a.${letter} : b.${letter}`);
    this.selects.add(
      `${type} vg_select(bvec${width} c, ${type} a, ${type} b) { return ${type}(${parts.join(", ")}); }\n`,
    );
    return "vg_select";
  }

  write(): string {
    let text = [...this.selects].join("");
    const done = new Set<string>();
    for (const name of this.widths.keys()) text += this.writeOne(name, done);
    return text;
  }

  private writeOne(name: string, done: Set<string>): string {
    if (done.has(name)) return "";
    done.add(name);
    const widths = this.widths.get(name) ?? 0;
    if (name in PLAIN_HELPERS) {
      const needs = PLAIN_NEEDS[name] ?? [];
      return needs.map((need) => this.writeOne(need, done)).join("") + PLAIN_HELPERS[name as PlainHelperName];
    }
    const helper: ScalarHelper = SCALAR_HELPERS[name as ScalarHelperName];
    let text = (helper.needs ?? []).map((need) => this.writeOne(need, done)).join("");
    const letters = "abcd";
    const params = (width: number): string =>
      helper.params.map((scalar, index) => `${glslType(scalar, width)} ${letters[index]}`).join(", ");
    text += `${glslType(helper.result, 1)} ${name}(${params(1)}) { ${helper.body} }\n`;
    for (let width = 2; width <= 4; width++) {
      if ((widths & (1 << width)) === 0) continue;
      const type = glslType(helper.result, width);
      const calls = Array.from("xyzw")
        .slice(0, width)
        .map((letter) => `${name}(${helper.params.map((_, index) => `${letters[index]}.${letter}`).join(", ")})`);
      text += `${type} ${name}(${params(width)}) { return ${type}(${calls.join(", ")}); }\n`;
    }
    return text;
  }
}
