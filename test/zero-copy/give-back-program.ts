/** Guest memory that is given back while the GPU is at work on it: nobody waits, and nothing reaches it after the answer. */
import assert from "node:assert/strict";
import * as v from "@virtgpu/core/virgl";
import { check } from "./checks.js";
import { ImportFixture } from "./import-fixture.js";
import { clearStream, SamplingScene } from "./scene.js";

const { B8G8R8A8_UNORM: BGRA, R8G8B8A8_UNORM: RGBA } = v.VirglFormat;
const [WIDTH, HEIGHT] = [64, 64];
const SIZE = WIDTH * HEIGHT * 4;
const [BUSY, TEXTURE] = [1, 2];
const fixture = new ImportFixture({ zeroCopy: "always" });
const scene = new SamplingScene(fixture);
let fences = 0;
const { encoder } = fixture;
const fence = encoder.fence.bind(encoder);
encoder.fence = (id) => {
  fences++;
  fence(id);
};

/** White, after a hundred thousand sines for each pixel: about a second of work. */
const SLOW =
  "FRAG\nPROPERTY FS_COLOR0_WRITES_ALL_CBUFS 1\nDCL IN[0], GENERIC[9], PERSPECTIVE\nDCL OUT[0], COLOR\nDCL TEMP[0..2]\n" +
  "IMM[0] FLT32 { 0.0, 1.0, 100000.0, 2.0}\n" +
  "  0: MOV TEMP[0], IMM[0].xxxx\n  1: MOV TEMP[1], IN[0]\n  2: BGNLOOP\n  3:   SGE TEMP[2].x, TEMP[0].xxxx, IMM[0].zzzz\n" +
  "  4:   IF TEMP[2].xxxx\n  5:     BRK\n  6:   ENDIF\n  7:   ADD TEMP[0].x, TEMP[0].xxxx, IMM[0].yyyy\n" +
  "  8:   SIN TEMP[1].x, TEMP[1].xxxx\n  9: ENDLOOP\n 10: ADD TEMP[1].x, TEMP[1].xxxx, IMM[0].wwww\n 11: MOV OUT[0], TEMP[1].xxxx\n 12: END\n";

/** Lets the GPU render slowly to resource `target`. @returns whether it has finished */
function renderSlowly(sub: number, target: number): () => boolean {
  const stream = scene.pipeline(sub, target, TEXTURE, BGRA, WIDTH, HEIGHT);
  fixture.submit(stream.createShader(20, v.PIPE_SHADER_FRAGMENT, SLOW).bindShader(20, v.PIPE_SHADER_FRAGMENT));
  // Compiling and linking is over before.
  fixture.settle();
  fixture.submit(scene.draw(sub));
  let isDone = false;
  fixture.renderer.whenRendered(() => (isDone = true));
  return () => isDone;
}

function ask(): () => boolean {
  let isReleased = false;
  fixture.renderer.whenReleased(() => (isReleased = true));
  fixture.renderer.flush();
  fixture.renderer.poll({ fenceSignalled() {} });
  return () => isReleased;
}

const all = (bytes: Uint8Array, value: number): void => assert.deepEqual([...new Set(bytes)], [value], "every byte");

fixture.createBacked(TEXTURE, { width: WIDTH, height: HEIGHT }, 1 << 20).fill(1);

check("UNREF behind a long job does not wait for it, and its memory is free when the job has ended", () => {
  const bytes = fixture.createBacked(BUSY, { format: RGBA, width: WIDTH, height: HEIGHT }, 2 << 20);
  bytes.fill(3);
  const isRendered = renderSlowly(50, BUSY);
  fixture.submit(scene.leave(50));
  const startMs = performance.now();
  fixture.must(fixture.renderer.unrefResource(BUSY));
  const isReleased = ask();
  const askedMs = performance.now() - startMs;
  assert.deepEqual([isRendered(), isReleased()], [false, false], "the job outlives the request");
  fixture.untilPolled(isReleased);
  const releasedMs = performance.now() - startMs;
  assert.ok(askedMs < releasedMs / 2, `${askedMs} ms until the next request, ${releasedMs} ms until the answer`);
  assert.ok(isRendered());
  all(bytes, 255);
  bytes.fill(4);
  fixture.settle();
  all(bytes, 4);
});

check("DETACH behind a long job keeps what it draws, and gives the memory back behind it", () => {
  const bytes = fixture.createBacked(3, { format: RGBA, width: WIDTH, height: HEIGHT }, 3 << 20);
  const isRendered = renderSlowly(51, 3);
  fixture.giveBack(fixture.renderer.detachBacking(3));
  assert.ok(isRendered());
  bytes.fill(5);
  all(fixture.glContents(3, WIDTH, HEIGHT), 255);
  all(bytes, 5);
});

check("many resources that are given back between two flushes cost one fence", () => {
  const ids = Array.from({ length: 40 }, (_, i) => 100 + i);
  const memory = ids.map((id) => fixture.createBacked(id, { width: WIDTH, height: HEIGHT }, (4 << 20) + id * SIZE));
  for (const id of ids) fixture.submit(clearStream(id, id, BGRA, [1, 1, 1, 1]).destroySubContext(id));
  fixture.settle();
  fences = 0;
  let released = 0;
  for (const id of ids) {
    fixture.must(fixture.renderer.unrefResource(id));
    fixture.renderer.whenReleased(() => released++);
  }
  fixture.untilPolled(() => released === ids.length);
  assert.equal(fences, 1);
  for (const bytes of memory) all(bytes, 255);
});

check("a guest's fence behind it serves too, and copies that are given back cost none", () => {
  fixture.createBacked(200, { width: WIDTH, height: HEIGHT }, 12 << 20);
  fixture.must(fixture.create(201, { width: WIDTH, height: HEIGHT, arraySize: 1, lastLevel: 2 }));
  fixture.must(fixture.renderer.attachBacking(201, fixture.backing([13 << 20, 2 * SIZE])));
  fixture.settle();
  fences = 0;
  fixture.must(fixture.renderer.detachBacking(201));
  assert.ok(ask()(), "at once");
  assert.equal(fences, 0);
  fixture.must(fixture.renderer.unrefResource(200));
  fixture.renderer.createFence(1, 1);
  fixture.untilPolled(ask());
  assert.equal(fences, 1);
});

check("no GL error was made", () => {
  fixture.settle();
  assert.equal(fixture.renderer.counters.glErrors, 0, fixture.log.join("\n"));
  assert.deepEqual(fixture.log, []);
});
fixture.close();
