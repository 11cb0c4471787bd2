/** The native back end on the host's driver. With GALLIUM_NOOP=1 everything runs and pixels are not compared. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { GL, GL_OP_LAYOUTS, GlCompletion, GlEncoder } from "@virtgpu/core/gl";
import {
  Mapping,
  NativeGl,
  Poll,
  closeFd,
  createMemfd,
  openEgl,
  pollFds,
  probeEgl,
  type NativeGlOptions,
} from "./index.js";

const DRAWS = process.env["GALLIUM_NOOP"] !== "1";
const SIZE = 32;

const VERTEX = `#version 300 es
layout(location = 0) in vec4 position;
layout(std140) uniform Constants { vec4 scale; vec4 color; };
out vec4 v_color;
void main() { gl_Position = position * scale; v_color = color; }`;
const FRAGMENT = `#version 300 es
precision highp float;
in vec4 v_color;
out vec4 o_color;
void main() { o_color = v_color; }`;

/** A context with a framebuffer of SIZE x SIZE and a program that fills it from the uniform ring. */
class Scene {
  readonly gl: NativeGl;
  readonly encoder: GlEncoder;
  readonly program: number;
  readonly pixels = new Uint8Array(SIZE * SIZE * 4);
  readonly pixelSegment: number;
  readonly #out = new Int32Array(256);

  constructor(options: NativeGlOptions = {}) {
    this.gl = NativeGl.open(options);
    const encoder = new GlEncoder(this.gl);
    this.encoder = encoder;
    this.pixelSegment = encoder.registerSegment(this.pixels);
    const { names } = encoder;
    const vertexArray = names.vertexArray.allocate();
    encoder.createVertexArray(vertexArray);
    encoder.bindVertexArray(vertexArray);
    const texture = names.texture.allocate();
    encoder.createTexture(texture);
    encoder.bindTexture(GL.TEXTURE_2D, texture);
    encoder.texStorage2D(GL.TEXTURE_2D, 1, GL.RGBA8, SIZE, SIZE);
    const framebuffer = names.framebuffer.allocate();
    encoder.createFramebuffer(framebuffer);
    encoder.bindFramebuffer(GL.FRAMEBUFFER, framebuffer);
    encoder.framebufferTexture2D(GL.FRAMEBUFFER, GL.COLOR_ATTACHMENT0, GL.TEXTURE_2D, texture, 0);
    encoder.viewport(0, 0, SIZE, SIZE);
    const buffer = names.buffer.allocate();
    encoder.createBuffer(buffer);
    encoder.bindBuffer(GL.ARRAY_BUFFER, buffer);
    const corners = new Uint8Array(Float32Array.of(-1, -1, 0, 1, 1, -1, 0, 1, -1, 1, 0, 1).buffer);
    const at = encoder.stage(corners.length);
    encoder.staging.set(corners, at);
    encoder.bufferData(GL.ARRAY_BUFFER, GL.STATIC_DRAW, encoder.stagingSegment, at, corners.length);
    encoder.enableVertexAttribArray(0);
    encoder.vertexAttribPointer(0, 4, GL.FLOAT, false, 16, 0);
    this.program = this.link(VERTEX, FRAGMENT);
    encoder.useProgram(this.program);
  }

  link(vertex: string, fragment: string): number {
    const program = this.encoder.names.program.allocate();
    const shaders = [
      { stage: GL.VERTEX_SHADER, source: vertex },
      { stage: GL.FRAGMENT_SHADER, source: fragment },
    ];
    this.encoder.linkProgram(program, {
      shaders,
      blocks: [{ name: "Constants", at: 1 }],
      uniforms: [{ name: "u", at: 3 }],
    });
    return program;
  }

  draw(red: number, green: number, blue: number): void {
    const { encoder } = this;
    encoder.reserve(64, 1, 32);
    const at = encoder.ringBlock(32);
    encoder.ringFloats.set([1, 1, 1, 1, red, green, blue, 1], at / 4);
    encoder.bindUniformRing(1, at, 32);
    encoder.clearBufferfv(GL.COLOR, 0, 0, 0, 0, 1);
    encoder.drawArrays(GL.TRIANGLES, 0, 3);
  }

