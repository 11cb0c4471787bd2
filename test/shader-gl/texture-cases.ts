/**
 * Every texture opcode on every target, with the texel it must find. Textures hold in each texel where it is: x, y, layer
 * and level; shadow textures hold a depth made from the same numbers. A case picks a texel per point and says both the
 * operands that lead there and the result.
 */
import type { ProgramKey, TextureTarget } from "@virtgpu/core/shader";
import { floatBits, type Words } from "./opcodes.js";

export type TexelKind = "float" | "int" | "uint" | "shadow";

export interface Texel {
  readonly x: number;
  readonly y: number;
  /** Slice, layer or cube face (cube arrays: layer * 6 + face). */
  readonly z: number;
  readonly level: number;
}

export interface TextureCase {
  readonly name: string;
  readonly target: TextureTarget;
  readonly kind: TexelKind;
  /** Operands are $0…$3; the result goes to TEMP[1]. */
  readonly lines: readonly string[];
  /** Words of the four operands (16) and the results in the fragment and the vertex shader for one point. */
  readonly make: (pick: Picker) => { operands: number[]; fragment: Words; vertex: Words };
  /** Lowest GLSL ES version it can be written for. */
  readonly version: 300 | 310 | 320;
  readonly key?: Partial<ProgramKey>;
}

export const LEVELS = 3;

/** Sizes of level 0. Faces and layers count in depth. */
export function sizeOf(target: TextureTarget, level = 0): { width: number; height: number; depth: number } {
  const shrink = (size: number): number => Math.max(1, size >> level);
  const isCube = target.includes("CUBE");
  const width = isCube ? 4 : 8;
  const height = isCube ? 4 : target.includes("1D") || target === "BUFFER" ? 1 : 4;
  const layers = target.includes("CUBEARRAY") ? 12 : isCube ? 6 : target.includes("ARRAY") ? 3 : 1;
  return { width: shrink(width), height: shrink(height), depth: target === "3D" ? shrink(4) : layers };
}

export function depthAt({ x, y, z, level }: Texel): number {
  return (((x * 3 + y * 5 + z * 7 + level * 2) % 8) + 0.5) / 8;
}

export function texelAt(kind: TexelKind, texel: Texel): Words {
  const { x, y, z, level } = texel;
  switch (kind) {
    case "float":
      return [floatBits(x + 0.25), floatBits(y + 0.5), floatBits(z * 10 + level), floatBits(1)];
    case "int":
      return [(x - 2) >>> 0, y, z * 10 + level, 0xfffffff9];
    case "uint":
      return [x, y, z * 10 + level, 4_000_000_000];
    case "shadow":
      return [floatBits(depthAt(texel)), 0, 0, 0];
  }
}

/** A small deterministic source of texels. */
export class Picker {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed * 0x9e3779b1) >>> 0 || 1;
  }

  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }

  texel(target: TextureTarget, level = 0): Texel {
    const size = sizeOf(target, level);
    return { x: this.below(size.width), y: this.below(size.height), z: this.below(size.depth), level };
  }
}

/** The direction through the middle of a cube texel. GLES 3.2, "Cube Map Texture Selection". */
function direction(face: number, s: number, t: number): number[] {
  const sc = 2 * s - 1;
  const tc = 2 * t - 1;
  return [
    [1, -tc, -sc],
    [-1, -tc, sc],
    [sc, 1, tc],
    [sc, -1, -tc],
    [sc, -tc, 1],
    [-sc, -tc, -1],
  ][face]!;
}

/** Normalised coordinates of a texel's middle, with the array layer. */
function coordinate(target: TextureTarget, texel: Texel, shiftX = 0, shiftY = 0): number[] {
  const size = sizeOf(target, texel.level);
  const s = (texel.x + 0.5 + shiftX) / size.width;
  const t = (texel.y + 0.5 + shiftY) / size.height;
  const layer = target.includes("CUBEARRAY") ? Math.floor(texel.z / 6) : texel.z;
  if (target.includes("CUBE")) {
    const toward = direction(texel.z % 6, s, t);
    return target.includes("ARRAY") ? [...toward, layer] : toward;
  }
  if (target.includes("RECT")) return [texel.x + 0.5, texel.y + 0.5];
  if (target.includes("1D")) return target.includes("ARRAY") ? [s, layer] : [s];
  if (target.includes("ARRAY")) return [s, t, layer];
  return target === "3D" ? [s, t, (texel.z + 0.5) / size.depth] : [s, t];
}

