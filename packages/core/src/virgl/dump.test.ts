import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Random, StreamBuilder, StreamGenerator } from "../testing/index.js";
import { COMMAND_TABLE, dumpStream, VirglFormat } from "./index.js";
import { floatText } from "./dump-fields.js";
import * as p from "./protocol/index.js";

function dump(builder: StreamBuilder): string[] {
  const words = builder.build();
  const lines: string[] = [];
  dumpStream(words, 0, words.length, (line) => lines.push(line));
  return lines;
}

describe("dumpStream", () => {
  it("says in words what a stream does", () => {
    const lines = dump(
      new StreamBuilder()
        .setSubContext(1)
        .createSurface(3, 7, VirglFormat.B8G8R8A8_UNORM)
        .setFramebuffer([3])
        .setViewport(64, 32)
        .clear(p.PIPE_CLEAR_COLOR0 | p.PIPE_CLEAR_DEPTH, [0.25, 0.5, 0.75, 1], 1)
        .createSamplerState(4)
        .createDepthStencilAlpha(5, 0x7)
        .createBlend(6)
        .draw({ count: 3 }),
    );
    assert.deepEqual(lines, [
      "      0  SET_SUB_CTX                     id=1",
      "      2  CREATE SURFACE                  handle=3 res=r7 format=B8G8R8A8_UNORM level=0 layers=0,0",
      "      8  SET_FRAMEBUFFER_STATE           nr_cbufs=1 zsurf=0 cbuf=3",
      "     12  SET_VIEWPORT_STATE              start=0 [sx=32 sy=16 sz=0.5 tx=32 ty=16 tz=0.5]",
      "     20  CLEAR                           buffers=depth+color0 r=0.25 g=0.5 b=0.75 a=1 depth=1 stencil=0",
      "     29  CREATE SAMPLER_STATE            handle=4 s0=edge/edge/edge,min_nearest,mip_none,mag_nearest lod_bias=0 min_lod=0 max_lod=0 border=0x0 border=0x0 border=0x0 border=0x0",
      "     39  CREATE DSA                      handle=5 depth=less+write front=off back=off alpha_ref=0",
      "     45  CREATE BLEND                    handle=6 s0=- logicop=0 rt=rgba rt=rgba rt=rgba rt=rgba rt=rgba rt=rgba rt=rgba rt=rgba",
      "     57  DRAW_VBO                        start=0 count=3 mode=triangles indexed=0 instances=1 index_bias=0 start_instance=0 restart=0 restart_index=0x0 min=0 max=0xffffffff from_so=0",
    ]);
  });

  it("shows shader text below the command", () => {
    const lines = dump(new StreamBuilder().createShader(9, p.PIPE_SHADER_FRAGMENT, "FRAG\n  0: END\n"));
    assert.equal(lines.length, 3);
    assert.match(
      lines[0]!,
      /CREATE SHADER +handle=9 stage=fragment length=15 tokens=300 so_outputs=0 4 dwords of text/,
    );
    assert.equal(lines[1], "         | FRAG");
  });

  it("marks what the decoder would refuse, and stops where framing ends", () => {
    const refused = dump(
      new StreamBuilder().command(p.VIRGL_CCMD_LAUNCH_GRID, new Uint32Array(8)).command(p.VIRGL_CCMD_CLEAR, [1]),
    );
    assert.match(refused[0]!, /!! not offered$/);
    assert.match(refused[1]!, /!! bad length 1$/);
    const cut = dump(new StreamBuilder().raw(p.VIRGL_CMD0(p.VIRGL_CCMD_BLIT, 0, 21)).raw(5));
    assert.deepEqual(cut, ["      0  BLIT  payload of 21 dwords runs past the end (1 left)"]);
    assert.match(dump(new StreamBuilder().command(99, []))[0]!, /unknown command 99/);
  });

  it("has a layout for every command, as long as the command's shortest payload", () => {
    for (const row of plainRows()) {
      const [line] = dump(new StreamBuilder().command(row.id, new Uint32Array(row.minDwords)));
      assert.ok(line!.includes(row.name.replace("VIRGL_CCMD_", "")), row.name);
    }
  });

  it("takes any words", () => {
    const generator = new StreamGenerator(new Random(3), {
      textures: [1],
      buffers: [2],
      formatOf: new Map(),
      formats: [1],
      shaders: [],
    });
    for (let i = 0; i < 2000; i++) {
      const builder = new StreamBuilder();
      for (let n = 0; n < 4; n++) generator.appendAny(builder);
      const words = builder.build();
      const length = generator.mutate(words, words.length);
      dumpStream(words, 0, length, (line) => assert.ok(line.length < 20_000));
    }
  });
});

function plainRows() {
  return COMMAND_TABLE.filter((row) => row.id !== p.VIRGL_CCMD_CREATE_OBJECT);
}

describe("field texts", () => {
  it("write floats as short as they are exact", () => {
    const bits = (value: number) => new Uint32Array(Float32Array.of(value).buffer)[0]!;
    assert.equal(floatText(bits(0.1)), "0.1");
    assert.equal(floatText(bits(1 / 3)), "0.33333334");
    assert.equal(floatText(bits(-2)), "-2");
    assert.equal(floatText(0x7f800000), "Infinity");
    assert.equal(floatText(0x7fc00000), "NaN");
  });
});
