import * as p from "../virgl/index.js";
import { EDGE_NUMBERS, FieldValues, HANDLE_TYPES, type GeneratorPools } from "./field-values.js";
import type { Random } from "./random.js";
import type { StreamBuilder, StreamOutputs } from "./stream-builder.js";

/** What takes the place of commands that would end the stream. */
const OFTEN = [
  p.VIRGL_CCMD_BIND_OBJECT,
  p.VIRGL_CCMD_SET_FRAMEBUFFER_STATE,
  p.VIRGL_CCMD_SET_VERTEX_BUFFERS,
  p.VIRGL_CCMD_SET_SAMPLER_VIEWS,
  p.VIRGL_CCMD_SET_CONSTANT_BUFFER,
  p.VIRGL_CCMD_CLEAR,
  p.VIRGL_CCMD_BLIT,
  p.VIRGL_CCMD_RESOURCE_COPY_REGION,
  p.VIRGL_CCMD_TRANSFER3D,
  p.VIRGL_CCMD_COPY_TRANSFER3D,
];

/**
 * Writes random streams in which every command has a legal length and mostly plausible fields: built from the command
 * table and the dump's layouts, so a new command is generated as soon as it has a row.
 */
export class StreamGenerator {
  readonly random: Random;
  readonly #pools: GeneratorPools;
  readonly #fields: FieldValues;

  constructor(random: Random, pools: GeneratorPools) {
    this.random = random;
    this.#pools = pools;
    this.#fields = new FieldValues(random, pools);
  }

  /** Appends one random command; mostly one that is accepted, since an error ends the stream. */
  appendAny(builder: StreamBuilder): void {
    const { random } = this;
    const command = random.below(p.COMMAND_TABLE.length);
    const isLikelyError =
      p.COMMAND_TABLE[command]!.status === "refused" || p.COMMAND_TABLE[command]!.status === "null-only";
    this.appendCommand(builder, isLikelyError && !random.oneIn(30) ? random.pick(OFTEN) : command);
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
    const type = hasType ? this.#boundType(command) : (HANDLE_TYPES[command] ?? 0);
    builder.command(command, this.#payload(row, layout, type), hasType ? type : 0);
  }

  /** Only some types can be bound. */
  #boundType(command: number): number {
    const { random } = this;
    if (command !== p.VIRGL_CCMD_BIND_OBJECT || random.oneIn(100)) return random.below(p.VIRGL_MAX_OBJECTS);
    return random.pick([
      p.VIRGL_OBJECT_BLEND,
      p.VIRGL_OBJECT_RASTERIZER,
      p.VIRGL_OBJECT_DSA,
      p.VIRGL_OBJECT_VERTEX_ELEMENTS,
    ]);
  }

  /** Appends a CREATE_OBJECT. */
  appendObject(builder: StreamBuilder, type: number): void {
    const shaders = this.#pools.shaders;
    if (type === p.VIRGL_OBJECT_SHADER && shaders.length > 0 && !this.random.oneIn(12)) {
      const shader = this.random.pick(shaders);
      const text = this.random.oneIn(12) ? this.#mutateText(shader.text) : shader.text;
      const captures = shader.stage === p.PIPE_SHADER_VERTEX && this.random.oneIn(3) ? this.#captures() : undefined;
      builder.createShader(this.#fields.handle(type), shader.stage, text, this.random.oneIn(4) ? 8 : 60_000, captures);
      return;
    }
    const row = p.OBJECT_TABLE[type] ?? p.OBJECT_TABLE[0]!;
    builder.command(
      p.VIRGL_CCMD_CREATE_OBJECT,
      this.#payload(row, p.OBJECT_LAYOUTS[type] ?? p.RAW_LAYOUT, type),
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

  #payload(row: p.CommandRow, layout: p.Layout, objectType: number): number[] {
    const { random } = this;
    const most = Math.min(row.maxDwords, row.minDwords + 24);
    const steps = Math.floor((most - row.minDwords) / row.stepDwords);
    let length = row.minDwords + row.stepDwords * random.below(steps + 1);
    if (row.id === p.VIRGL_CCMD_DRAW_VBO && objectType === 0) length = random.pick([12, 12, 14, 20]);
    if (row.id === p.VIRGL_CCMD_SET_FRAMEBUFFER_STATE && objectType === 0) length = random.pick([2, 3, 3, 3, 4, 10]);
    const payload: number[] = [];
    for (const field of layout.fields) {
      payload.push(this.#fields.value(field, row.id, objectType, length));
      if (field.kind === "f64") payload.push(0x3fe00000);
    }
    while (payload.length < length) {
      if (layout.repeat.length === 0) payload.push(this.#fields.data(layout.data));
      for (const field of layout.repeat) payload.push(this.#fields.value(field, row.id, objectType, length));
    }
    payload.length = length;
    return payload;
  }

  /** Outputs of the first registers to the first buffers, sometimes more than the shader or the stride has. */
  #captures(): StreamOutputs {
    const { random } = this;
    const outputs = Array.from({ length: 1 + random.below(3) }, () => {
      const place = (random.below(2) << 8) | ((1 + random.below(4)) << 10) | (random.below(2) << 13);
      return random.below(3) | place | (random.below(8) << 16);
    });
    const stride = (): number => random.below(12);
    return { strides: [stride(), stride(), stride(), 0], outputs };
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