/** Where the depth reference goes: the channel of operand 0, or 4 for the first of operand 1. */
const REFERENCE: Partial<Record<TextureTarget, number>> = {
  SHADOW1D: 2,
  SHADOW2D: 2,
  SHADOWRECT: 2,
  SHADOW1D_ARRAY: 2,
  SHADOW2D_ARRAY: 3,
  SHADOWCUBE: 3,
  SHADOWCUBEARRAY: 4,
};

function isShadow(target: TextureTarget): boolean {
  return target.startsWith("SHADOW");
}

/** A reference in the middle of either side of the texel's depth, and the comparison's result repeated. */
function compare(pick: Picker, texel: Texel): { reference: number; result: Words } {
  const passes = pick.below(2) === 1;
  const bits = floatBits(passes ? 1 : 0);
  return { reference: depthAt(texel) + (passes ? -0.03 : 0.03), result: [bits, bits, bits, bits] };
}

interface Found {
  readonly operands: number[];
  readonly result: Words;
}

/** Operand 0 with the coordinate and reference; operand 1 takes a reference that has no room. */
function lookup(pick: Picker, target: TextureTarget, kind: TexelKind, texel: Texel): Found {
  const operands = new Array<number>(16).fill(0);
  coordinate(target, texel).forEach((value, index) => (operands[index] = value));
  if (!isShadow(target)) return { operands, result: texelAt(kind, texel) };
  const { reference, result } = compare(pick, texel);
  operands[REFERENCE[target] ?? 2] = reference;
  return { operands, result };
}

function asWords(operands: readonly number[]): number[] {
  return operands.map(floatBits);
}

function versionOf(target: TextureTarget): 300 | 310 | 320 {
  return target === "BUFFER" || target.includes("CUBEARRAY") ? 320 : 300;
}

function kindOf(target: TextureTarget): TexelKind {
  return isShadow(target) ? "shadow" : "float";
}

function slug(text: string): string {
  return text.toLowerCase().replaceAll("_", "-");
}

const FILTERED: readonly TextureTarget[] = [
  "1D",
  "2D",
  "3D",
  "CUBE",
  "RECT",
  "SHADOW1D",
  "SHADOW2D",
  "SHADOWRECT",
  "1D_ARRAY",
  "2D_ARRAY",
  "SHADOW1D_ARRAY",
  "SHADOW2D_ARRAY",
  "SHADOWCUBE",
  "CUBEARRAY",
  "SHADOWCUBEARRAY",
];

function plain(target: TextureTarget): TextureCase {
  const isSecond = target === "SHADOWCUBEARRAY";
  const line = isSecond ? `TEX2 TEMP[1], $0, $1, SAMP[0], ${target}` : `TEX TEMP[1], $0, SAMP[0], ${target}`;
  return {
    name: `${isSecond ? "tex2" : "tex"}-${slug(target)}`,
    target,
    kind: kindOf(target),
    lines: [line],
    version: versionOf(target),
    make: (pick) => {
      const { operands, result } = lookup(pick, target, kindOf(target), pick.texel(target));
      return { operands: asWords(operands), fragment: result, vertex: result };
    },
  };
}

/** Divided by w, here 2. */
function projected(target: TextureTarget): TextureCase {
  return {
    name: `txp-${slug(target)}`,
    target,
    kind: kindOf(target),
    lines: [`TXP TEMP[1], $0, SAMP[0], ${target}`],
    version: 300,
    make: (pick) => {
      const { operands, result } = lookup(pick, target, kindOf(target), pick.texel(target));
      const doubled = operands.map((value, index) => (index < 3 ? value * 2 : index === 3 ? 2 : value));
      return { operands: asWords(doubled), fragment: result, vertex: result };
    },
  };
}

