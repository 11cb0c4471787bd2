import { floatBits } from "../wire/index.js";
import type { LayoutField } from "../virgl/index.js";
import * as p from "../virgl/index.js";
import type { Random } from "./random.js";

/** What generated streams may refer to, so that they get past the first look-up. */
export interface GeneratorPools {
  readonly textures: readonly number[];
  readonly buffers: readonly number[];
  readonly formats: readonly number[];
  /** The format of each texture, for fields that name it again. */
  readonly formatOf: ReadonlyMap<number, number>;
  /** TGSI texts by stage. */
  readonly shaders: readonly { readonly stage: number; readonly text: string }[];
}

export const EDGE_NUMBERS: readonly number[] = [
  0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 64, 255, 256, 4095, 65_535, 65_536, 0x7fffffff, 0x80000000, 0xffffffff,
];
const EDGE_FLOATS = [0, -0, 1, -1, 0.5, 2, 1e-30, 1e30, Infinity, -Infinity, NaN];

/** PIPE_BLENDFACTOR_… */
const BLEND_FACTORS = [1, 2, 3, 4, 5, 6, 7, 8, 0x11, 0x12, 0x13, 0x14, 0x15, 0x17, 0x18];

/** Generated streams use few handles per object type, so that they collide. */
const HANDLES_PER_TYPE = 3;

/** Handle number `index` of an object type in generated streams; never 0. */
export function generatedHandle(objectType: number, index: number): number {
  return objectType * HANDLES_PER_TYPE + index + 1;
}

/** What the field `handle` means, where the header does not tell. */
export const HANDLE_TYPES: Readonly<Record<number, number>> = {
  [p.VIRGL_CCMD_BIND_SHADER]: p.VIRGL_OBJECT_SHADER,
  [p.VIRGL_CCMD_BEGIN_QUERY]: p.VIRGL_OBJECT_QUERY,
  [p.VIRGL_CCMD_END_QUERY]: p.VIRGL_OBJECT_QUERY,
  [p.VIRGL_CCMD_GET_QUERY_RESULT]: p.VIRGL_OBJECT_QUERY,
  [p.VIRGL_CCMD_GET_QUERY_RESULT_QBO]: p.VIRGL_OBJECT_QUERY,
};

/** Commands whose resources are buffers. */
const TAKES_BUFFERS: ReadonlySet<number> = new Set([
  p.VIRGL_CCMD_SET_VERTEX_BUFFERS,
  p.VIRGL_CCMD_SET_INDEX_BUFFER,
  p.VIRGL_CCMD_SET_UNIFORM_BUFFER,
  p.VIRGL_CCMD_DRAW_VBO,
]);

/** Which objects a field of this name holds the handle of. */
const HANDLE_FIELDS: Readonly<Record<string, number>> = {
  cbuf: p.VIRGL_OBJECT_SURFACE,
  zsurf: p.VIRGL_OBJECT_SURFACE,
  surface: p.VIRGL_OBJECT_SURFACE,
  view: p.VIRGL_OBJECT_SAMPLER_VIEW,
  state: p.VIRGL_OBJECT_SAMPLER_STATE,
  target: p.VIRGL_OBJECT_STREAMOUT_TARGET,
  query: p.VIRGL_OBJECT_QUERY,
  vertex: p.VIRGL_OBJECT_SHADER,
  fragment: p.VIRGL_OBJECT_SHADER,
};

/** Plausible ranges of plain numbers, `[mostly below, times]`. */
const RANGES: Readonly<Record<string, readonly [limit: number, unit: number]>> = {
  id: [3, 1],
  count: [64, 1],
  instances: [3, 1],
  start: [2, 1],
  index: [2, 1],
  level: [1, 1],
  x: [8, 1],
  y: [8, 1],
  z: [1, 1],
  w: [8, 1],
  h: [8, 1],
  d: [2, 1],
  offset: [16, 16],
  length: [16, 16],
  size: [3, 2],
  buffer: [2, 1],
  divisor: [2, 1],
  stride: [3, 64],
  layer_stride: [2, 1024],
};

/** Random values for the fields that dump layouts name: mostly plausible, so that streams get deep, now and then absurd. */
export class FieldValues {
  readonly #random: Random;
  readonly #pools: GeneratorPools;
  #lastResource = 0;

  constructor(random: Random, pools: GeneratorPools) {
    this.#random = random;
    this.#pools = pools;
  }