  /** RGBA at a pixel, after everything encoded so far. */
  read(x: number, y: number): number[] {
    this.encoder.readPixels(
      0,
      0,
      SIZE,
      SIZE,
      GL.RGBA,
      GL.UNSIGNED_BYTE,
      SIZE * 4,
      this.pixelSegment,
      0,
      this.pixels.length,
    );
    this.encoder.flush();
    const at = (y * SIZE + x) * 4;
    return Array.from(this.pixels.subarray(at, at + 4));
  }

  /** Completion records so far, as arrays of four. */
  poll(): number[][] {
    const records: number[][] = [];
    for (;;) {
      const count = this.gl.poll(this.#out);
      for (let index = 0; index < count; index++)
        records.push(Array.from(this.#out.subarray(index * 4, index * 4 + 4)));
      if (count < this.#out.length / 4) return records;
    }
  }

  errors(): number {
    return this.poll()
      .filter((record) => record[0] === GlCompletion.ERRORS)
      .reduce((sum, record) => sum + record[1]!, 0);
  }
}

function withScene(options: NativeGlOptions, run: (scene: Scene) => void | Promise<void>): () => Promise<void> {
  return async () => {
    const scene = new Scene(options);
    try {
      await run(scene);
    } finally {
      scene.gl.destroy();
    }
  };
}

for (const api of ["gles", "gl"] as const) {
  test(
    `a triangle with constants from the uniform ring, on ${api}`,
    withScene({ api }, (scene) => {
      scene.draw(1, 0.5, 0.25);
      const inside = scene.read(2, 2);
      const outside = scene.read(SIZE - 2, SIZE - 2);
      if (DRAWS)
        assert.deepEqual(
          [inside, outside],
          [
            [255, 128, 64, 255],
            [0, 0, 0, 255],
          ],
        );
      const records = scene.poll();
      assert.deepEqual(records, [[GlCompletion.PROGRAM, scene.program, 1, 0]], scene.gl.takeProgramLog(scene.program));
    }),
  );
}

test(
  "each batch has its own ring contents",
  withScene({}, (scene) => {
    for (let round = 0; round < 40; round++) {
      scene.draw(round / 255, 0, 1);
      const color = scene.read(1, 1);
      if (DRAWS) assert.deepEqual(color, [round, 0, 255, 255]);
    }
    assert.equal(scene.errors(), 0);
  }),
);

test(
  "a gather piece outside its segment is refused, an empty segment is allowed",
  withScene({}, (scene) => {
    const { encoder } = scene;
    encoder.flush();
    const empty = encoder.registerSegment(new Uint8Array(0));
    encoder.bufferSubData(GL.ARRAY_BUFFER, 0, empty, 0, 0);
    encoder.flush();
    encoder.constants(empty, 0, 4, 32);
    encoder.viewport(0, 0, SIZE, SIZE);
    assert.throws(() => encoder.flush(), /refused a gather piece/);
    scene.draw(0, 1, 0);
    const color = scene.read(1, 1);
    if (DRAWS) assert.deepEqual(color, [0, 255, 0, 255], "the next batch draws");
  }),
);

test(
  "a fence wakes its eventfd and completes in order",
  withScene({}, (scene) => {
    scene.draw(1, 1, 1);
    scene.encoder.fence(5);
    scene.draw(0, 0, 0);
    scene.encoder.fence(6);
    scene.encoder.flush();
    const seen: number[] = [];
    const deadline = performance.now() + 60_000;
    while (seen.length < 2 && performance.now() < deadline) {
      pollFds(Int32Array.of(scene.gl.fenceEventFd), Int16Array.of(Poll.IN), new Int16Array(1), 1_000_000);
      for (const record of scene.poll()) if (record[0] === GlCompletion.FENCE) seen.push(record[1]!);
    }
    assert.deepEqual(seen, [5, 6]);
    assert.equal(
      pollFds(Int32Array.of(scene.gl.fenceEventFd), Int16Array.of(Poll.IN), new Int16Array(1), 0),
      0,
      "drained by poll",
    );
  }),
);

test(
  "finish leaves no fence and no query open",
  withScene({}, (scene) => {
    const { encoder } = scene;
    const query = encoder.names.query.allocate();
    encoder.createQuery(query);
    encoder.beginQuery(GL.ANY_SAMPLES_PASSED, query);
    scene.draw(1, 1, 1);
    encoder.endQuery(GL.ANY_SAMPLES_PASSED);
    encoder.queryResult(query, 1234);
    for (let id = 1; id <= 100; id++) encoder.fence(id);
    encoder.flush();
    scene.gl.finish();
    const records = scene.poll();
    const fences = records.filter((record) => record[0] === GlCompletion.FENCE).map((record) => record[1]);
    assert.deepEqual(
      fences,
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
    const result = records.find((record) => record[0] === GlCompletion.QUERY)!;
    assert.equal(result[1], 1234);
    if (DRAWS) assert.notEqual(result[2], 0);
    encoder.queryResult(query, 99);
    encoder.deleteQuery(query);
    encoder.flush();
    assert.deepEqual(scene.poll(), [[GlCompletion.QUERY, 99, 0, 0]], "a deleted query answers 0");
  }),
);

test(
  "GL errors are counted, and the counter is 0 without them",
  withScene({}, (scene) => {
    scene.draw(1, 1, 1);
    scene.encoder.flush();
    assert.equal(scene.errors(), 0);
    scene.encoder.enable(0x1234);
    scene.encoder.flush();
    const records = scene.poll();
    assert.deepEqual(records, [[GlCompletion.ERRORS, 1, GL.INVALID_ENUM, 0]]);
  }),
);

test(
  "with the debug option the failing op is named",
  withScene({ debug: true }, (scene) => {
    scene.encoder.flush();
    scene.poll();
    scene.encoder.viewport(0, 0, 1, 1);
    scene.encoder.enable(0x1234);
    scene.encoder.flush();
    const opcode = GL_OP_LAYOUTS.find((layout) => layout.row.name === "enable")!.opcode;
    assert.deepEqual(scene.poll(), [[GlCompletion.ERRORS, 1, GL.INVALID_ENUM, opcode]]);
  }),
);

test(
  "a shader that does not compile is told with its log and harms nothing",
  withScene({}, (scene) => {
    scene.encoder.flush();
    scene.poll();
    const bad = scene.link(VERTEX, "#version 300 es\nthis is not GLSL");
    scene.encoder.flush();
    assert.deepEqual(scene.poll(), [[GlCompletion.PROGRAM, bad, 0, 0]]);
    assert.match(scene.gl.takeProgramLog(bad), /error/i);
    assert.equal(scene.gl.takeProgramLog(bad), "", "taken");
    scene.encoder.useProgram(scene.program);
    scene.draw(0, 1, 0);
    if (DRAWS) assert.deepEqual(scene.read(1, 1), [0, 255, 0, 255]);
  }),
);

test(
  "plain uniforms go to their slots",
  withScene({}, (scene) => {
    const program = scene.link(
      VERTEX,
      FRAGMENT.replace("out vec4 o_color;", "out vec4 o_color; uniform vec4 u[2];").replace("= v_color", "= u[1]"),
    );
    const { encoder } = scene;
    encoder.useProgram(program);
    const bytes = new Uint8Array(Float32Array.of(9, 9, 9, 9, 0, 0, 1, 1).buffer);
    const at = encoder.stage(32);
    encoder.staging.set(bytes, at);
    encoder.uniform4fv(program, 3, 2, encoder.stagingSegment, at, 32);
    encoder.uniform1i(program, 200, 1);
    scene.draw(1, 0, 0);
    const color = scene.read(1, 1);
    if (DRAWS) assert.deepEqual(color, [0, 0, 255, 255]);
    assert.equal(scene.errors(), 0, "a slot without a uniform is ignored");
  }),
);

test(
  "a read-back with a wider stride leaves the gaps alone",
  withScene({}, (scene) => {
    scene.draw(1, 0, 0);
    const bytes = new Uint8Array(1024).fill(0x55);
    const segment = scene.encoder.registerSegment(bytes);
    scene.encoder.readPixels(0, 0, 2, 3, GL.RGBA, GL.UNSIGNED_BYTE, 12, segment, 4, 12 * 2 + 8);
    scene.encoder.flush();
    if (DRAWS) assert.deepEqual(Array.from(bytes.subarray(4, 12)), [255, 0, 0, 255, 255, 0, 0, 255]);
    assert.equal(bytes[12], 0x55);
    assert.equal(bytes[4 + 12 * 2 + 8], 0x55);
    scene.encoder.readPixels(0, 0, 2, 3, GL.RGBA, GL.UNSIGNED_BYTE, 12, segment, 1024 - 31, 31);
    assert.throws(() => scene.encoder.flush(), /refused readPixels/);
  }),
);

test(
  "buffers: upload, zero, copy and read back through segments",
  withScene({}, (scene) => {
    const { encoder } = scene;
    const buffer = encoder.names.buffer.allocate();
    encoder.createBuffer(buffer);
    encoder.bindBuffer(GL.COPY_WRITE_BUFFER, buffer);
    encoder.bufferZeros(GL.COPY_WRITE_BUFFER, 64, GL.DYNAMIC_DRAW);
    encoder.bufferZeros(GL.COPY_WRITE_BUFFER, 64, GL.DYNAMIC_DRAW);
    const bytes = Uint8Array.from({ length: 128 }, (_, index) => index);
    const segment = encoder.registerSegment(bytes);
    encoder.bufferSubData(GL.COPY_WRITE_BUFFER, 0, segment, 0, 8);
    encoder.bufferSubData(GL.COPY_WRITE_BUFFER, 16, segment, 16, 48);
    encoder.getBufferSubData(GL.COPY_WRITE_BUFFER, 0, segment, 64, 64);
    encoder.copyBytes(segment, 0, 4, segment, 64, 4);
    encoder.flush();
    if (DRAWS) {
      assert.deepEqual(
        Array.from(bytes.subarray(64, 84)),
        [0, 1, 2, 3, 4, 5, 6, 7, 0, 0, 0, 0, 0, 0, 0, 0, 16, 17, 18, 19],
      );
      assert.deepEqual(Array.from(bytes.subarray(0, 5)), [0, 1, 2, 3, 4]);
    }
    assert.equal(scene.errors(), 0);
  }),
);

test(
  "an upload from memory that its owner truncates draws zeros and flags the memory",
  withScene({}, (scene) => {
    const fd = createMemfd("guest", 8192, 0);
    const mapping = Mapping.map(fd, 0, 8192);
    closeFd(fd);
    const truncated = createMemfd("guest2", 65536, 0);
    const victim = Mapping.map(truncated, 0, 65536);
    const segment = scene.encoder.registerSegment(victim.bytes);
    victim.bytes.fill(200);
    scene.encoder.texSubImage2D(GL.TEXTURE_2D, 0, 0, 0, SIZE, SIZE, GL.RGBA, GL.UNSIGNED_BYTE, 512, segment, 0, 65536);
    return import("node:fs").then(({ ftruncateSync }) => {
      ftruncateSync(truncated, 4096);
      const top = scene.read(0, SIZE - 1);
      if (DRAWS) {
        assert.equal(victim.isDamaged, true);
        assert.deepEqual(top, [0, 0, 0, 0]);
      }
      assert.equal(mapping.isDamaged, false);
      scene.encoder.unregisterSegment(segment);
      victim.release();
      mapping.release();
      closeFd(truncated);
    });
  }),
);

test("forced limits lower the caps and never raise them", () => {
  const gl = NativeGl.open({ forceLimits: { uniformBlocks: 12, uniformBlockBytes: 16384, textureSize: 1 << 30 } });
  try {
    assert.equal(gl.caps.limits.vertexUniformBlocks, 12);
    assert.equal(gl.caps.limits.fragmentUniformBlocks, 12);
    assert.equal(gl.caps.limits.uniformBlockBytes, 16384);
    assert.ok(gl.caps.limits.textureSize < 1 << 30);
    assert.equal(gl.caps.formats.get(GL.RGBA8)?.renderable, true);
    assert.ok(gl.caps.version >= 30 && gl.caps.isGles);
  } finally {
    gl.destroy();
  }
});

test("contexts open one at a time and again after closing, on every platform that says ok", () => {
  const gl = NativeGl.open();
  assert.throws(() => openEgl(), /already open/);
  gl.destroy();
  assert.equal(probeEgl("surfaceless").ok, true);
  for (const platform of ["device", "gbm", "wayland"] as const) {
    const probe = probeEgl(platform);
    assert.ok(probe.detail.length > 0);
    if (!probe.ok) assert.ok(probe.cure !== undefined && probe.code !== undefined, JSON.stringify(probe));
  }
});

test("opening and closing leaks no descriptors", async () => {
  const { readdirSync } = await import("node:fs");
  const count = (): number => readdirSync("/proc/self/fd").length;
  NativeGl.open().destroy();
  const before = count();
  for (let round = 0; round < 5; round++) NativeGl.open().destroy();
  assert.equal(count(), before);
});
