/** What happens to contents when memory comes, goes, or is transferred in another layout than its own. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { ImportPath, ImportReason } from "@virtgpu/core/memory";
import { StreamBuilder } from "@virtgpu/core/testing";
import * as v from "@virtgpu/core/virgl";
import { check } from "./checks.js";
import { ImportFixture, wholeBox } from "./import-fixture.js";
import { clearStream, SamplingScene } from "./scene.js";

const { B8G8R8A8_UNORM: BGRA } = v.VirglFormat;
const [WIDTH, HEIGHT] = [64, 16];
const SIZE = WIDTH * HEIGHT * 4;
const fixture = new ImportFixture({ zeroCopy: "always" });
const scene = new SamplingScene(fixture);
const { verdicts } = fixture.imports;
let at = 1 << 20;
const place = (): number => (at += 1 << 16);
const box = [0, 0, 0, WIDTH, HEIGHT, 1] as const;
const all = (bytes: Uint8Array, value: number): void => assert.deepEqual([...new Set(bytes)], [value], "every byte");

check("DETACH keeps contents, counted, and later guest writes are not seen", () => {
  const bytes = fixture.createBacked(1, { width: WIDTH, height: HEIGHT }, place());
  bytes.fill(5);
  fixture.upload(1, WIDTH, HEIGHT);
  const before = fixture.counted();
  fixture.giveBack(fixture.renderer.detachBacking(1));
  assert.deepEqual(fixture.payloadSince(before), { snapshot: SIZE });
  bytes.fill(6);
  all(fixture.glContents(1, WIDTH, HEIGHT), 5);
});

check("memory attached to a resource with contents does not replace them", () => {
  const offset = place();
  fixture.ram.bytes.fill(7, offset, offset + SIZE);
  fixture.must(fixture.renderer.attachBacking(1, fixture.backing([offset, SIZE])));
  all(fixture.glContents(1, WIDTH, HEIGHT), 5);
  const verdict = verdicts.of(1)!;
  assert.equal(verdict.path, ImportPath.UPLOAD);
  assert.equal(verdict.refused[0]!.reason, ImportReason.HAS_CONTENTS);
  fixture.upload(1, WIDTH, HEIGHT);
  all(fixture.glContents(1, WIDTH, HEIGHT), 7);
});

check("framebuffers, views and sub-contexts follow when the memory goes", () => {
  const bytes = fixture.createBacked(2, { width: WIDTH, height: HEIGHT }, place());
  bytes.fill(9);
  const draw = scene.sampler(2, BGRA, WIDTH, HEIGHT);
  all(draw(), 9);
  fixture.submit(clearStream(70, 2, BGRA, [1, 1, 1, 1]));
  fixture.settle();
  all(bytes, 255);
  fixture.giveBack(fixture.renderer.detachBacking(2));
  bytes.fill(1);
  all(draw(), 255);
  fixture.submit(new StreamBuilder().setSubContext(70).clear(v.PIPE_CLEAR_COLOR0, [0, 0, 0, 0]));
  all(fixture.glContents(2, WIDTH, HEIGHT), 0);
  all(draw(), 0);
  all(bytes, 1);
});

check("UNREF of a resource that objects still hold cuts them off from guest memory", () => {
  const bytes = fixture.createBacked(3, { width: WIDTH, height: HEIGHT }, place());
  bytes.fill(11);
  const draw = scene.sampler(3, BGRA, WIDTH, HEIGHT);
  fixture.submit(clearStream(71, 3, BGRA, [1, 1, 1, 1]));
  fixture.giveBack(fixture.renderer.unrefResource(3));
  assert.equal(fixture.ledger.resource(3), null, "what is moved for it later is not another's of its number");
  bytes.fill(12);
  fixture.submit(new StreamBuilder().setSubContext(71).clear(v.PIPE_CLEAR_COLOR0, [0, 0, 0, 0]));
  all(draw(), 0);
  fixture.settle();
  all(bytes, 12);
  assert.equal(verdicts.of(3), undefined);
});

check("a transfer in another layout gets right pixels, counted, and the verdict says why", () => {
  const offset = place();
  const bytes = fixture.createBacked(4, { width: WIDTH, height: HEIGHT }, offset);
  bytes.fill(20);
  fixture.upload(4, WIDTH, HEIGHT);
  // Rows of a small box, packed at the start of the memory: what a client of vtest's first versions sends.
  const before = fixture.counted();
  const part = { ...wholeBox(4, 2), x: 8, y: 3, strideBytes: 16 };
  fixture.must(fixture.renderer.transferToHost3d(1, 4, part));
  const moved = fixture.payloadSince(before);
  assert.deepEqual(moved, { snapshot: SIZE, upload: 32 });
  fixture.settle();
  bytes.fill(99);
  const pixels = fixture.glContents(4, WIDTH, HEIGHT);
  all(pixels, 20);
  assert.equal(verdicts.of(4)!.refused[0]!.reason, ImportReason.OTHER_LAYOUT);
});

check("parts of the picture in its own layout move nothing, from both sides", () => {
  const bytes = fixture.createBacked(5, { width: WIDTH, height: HEIGHT }, place());
  bytes.fill(30);
  const before = fixture.counted();
  const part = { ...wholeBox(10, 4), x: 3, y: 2, strideBytes: WIDTH * 4, offsetBytes: 2 * WIDTH * 4 + 12 };
  fixture.must(fixture.renderer.transferToHost3d(1, 5, part));
  fixture.must(fixture.renderer.transferFromHost3d(1, 5, part, true));
  const row = { ...wholeBox(10, 1), y: 5, offsetBytes: 5 * WIDTH * 4, strideBytes: 40 };
  fixture.must(fixture.renderer.transferToHost3d(1, 5, row));
  assert.deepEqual(fixture.payloadSince(before), {});
  all(fixture.glContents(5, WIDTH, HEIGHT), 30);
});

check("COPY_TRANSFER3D into an import is one upload in stream order", () => {
  const bytes = fixture.createBacked(6, { width: WIDTH, height: HEIGHT }, place());
  bytes.fill(40);
  const staging = place();
  fixture.must(
    fixture.create(7, {
      target: v.PIPE_BUFFER,
      format: v.VirglFormat.R8_UNORM,
      bind: v.VIRGL_BIND_STAGING,
      width: SIZE,
      height: 1,
    }),
  );
  fixture.must(fixture.renderer.attachBacking(7, fixture.backing([staging, SIZE])));
  fixture.ram.bytes.fill(41, staging, staging + SIZE);
  const draw = scene.sampler(6, BGRA, WIDTH, HEIGHT);
  all(draw(), 40);
  const before = fixture.counted();
  fixture.submit(new StreamBuilder().copyTransfer({ resource: 6, box, stride: WIDTH * 4 }, 7, 0));
  assert.deepEqual(fixture.payloadSince(before), { upload: SIZE });
  all(draw(), 41);
  fixture.settle();
  all(bytes, 41);
});

check("inline writes land in guest memory", () => {
  const bytes = fixture.createBacked(8, { width: WIDTH, height: HEIGHT }, place());
  const data = new Uint32Array(WIDTH * HEIGHT).fill(0x32323232);
  fixture.submit(new StreamBuilder().inlineWrite({ resource: 8, box, stride: WIDTH * 4 }, data));
  fixture.settle();
  all(bytes, 0x32);
});

check("a resource copied from an import, and into one", () => {
  const from = fixture.createBacked(9, { width: WIDTH, height: HEIGHT }, place());
  const to = fixture.createBacked(10, { width: WIDTH, height: HEIGHT }, place());
  from.fill(50);
  to.fill(51);
  const copy = [10, 0, 0, 0, 0, 9, 0, 0, 0, 0, WIDTH, HEIGHT, 1];
  fixture.submit(new StreamBuilder().command(v.VIRGL_CCMD_RESOURCE_COPY_REGION, copy));
  fixture.settle();
  all(to, 50);
});

check("UNREF is answered when the GPU is done with the pages", () => {
  const bytes = fixture.createBacked(30, { width: WIDTH, height: HEIGHT }, place());
  fixture.submit(clearStream(90, 30, BGRA, [1, 1, 1, 1]).destroySubContext(90));
  fixture.giveBack(fixture.renderer.unrefResource(30));
  all(bytes, 255);
});

check("two resources over the same pages are the same picture", () => {
  const offset = place();
  const bytes = fixture.createBacked(20, { width: WIDTH, height: HEIGHT }, offset);
  fixture.createBacked(21, { width: WIDTH, height: HEIGHT }, offset);
  fixture.submit(clearStream(80, 20, BGRA, [1, 1, 1, 1]));
  fixture.settle();
  all(fixture.glContents(21, WIDTH, HEIGHT), 255);
  fixture.settle();
  all(bytes, 255);
});

check("two hundred imports made and dropped leave descriptors and mappings as they were", () => {
  const count = (): number => readdirSync("/proc/self/fd").length;
  const files = count();
  const maps = (): number => readFileSync("/proc/self/maps", "utf8").split("\n").length;
  let mapped = 0;
  for (let i = 0; i < 200; i++) {
    fixture.createBacked(100, { width: WIDTH, height: HEIGHT, bind: 0x4000a }, at);
    fixture.submit(clearStream(1000 + i, 100, BGRA, [0, 1, 0, 1]).destroySubContext(1000 + i));
    fixture.must(fixture.renderer.unrefResource(100));
    fixture.settle();
    if (i === 20) mapped = maps();
  }
  assert.ok(count() <= files + 1, `${count() - files} descriptors more`);
  assert.ok(maps() <= mapped + 8, `${maps() - mapped} mappings more`);
});

check("no GL error was made", () => {
  fixture.settle();
  assert.equal(fixture.renderer.counters.glErrors, 0, fixture.log.join("\n"));
  assert.deepEqual(fixture.log, []);
});
fixture.close();