  /** One dword of trailing data. */
  data(kind: string): number {
    return kind === "floats" ? floatBits(this.#random.pick(EDGE_FLOATS)) : this.#random.u32();
  }

  /** Mostly a handle that generated streams use for objects of this type, so that look-ups succeed. */
  handle(objectType: number): number {
    const random = this.#random;
    if (random.oneIn(150)) return random.below(HANDLES_PER_TYPE * p.VIRGL_MAX_OBJECTS);
    return generatedHandle(objectType, random.below(random.oneIn(4) ? HANDLES_PER_TYPE : 1));
  }

  value({ kind, name }: LayoutField, command: number, objectType: number, lengthDwords: number): number {
    const random = this.#random;
    if (random.oneIn(400)) return random.pick(EDGE_NUMBERS);
    switch (kind) {
      case "f32":
        return random.oneIn(4) ? floatBits(random.pick(EDGE_FLOATS)) : floatBits(random.below(64));
      case "res":
        this.#lastResource = this.#resource(name, command, objectType);
        return this.#lastResource;
      case "format":
      case "view_format":
        return this.#format(objectType);
      case "stage":
        return random.below(random.oneIn(100) ? 7 : 2);
      case "prim":
        return random.below(random.oneIn(50) ? 16 : 7);
      case "query_type":
        return random.oneIn(30) ? random.below(14) : random.pick([0, 1, 5, 6]);
      case "blend_rt":
        return random.oneIn(30) ? random.u32() : this.#blendTarget();
      case "hex":
      case "clear":
        return random.oneIn(2) ? random.below(0x400) : random.u32();
      case "blit_s0":
        return random.pick([0x0f, 0x10f, 0x30, 0x0f, 0x40f]);
      case "xy":
        return name.startsWith("layers") || name.includes("layer")
          ? 0
          : (random.below(17) | (random.below(17) << 16)) >>> 0;
      case "bytes2":
        return 0;
      case "swizzle":
        return random.u32() & 0xfff & 0x6db;
      case "direction":
        return 1 + random.below(2);
      case "copy_flags":
        return random.below(4);
      case "u32":
      case "i32":
      case "handle":
        return this.#number(name, command, objectType, lengthDwords);
      default:
        return random.u32();
    }
  }

  /** Blending of one colour buffer, as gallium packs it, with factors that exist and are offered. */
  #blendTarget(): number {
    const random = this.#random;
    const factors = Array.from({ length: 4 }, () => random.pick(BLEND_FACTORS));
    const [rgbSource = 0, rgbTarget = 0, alphaSource = 0, alphaTarget = 0] = factors;
    const rgb = (random.below(5) << 1) | (rgbSource << 4) | (rgbTarget << 9);
    const alpha = (random.below(5) << 14) | (alphaSource << 17) | (alphaTarget << 22);
    return (random.below(2) | rgb | alpha | (random.below(16) << 27)) >>> 0;
  }

  /** Mostly that of the resource named just before. */
  #format(objectType: number): number {
    const random = this.#random;
    if (random.oneIn(60)) return random.below(512);
    const isVertex = objectType === p.VIRGL_OBJECT_VERTEX_ELEMENTS;
    const own = isVertex || random.oneIn(10) ? undefined : this.#pools.formatOf.get(this.#lastResource);
    return own ?? random.pick(this.#pools.formats);
  }

  #resource(name: string, command: number, objectType: number): number {
    const random = this.#random;
    if (random.oneIn(150)) return random.below(40);
    const { buffers, textures } = this.#pools;
    if (name === "indirect" || name === "draws_res") return random.oneIn(30) ? random.pick(buffers) : 0;
    const takesBuffer =
      name === "staging" ||
      TAKES_BUFFERS.has(command) ||
      objectType === p.VIRGL_OBJECT_QUERY ||
      objectType === p.VIRGL_OBJECT_STREAMOUT_TARGET ||
      (command === p.VIRGL_CCMD_RESOURCE_COPY_REGION && random.oneIn(4));
    // The first buffers and textures are the most useful ones.
    const pool = takesBuffer ? buffers : textures;
    return pool[Math.min(random.below(pool.length), random.below(pool.length))]!;
  }

  #number(name: string, command: number, objectType: number, lengthDwords: number): number {
    const random = this.#random;
    if (name === "nr_cbufs") return lengthDwords - 2;
    if (name === "so_outputs") return random.oneIn(20) ? random.below(6) : 0;
    if (name === "handle") return this.handle(objectType);
    if (name === "index" && command === p.VIRGL_CCMD_SET_CONSTANT_BUFFER) return random.oneIn(100) ? 1 : 0;
    if (name === "zsurf") return random.oneIn(3) ? 0 : generatedHandle(p.VIRGL_OBJECT_SURFACE, 1);
    if (name === "cbuf" && !random.oneIn(20)) return generatedHandle(p.VIRGL_OBJECT_SURFACE, random.oneIn(3) ? 2 : 0);
    const handleType = HANDLE_FIELDS[name];
    if (handleType !== undefined) return random.oneIn(3) ? 0 : this.handle(handleType);
    const range = RANGES[name];
    if (range !== undefined && !random.oneIn(200)) {
      const isExtent = name === "w" || name === "h" || name === "d";
      return (random.below(range[0]) + (isExtent && range[0] > 2 ? 1 : 0) || (isExtent ? 1 : 0)) * range[1];
    }
    return random.below(random.oneIn(100) ? 300 : 2);
  }
}
