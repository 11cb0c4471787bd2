import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { GuestError, guestErrorName } from "../base/index.js";
import { createRecordingHandler, Random, StreamBuilder, StreamGenerator } from "../testing/index.js";
import {
  COMMAND_TABLE,
  DecodeOutcome,
  decodeStream,
  defaultCommandSet,
  MAX_STREAMOUT_OUTPUTS,
  OBJECT_TABLE,
  type CommandRow,
} from "./index.js";
import * as p from "./protocol/index.js";

const decode = (words: Uint32Array, set = defaultCommandSet) => {
  const handler = createRecordingHandler();
  const outcome = new DecodeOutcome();
  const code = decodeStream(words, 0, words.length, handler, outcome, set);
  return { code, name: guestErrorName(code), handler, outcome };
};

/** The shortest legal payload of a row, all zeros. */
function legal(row: CommandRow): Uint32Array {
  return new StreamBuilder().command(row.id, new Uint32Array(row.minDwords)).build();
}

describe("the command table", () => {
  it("has a row for each of the 64 commands, in order", () => {
    assert.equal(COMMAND_TABLE.length, p.VIRGL_MAX_COMMANDS);
    COMMAND_TABLE.forEach((row, id) => assert.equal(row.id, id, row.name));
    assert.equal(new Set(COMMAND_TABLE.map((row) => row.name)).size, 64);
  });

  it("has a row for each object type", () => {
    assert.equal(OBJECT_TABLE.length, p.VIRGL_MAX_OBJECTS);
    OBJECT_TABLE.forEach((row, id) => assert.equal(row.id, id, row.name));
  });

  it("has legal lengths only", () => {
    for (const row of [...COMMAND_TABLE, ...OBJECT_TABLE]) {
      assert.ok(row.minDwords <= row.maxDwords && row.maxDwords <= 0xffff, row.name);
      assert.ok(row.stepDwords >= 1, row.name);
    }
  });

  it("has something that executes every row it offers", () => {
    for (const row of COMMAND_TABLE) {
      if (row.status !== "offered" || row.id === p.VIRGL_CCMD_CREATE_OBJECT) continue;
      const { code, handler } = decode(legal(row));
      assert.equal(code, GuestError.NONE, row.name);
      assert.equal(handler.calls.length, 1, row.name);
    }
    for (const row of OBJECT_TABLE) {
      if (row.status !== "offered") continue;
      const words = new StreamBuilder().createObject(row.id, new Array<number>(row.minDwords).fill(0)).build();
      const { code, handler } = decode(words);
      assert.equal(code, GuestError.NONE, row.name);
      assert.equal(handler.calls.length, 1, row.name);
    }
  });
});

describe("decodeStream at its limits", () => {
  it("refuses every payload that lacks its last dword at the end of the stream", () => {
    for (const row of COMMAND_TABLE) {
      if (row.status !== "offered" || row.minDwords === 0) continue;
      // The dword behind the end is there, and is not the guest's.
      const words = legal(row);
      const handler = createRecordingHandler();
      const code = decodeStream(words, 0, words.length - 1, handler, new DecodeOutcome());
      assert.equal(guestErrorName(code), "BAD_LENGTH", row.name);
      assert.equal(handler.calls.length, 0, row.name);
    }
  });

  it("refuses object types beyond the table", () => {
    for (const type of [p.VIRGL_MAX_OBJECTS, p.VIRGL_MAX_OBJECTS + 1, 255])
      assert.equal(decode(new StreamBuilder().createObject(type, [1, 0, 0, 0, 0]).build()).name, "BAD_VALUE");
  });

  it("takes as many stream outputs as there may be, and no more", () => {
    const shader = (outputs: number): string => {
      const captures = { strides: [4, 0, 0, 0] as const, outputs: new Array<number>(outputs).fill(0) };
      return decode(new StreamBuilder().createShader(1, p.PIPE_SHADER_VERTEX, "VERT", 60_000, captures).build()).name;
    };
    assert.deepEqual([shader(MAX_STREAMOUT_OUTPUTS), shader(MAX_STREAMOUT_OUTPUTS + 1)], ["NONE", "BAD_LENGTH"]);
  });

  it("counts where streams ended, by command, unknown ones together", () => {
    const { outcome } = decode(new StreamBuilder().setSubContext(1).command(p.VIRGL_CCMD_CLEAR, [1]).build());
    assert.deepEqual([outcome.seen(p.VIRGL_CCMD_SET_SUB_CTX), outcome.seen(p.VIRGL_CCMD_CLEAR)], [1, 1]);
    assert.equal(outcome.counts[p.VIRGL_CCMD_CLEAR], 0);
    for (const command of [64, 255])
      assert.equal(decode(new StreamBuilder().command(command, []).build()).outcome.failures.at(-1), 1);
  });
});