/** Explicit level in w, or in operand 1 where w is taken. */
function withLevel(target: TextureTarget, opcode: "TXL" | "TXL2"): TextureCase {
  const line = opcode === "TXL" ? `TXL TEMP[1], $0, SAMP[0], ${target}` : `TXL2 TEMP[1], $0, $1, SAMP[0], ${target}`;
  return {
    name: `${opcode.toLowerCase()}-${slug(target)}`,
    target,
    kind: kindOf(target),
    lines: [line],
    version: versionOf(target),
    make: (pick) => {
      const level = pick.below(LEVELS);
      const { operands, result } = lookup(pick, target, kindOf(target), pick.texel(target, level));
      operands[opcode === "TXL" ? 3 : 4] = level;
      return { operands: asWords(operands), fragment: result, vertex: result };
    },
  };
}

/** Points have no derivatives, so a bias moves nothing in the fragment shader; in the vertex shader it is the level. */
function biased(target: TextureTarget, opcode: "TXB" | "TXB2"): TextureCase {
  const line = opcode === "TXB" ? `TXB TEMP[1], $0, SAMP[0], ${target}` : `TXB2 TEMP[1], $0, $1, SAMP[0], ${target}`;
  return {
    name: `${opcode.toLowerCase()}-${slug(target)}`,
    target,
    kind: kindOf(target),
    lines: [line],
    version: versionOf(target),
    make: (pick) => {
      const { operands, result } = lookup(pick, target, kindOf(target), pick.texel(target));
      operands[opcode === "TXB" ? 3 : 4] = 0;
      return { operands: asWords(operands), fragment: result, vertex: result };
    },
  };
}

/** Gradients of the length that asks for a level; cubes and volumes stay at level 0. */
function withGradients(target: TextureTarget): TextureCase {
  return {
    name: `txd-${slug(target)}`,
    target,
    kind: kindOf(target),
    lines: [`TXD TEMP[1], $0, $1, $2, SAMP[0], ${target}`],
    version: versionOf(target),
    make: (pick) => {
      const isFlat = !target.includes("CUBE") && target !== "3D" && !target.includes("RECT");
      const level = isFlat ? pick.below(LEVELS) : 0;
      const { operands, result } = lookup(pick, target, kindOf(target), pick.texel(target, level));
      const size = sizeOf(target);
      if (level > 0) {
        operands[4] = 2 ** level / size.width;
        if (size.height > 1) operands[9] = 2 ** level / size.height;
      }
      return { operands: asWords(operands), fragment: result, vertex: result };
    },
  };
}

/** Integer coordinates. */
function texelCoordinate(target: TextureTarget, { x, y, z }: Texel): number[] {
  if (target === "1D" || target === "BUFFER") return [x];
  if (target === "1D_ARRAY") return [x, z];
  return target === "3D" || target === "2D_ARRAY" ? [x, y, z] : [x, y];
}

function fetched(target: TextureTarget, kind: TexelKind = "float", opcode: "TXF" | "TXF_LZ" = "TXF"): TextureCase {
  const hasLevels = target !== "BUFFER" && target !== "RECT" && opcode === "TXF";
  return {
    name: `${slug(opcode)}-${slug(target)}${kind === "float" ? "" : `-${kind}`}`,
    target,
    kind,
    lines: [`${opcode} TEMP[1], $0, SAMP[0], ${target}`],
    version: versionOf(target),
    make: (pick) => {
      const texel = pick.texel(target, hasLevels ? pick.below(LEVELS) : 0);
      const operands = new Array<number>(16).fill(0);
      texelCoordinate(target, texel).forEach((value, index) => (operands[index] = value));
      operands[3] = texel.level;
      const result = texelAt(kind, texel);
      return { operands, fragment: result, vertex: result };
    },
  };
}

/** A texel offset of (1, -1), constant or through a register. */
function fetchedWithOffset(isConstant: boolean): TextureCase {
  const lines = isConstant
    ? ["TXF TEMP[1], $0, SAMP[0], 2D, IMM[1].wyy"]
    : ["MOV TEMP[2], $1", "TXF TEMP[1], $0, SAMP[0], 2D, TEMP[2].xyz"];
  return {
    name: `txf-2d-offset-${isConstant ? "constant" : "register"}`,
    target: "2D",
    kind: "float",
    lines,
    version: 300,
    make: (pick) => {
      const [dx, dy] = isConstant ? [1, -8] : [1, -1];
      const texel: Texel = { x: 2 + pick.below(4), y: 2 + pick.below(2), z: 0, level: 0 };
      const operands = new Array<number>(16).fill(0);
      operands[0] = texel.x - dx;
      operands[1] = texel.y - dy;
      operands[4] = dx;
      operands[5] = dy >>> 0;
      const result = texelAt("float", texel);
      return { operands, fragment: result, vertex: result };
    },
  };
}

