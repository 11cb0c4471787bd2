import * as p from "../virgl/index.js";
import { floatBits, type StreamBuilder } from "./stream-builder.js";

/** Reproducible random numbers (xorshift128, seeded by splitmix of a u32). */
export class Random {
  readonly #state = new Uint32Array(4);

  constructor(seed: number) {
    let x = seed >>> 0;
    for (let i = 0; i < 4; i++) {
      x = (x + 0x9e3779b9) >>> 0;
      let z = x;
      z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
      this.#state[i] = (z ^ (z >>> 16)) >>> 0 || 1;
    }
  }

  u32(): number {
    const s = this.#state;
    let t = s[3]!;
    s[3] = s[2]!;
    s[2] = s[1]!;
    const first = s[0]!;
    s[1] = first;
    t ^= t << 11;
    t ^= t >>> 8;
    s[0] = t ^ first ^ (first >>> 19);
    return s[0]!;
  }

  /** 0 to `limit` - 1. */
  below(limit: number): number {
    return this.u32() % limit;
  }

  /** True once in `n` times. */
  oneIn(n: number): boolean {
    return this.below(n) === 0;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }
}

/** What generated streams may refer to, so that they get past the first look-up. */
export interface GeneratorPools {
  readonly resources: readonly number[];
  readonly formats: readonly number[];
  /** TGSI texts by stage. */
  readonly shaders: readonly { readonly stage: number; readonly text: string }[];
}

const EDGE_NUMBERS = [
  0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 64, 255, 256, 4095, 65_535, 65_536, 0x7fffffff, 0x80000000, 0xffffffff,
];
const EDGE_FLOATS = [0, -0, 1, -1, 0.5, 2, 1e-30, 1e30, Infinity, -Infinity, NaN];

/**
 * Writes random streams in which every command has a legal length and mostly plausible fields: built from the command
 * table and the dump's layouts, so a new command is generated as soon as it has a row.
 */
export class StreamGenerator {
  readonly random: Random;
  readonly #pools: GeneratorPools;
  /** Handles that generated streams use: few, so that they collide. */
  readonly handles = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

  constructor(random: Random, pools: GeneratorPools) {
    this.random = random;
    this.#pools = pools;
  }

  /** Appends one random command. */
  appendAny(builder: StreamBuilder): void {
    this.appendCommand(builder, this.random.below(p.COMMAND_TABLE.length));
  }