describe("decodeStream", () => {
  it("refuses, for every command, a payload one dword too short, too long or out of step", () => {
    for (const row of COMMAND_TABLE) {
      const lengths = [row.minDwords - 1, row.maxDwords + 1];
      if (row.stepDwords > 1) lengths.push(row.minDwords + 1);
      for (const length of lengths) {
        if (length < 0 || length > 0xffff) continue;
        const { name, handler } = decode(new StreamBuilder().command(row.id, new Uint32Array(length)).build());
        assert.equal(name, "BAD_LENGTH", `${row.name} with ${length}`);
        assert.equal(handler.calls.length, 0);
      }
    }
  });

  it("refuses a payload that runs past the end, and says where", () => {
    const words = new StreamBuilder()
      .setSubContext(1)
      .raw(p.VIRGL_CMD0(p.VIRGL_CCMD_CLEAR, 0, 8))
      .append([1, 2, 3])
      .build();
    const { name, outcome } = decode(words);
    assert.equal(name, "BAD_LENGTH");
    assert.equal(outcome.command, p.VIRGL_CCMD_CLEAR);
    assert.equal(outcome.offsetDwords, 2);
  });

  it("refuses command numbers beyond the table", () => {
    for (const command of [64, 65, 200, 255]) {
      const { name, outcome } = decode(new StreamBuilder().command(command, [0]).build());
      assert.equal(name, "UNKNOWN_COMMAND");
      assert.equal(outcome.command, command);
    }
  });

  it("stops at the first error of the handler and keeps the offset", () => {
    const words = new StreamBuilder().setSubContext(1).clear(4).setSubContext(2).build();
    const handler = createRecordingHandler();
    handler.clear = () => GuestError.UNKNOWN_HANDLE;
    const outcome = new DecodeOutcome();
    assert.equal(decodeStream(words, 0, words.length, handler, outcome), GuestError.UNKNOWN_HANDLE);
    assert.equal(outcome.offsetDwords, 2);
    assert.equal(handler.calls.length, 1);
    assert.equal(outcome.counts[p.VIRGL_CCMD_SET_SUB_CTX], 1);
    assert.equal(outcome.counts[p.VIRGL_CCMD_CLEAR], 0);
  });

  it("counts offsets from where it started", () => {
    const words = Uint32Array.of(0, 0, 0, p.VIRGL_CMD0(99, 0, 0));
    const outcome = new DecodeOutcome();
    assert.equal(decodeStream(words, 3, 4, createRecordingHandler(), outcome), GuestError.UNKNOWN_COMMAND);
    assert.equal(outcome.offsetDwords, 0);
  });

  it("knows three draw layouts and no other", () => {
    for (let length = 0; length < 24; length++) {
      const { code } = decode(new StreamBuilder().command(p.VIRGL_CCMD_DRAW_VBO, new Uint32Array(length)).build());
      assert.equal(code === GuestError.NONE, [12, 14, 20].includes(length), `length ${length}`);
    }
  });

  it("compares a framebuffer's count with its length", () => {
    assert.equal(decode(new StreamBuilder().setFramebuffer([1, 2], 3).build()).name, "NONE");
    const lying = new StreamBuilder().command(p.VIRGL_CCMD_SET_FRAMEBUFFER_STATE, [8, 0, 1, 2]).build();
    assert.equal(decode(lying).name, "BAD_LENGTH");
  });

  it("checks that a shader's stream outputs fit, except for compute", () => {
    const shader = (stage: number, outputs: number, length: number) => {
      const payload = new Array<number>(length).fill(0);
      payload[1] = stage;
      payload[4] = outputs;
      return decode(new StreamBuilder().createObject(p.VIRGL_OBJECT_SHADER, payload).build()).name;
    };
    assert.equal(shader(p.PIPE_SHADER_VERTEX, 3, p.VIRGL_OBJ_SHADER_HDR_SIZE(3)), "NONE");
    assert.equal(shader(p.PIPE_SHADER_VERTEX, 3, p.VIRGL_OBJ_SHADER_HDR_SIZE(3) - 1), "BAD_LENGTH");
    assert.equal(shader(p.PIPE_SHADER_VERTEX, 0x7fffffff, 30), "BAD_LENGTH");
    assert.equal(shader(p.PIPE_SHADER_VERTEX, 65, 1000), "BAD_LENGTH");
    assert.equal(shader(p.PIPE_SHADER_COMPUTE, 0x8000, 5), "NONE");
  });

  it("refuses objects that are not offered and types that do not exist", () => {
    assert.equal(
      decode(new StreamBuilder().createObject(p.VIRGL_OBJECT_MSAA_SURFACE, [1, 1, 1, 0, 0, 4]).build()).name,
      "NOT_OFFERED",
    );
    assert.equal(decode(new StreamBuilder().createObject(0, [1]).build()).name, "NOT_OFFERED");
    assert.equal(decode(new StreamBuilder().createObject(77, [1]).build()).name, "BAD_VALUE");
  });

  it("survives random streams, and hits every command", () => {
    const generator = new StreamGenerator(new Random(7), {
      textures: [1, 2],
      buffers: [3],
      formatOf: new Map(),
      formats: [1, 67],
      shaders: [],
    });
    const outcome = new DecodeOutcome();
    const handler = createRecordingHandler();
    const seen = new Set<number>();
    for (let i = 0; i < 3000; i++) {
      const builder = new StreamBuilder();
      generator.appendCommand(builder, i % 64);
      const words = builder.build();
      decodeStream(words, 0, words.length, handler, outcome);
      seen.add(outcome.command);
      const length = generator.mutate(words, words.length);
      decodeStream(words, 0, length, handler, outcome);
    }
    assert.equal([...seen].filter((command) => command < 64).length, 64);
  });
});