/** Filtered lookups take constant offsets: here (1, -8), over an edge that repeats every 4 rows. */
function sampledWithOffset(opcode: string, target: TextureTarget): TextureCase {
  const second = opcode === "TXD" ? "$1, $2, " : "";
  return {
    name: `${opcode.toLowerCase()}-${slug(target)}-offset`,
    target,
    kind: kindOf(target),
    lines: ["MOV TEMP[2], IMM[1].wyyy", `${opcode} TEMP[1], $0, ${second}SAMP[0], ${target}, TEMP[2].xyz`],
    version: 300,
    make: (pick) => {
      const texel = { ...pick.texel(target), x: 1 + pick.below(6) };
      const from = { ...texel, x: texel.x - 1 };
      const operands = new Array<number>(16).fill(0);
      coordinate(target, from).forEach((value, index) => (operands[index] = value));
      if (!isShadow(target))
        return { operands: asWords(operands), fragment: texelAt("float", texel), vertex: texelAt("float", texel) };
      const { reference, result } = compare(pick, texel);
      operands[REFERENCE[target] ?? 2] = reference;
      return { operands: asWords(operands), fragment: result, vertex: result };
    },
  };
}

function integer(kind: "int" | "uint"): TextureCase {
  return {
    name: `tex-2d-${kind}`,
    target: "2D",
    kind,
    lines: ["TEX TEMP[1], $0, SAMP[0], 2D"],
    version: 300,
    make: (pick) => {
      const { operands, result } = lookup(pick, "2D", kind, pick.texel("2D"));
      return { operands: asWords(operands), fragment: result, vertex: result };
    },
  };
}

function sizes(target: TextureTarget, kind: TexelKind): TextureCase {
  const isCube = target === "CUBE" || target === "SHADOWCUBE";
  const channels =
    target === "1D" || target === "BUFFER"
      ? "x"
      : target === "3D" || target.includes("2D_ARRAY") || target.includes("CUBEARRAY")
        ? "xyz"
        : "xy";
  return {
    name: `txq-${slug(target)}`,
    target,
    kind,
    lines: [`TXQ TEMP[1].${channels}, $0, SAMP[0], ${target}`],
    version: versionOf(target),
    make: () => {
      // The same for all points: llvmpipe asks once per group of vertices.
      const level = target === "RECT" || target === "BUFFER" ? 0 : 1;
      const { width, height, depth } = sizeOf(target, level);
      const layers = target.includes("CUBEARRAY") ? depth / 6 : depth;
      const size = target === "1D_ARRAY" ? [width, layers] : isCube ? [width, height] : [width, height, layers];
      const result = [0, 1, 2, 3].map((index) => (index < channels.length ? (size[index] ?? 0) : 0));
      const words: Words = [result[0] ?? 0, result[1] ?? 0, result[2] ?? 0, 0];
      return { operands: [level, ...new Array<number>(15).fill(0)], fragment: words, vertex: words };
    },
  };
}

/** The four texels around a corner, in GL's order. */
function gathered(component: number, target: TextureTarget, offset: boolean): TextureCase {
  const tail = offset ? ", TEMP[3].xyz" : "";
  const lines = [
    `MOV TEMP[2].x, IMM[3].${"xyzw"[component]}${"xyzw"[component]}${"xyzw"[component]}${"xyzw"[component]}`,
    "MOV TEMP[3], IMM[1].wyyy",
    `TG4 TEMP[1], $0, TEMP[2].xxxx, SAMP[0], ${target}${tail}`,
  ];
  return {
    name: `tg4-${slug(target)}-${component}${offset ? "-offset" : ""}`,
    target,
    kind: kindOf(target),
    lines,
    version: 310,
    make: (pick) => {
      const z = pick.below(sizeOf(target).depth);
      const corner = { x: 1 + pick.below(5), y: pick.below(3), z, level: 0 };
      const operands = new Array<number>(16).fill(0);
      const from = offset ? { ...corner, x: corner.x - 1 } : corner;
      coordinate(target, from, 0.5, 0.5).forEach((value, index) => (operands[index] = value));
      const around = [
        [0, 1],
        [1, 1],
        [1, 0],
        [0, 0],
      ].map(([dx, dy]) => ({ ...corner, x: corner.x + (dx ?? 0), y: corner.y + (dy ?? 0) }));
      if (isShadow(target)) {
        const reference = 0.5;
        operands[REFERENCE[target] ?? 2] = reference;
        const [a, b, c, d] = around.map((texel) => floatBits(reference <= depthAt(texel) ? 1 : 0));
        const result: Words = [a ?? 0, b ?? 0, c ?? 0, d ?? 0];
        return { operands: asWords(operands), fragment: result, vertex: result };
      }
      const [a, b, c, d] = around.map((texel) => texelAt("float", texel)[component] ?? 0);
      const result: Words = [a ?? 0, b ?? 0, c ?? 0, d ?? 0];
      return { operands: asWords(operands), fragment: result, vertex: result };
    },
  };
}