  /** Appends one `command` with random payload. */
  appendCommand(builder: StreamBuilder, command: number): void {
    if (command === p.VIRGL_CCMD_CREATE_OBJECT) {
      const type = this.random.oneIn(50) ? this.random.below(256) : 1 + this.random.below(p.VIRGL_MAX_OBJECTS - 1);
      this.appendObject(builder, type);
      return;
    }
    const row = p.COMMAND_TABLE[command]!;
    const layout = p.COMMAND_LAYOUTS[command] ?? p.RAW_LAYOUT;
    const hasType = command === p.VIRGL_CCMD_BIND_OBJECT || command === p.VIRGL_CCMD_DESTROY_OBJECT;
    builder.command(command, this.#payload(row, layout), hasType ? this.random.below(p.VIRGL_MAX_OBJECTS) : 0);
  }

  /** Appends a CREATE_OBJECT. */
  appendObject(builder: StreamBuilder, type: number): void {
    const shaders = this.#pools.shaders;
    if (type === p.VIRGL_OBJECT_SHADER && shaders.length > 0 && !this.random.oneIn(4)) {
      const shader = this.random.pick(shaders);
      const text = this.random.oneIn(8) ? this.#mutateText(shader.text) : shader.text;
      builder.createShader(this.#handle(), shader.stage, text, this.random.oneIn(4) ? 8 : 60_000);
      return;
    }
    const row = p.OBJECT_TABLE[type] ?? p.OBJECT_TABLE[0]!;
    builder.command(
      p.VIRGL_CCMD_CREATE_OBJECT,
      this.#payload(row, p.OBJECT_LAYOUTS[type] ?? p.RAW_LAYOUT),
      type & 0xff,
    );
  }

  /** Changes a finished stream: bits, words, headers, cuts. In place; returns the length to use. */
  mutate(stream: Uint32Array, length: number): number {
    const { random } = this;
    for (let n = 1 + random.below(4); n > 0 && length > 0; n--) {
      const at = random.below(length);
      switch (random.below(6)) {
        case 0:
          stream[at]! ^= 1 << random.below(32);
          break;
        case 1:
          stream[at] = random.pick(EDGE_NUMBERS);
          break;
        case 2:
          stream[at] = random.u32();
          break;
        case 3:
          stream[at] = p.VIRGL_CMD0(random.below(70), random.below(14), random.below(40));
          break;
        case 4:
          length = at;
          break;
        case 5:
          stream.copyWithin(at, random.below(length), length);
          break;
      }
    }
    return length;
  }

  #payload(row: p.CommandRow, layout: p.Layout): number[] {
    const { random } = this;
    const most = Math.min(row.maxDwords, row.minDwords + 24);
    const steps = Math.floor((most - row.minDwords) / row.stepDwords);
    const length = row.minDwords + row.stepDwords * random.below(steps + 1);
    const payload: number[] = [];
    for (const field of layout.fields)
      if (payload.length < length) payload.push(this.#value(field.kind, field.name, length));
    while (payload.length < length) {
      if (layout.repeat.length === 0)
        payload.push(layout.data === "floats" ? floatBits(random.pick(EDGE_FLOATS)) : random.u32());
      for (const field of layout.repeat)
        if (payload.length < length) payload.push(this.#value(field.kind, field.name, length));
    }
    return payload;
  }

  #value(kind: string, name: string, length: number): number {
    const { random } = this;
    if (random.oneIn(40)) return random.pick(EDGE_NUMBERS);
    switch (kind) {
      case "f32":
        return random.oneIn(4) ? floatBits(random.pick(EDGE_FLOATS)) : floatBits(random.below(64));
      case "res":
        return random.oneIn(10) ? random.below(40) : random.pick(this.#pools.resources);
      case "format":
      case "view_format":
        return random.oneIn(10) ? random.below(512) : random.pick(this.#pools.formats);
      case "stage":
        return random.below(random.oneIn(8) ? 7 : 2);
      case "prim":
        return random.below(16);
      case "hex":
      case "clear":
        return random.oneIn(2) ? random.below(0x400) : random.u32();
      case "xy":
        return (random.below(40) | (random.below(40) << 16)) >>> 0;
      default:
        return this.#number(kind, name, length);
    }
  }

  #number(kind: string, name: string, length: number): number {
    const { random } = this;
    if (name === "nr_cbufs") return length - 2;
    if (kind === "direction") return 1 + random.below(2);
    if (kind !== "u32" && kind !== "i32" && kind !== "handle") return random.u32();
    switch (name) {
      case "handle":
      case "cbuf":
      case "zsurf":
      case "view":
      case "state":
      case "target":
      case "query":
      case "surface":
      case "vertex":
      case "fragment":
        return this.#handle();
      case "id":
        return random.below(4);
      case "count":
        return random.below(200);
      case "stride":
        return random.pick([0, 4, 8, 12, 16, 32, 256]);
      case "so_outputs":
        return random.oneIn(8) ? random.below(6) : 0;
      default:
        return random.below(random.oneIn(6) ? 300 : 20);
    }
  }

  #handle(): number {
    return this.random.pick(this.handles);
  }

  #mutateText(text: string): string {
    const at = this.random.below(text.length);
    const cut = at + this.random.below(8);
    const insert = this.random.pick([
      "",
      "9999999999",
      "\x7f",
      "[",
      "]",
      "(",
      ":",
      "CONST[4096].xyzw",
      "ELSE",
      "BGNLOOP\n",
    ]);
    return text.slice(0, at) + insert + text.slice(cut);
  }
}