describe("commands that are not offered", () => {
  const accepted: Readonly<Record<string, StreamBuilder>> = {
    "zero polygon stipple": new StreamBuilder().command(p.VIRGL_CCMD_SET_POLYGON_STIPPLE, new Uint32Array(32)),
    "full polygon stipple": new StreamBuilder().command(
      p.VIRGL_CCMD_SET_POLYGON_STIPPLE,
      new Uint32Array(32).fill(0xffffffff),
    ),
    "no render condition": new StreamBuilder().command(p.VIRGL_CCMD_SET_RENDER_CONDITION, [0, 0, 0]),
    "default tessellation levels": new StreamBuilder().command(
      p.VIRGL_CCMD_SET_TESS_STATE,
      new Uint32Array(6).fill(0x3f800000),
    ),
    "zero tessellation levels": new StreamBuilder().command(p.VIRGL_CCMD_SET_TESS_STATE, new Uint32Array(6)),
    "one sample": new StreamBuilder().command(p.VIRGL_CCMD_SET_MIN_SAMPLES, [1]),
    "unbound shader buffers": new StreamBuilder().command(p.VIRGL_CCMD_SET_SHADER_BUFFERS, [0, 0, 9, 9, 0, 9, 9, 0]),
    "unbound shader images": new StreamBuilder().command(p.VIRGL_CCMD_SET_SHADER_IMAGES, [1, 0, 9, 9, 9, 9, 0]),
    "unbound atomic buffers": new StreamBuilder().command(p.VIRGL_CCMD_SET_ATOMIC_BUFFERS, [0, 9, 9, 0]),
    padding: new StreamBuilder().command(p.VIRGL_CCMD_END_TRANSFERS, new Uint32Array(1023)),
    "a debug marker": new StreamBuilder().command(p.VIRGL_CCMD_SEND_STRING_MARKER, [4, 0x41414141]),
    "framebuffer size without attachments": new StreamBuilder().command(
      p.VIRGL_CCMD_SET_FRAMEBUFFER_STATE_NO_ATTACH,
      [0x01000100, 1],
    ),
  };
  for (const [what, builder] of Object.entries(accepted)) {
    it(`are accepted without effect: ${what}`, () => {
      const { code, handler } = decode(builder.build());
      assert.equal(code, GuestError.NONE);
      assert.equal(handler.calls.length, 0);
    });
  }

  const refused: Readonly<Record<string, StreamBuilder>> = {
    "a stipple pattern": new StreamBuilder().command(
      p.VIRGL_CCMD_SET_POLYGON_STIPPLE,
      new Uint32Array(32).fill(0xaaaa5555),
    ),
    "a render condition": new StreamBuilder().command(p.VIRGL_CCMD_SET_RENDER_CONDITION, [5, 0, 0]),
    "tessellation levels": new StreamBuilder().command(p.VIRGL_CCMD_SET_TESS_STATE, [0x40000000, 0, 0, 0, 0, 0]),
    "sample shading": new StreamBuilder().command(p.VIRGL_CCMD_SET_MIN_SAMPLES, [4]),
    "a shader buffer": new StreamBuilder().command(p.VIRGL_CCMD_SET_SHADER_BUFFERS, [0, 0, 0, 64, 0, 0, 64, 7]),
    "a shader image": new StreamBuilder().command(p.VIRGL_CCMD_SET_SHADER_IMAGES, [1, 0, 67, 1, 0, 0, 7]),
    "an atomic buffer": new StreamBuilder().command(p.VIRGL_CCMD_SET_ATOMIC_BUFFERS, [0, 0, 4, 7]),
    "a compute dispatch": new StreamBuilder().command(p.VIRGL_CCMD_LAUNCH_GRID, new Uint32Array(8)),
    video: new StreamBuilder().command(p.VIRGL_CCMD_CREATE_VIDEO_CODEC, new Uint32Array(8)),
  };
  for (const [what, builder] of Object.entries(refused)) {
    it(`are an error when used: ${what}`, () => assert.equal(decode(builder.build()).name, "NOT_OFFERED"));
  }

  it("include what was taken out of the set, object types too", () => {
    const set = defaultCommandSet.without(["BLIT", "CREATE_OBJECT(QUERY)"]);
    assert.equal(
      decode(new StreamBuilder().command(p.VIRGL_CCMD_BLIT, new Uint32Array(21)).build(), set).name,
      "NOT_OFFERED",
    );
    assert.equal(decode(new StreamBuilder().createQuery(1, 0, 1).build(), set).name, "NOT_OFFERED");
    assert.equal(decode(new StreamBuilder().clear(4).build(), set).name, "NONE");
    assert.throws(() => defaultCommandSet.without(["FLY"]), /no command named VIRGL_CCMD_FLY/);
  });
});