/** A view's swizzle done by the shader: z, x, one, zero. */
const SWIZZLED: TextureCase = {
  ...plain("2D"),
  name: "tex-2d-swizzled",
  key: {
    samplerFixups: [
      { stage: "vertex", sampler: 0, swizzle: 2 | (0 << 3) | (5 << 6) | (4 << 9) },
      { stage: "fragment", sampler: 0, swizzle: 2 | (0 << 3) | (5 << 6) | (4 << 9) },
    ],
  },
  make: (pick) => {
    const { operands, result } = lookup(pick, "2D", "float", pick.texel("2D"));
    const words: Words = [result[2], result[0], floatBits(1), 0];
    return { operands: asWords(operands), fragment: words, vertex: words };
  },
};

export const TEXTURE_CASES: readonly TextureCase[] = [
  ...FILTERED.map(plain),
  ...(["2D", "1D", "SHADOW2D", "SHADOW1D"] as const).map(projected),
  ...(["1D", "2D", "3D", "CUBE", "SHADOW1D", "SHADOW2D", "1D_ARRAY", "2D_ARRAY"] as const).map((target) =>
    withLevel(target, "TXL"),
  ),
  ...(["SHADOW2D_ARRAY", "SHADOWCUBE", "CUBEARRAY"] as const).map((target) => withLevel(target, "TXL2")),
  ...(["1D", "2D", "3D", "CUBE", "SHADOW1D", "SHADOW2D", "1D_ARRAY", "2D_ARRAY"] as const).map((target) =>
    biased(target, "TXB"),
  ),
  ...(["SHADOW2D_ARRAY", "SHADOWCUBE", "CUBEARRAY"] as const).map((target) => biased(target, "TXB2")),
  ...(
    [
      "1D",
      "2D",
      "3D",
      "CUBE",
      "RECT",
      "SHADOW1D",
      "SHADOW2D",
      "1D_ARRAY",
      "2D_ARRAY",
      "SHADOW2D_ARRAY",
      "SHADOWCUBE",
    ] as const
  ).map(withGradients),
  ...(["1D", "2D", "3D", "RECT", "1D_ARRAY", "2D_ARRAY", "BUFFER"] as const).map((target) => fetched(target)),
  fetched("2D", "int"),
  fetched("2D", "uint"),
  fetched("2D_ARRAY", "uint"),
  fetched("2D", "float", "TXF_LZ"),
  fetchedWithOffset(false),
  sampledWithOffset("TEX", "2D"),
  sampledWithOffset("TEX", "1D"),
  sampledWithOffset("TEX", "2D_ARRAY"),
  sampledWithOffset("TEX", "SHADOW2D"),
  sampledWithOffset("TEX", "SHADOW2D_ARRAY"),
  sampledWithOffset("TXL", "2D"),
  sampledWithOffset("TXD", "2D"),
  integer("int"),
  integer("uint"),
  ...(["1D", "2D", "3D", "CUBE", "RECT", "1D_ARRAY", "2D_ARRAY", "BUFFER", "CUBEARRAY"] as const).map((target) =>
    sizes(target, "float"),
  ),
  sizes("SHADOW2D", "shadow"),
  gathered(0, "2D", false),
  gathered(1, "2D", false),
  gathered(2, "2D_ARRAY", false),
  gathered(1, "2D", true),
  gathered(0, "SHADOW2D", false),
  SWIZZLED,
];
