/** Numbers that a hostile guest chooses, memory that shrinks or loses pages: nothing crashes, nothing foreign is seen. */
import assert from "node:assert/strict";
import { ftruncateSync, readdirSync, readFileSync } from "node:fs";
import type { GlImage } from "@virtgpu/core/gl";
import { Backing, fourccCode, ImportPath, ImportReason, type Segment, type SegmentId } from "@virtgpu/core/memory";
import * as v from "@virtgpu/core/virgl";
import { sharedFile } from "virtgpu/import";
import { addon, closeFd, createMemfd, Mapping, Seal } from "virtgpu/native";
import { check } from "./checks.js";
import { ImportFixture, PAGE } from "./import-fixture.js";
import { clearStream, SamplingScene } from "./scene.js";

const { R8G8B8A8_UNORM: RGBA } = v.VirglFormat;
const fixture = new ImportFixture({ zeroCopy: "always", ramBytes: 8 << 20 });
const scene = new SamplingScene(fixture);
const END = fixture.ram.bytes.length;
const SAMPLED = v.VIRGL_BIND_SAMPLER_VIEW;
let id = 1;

check("the addon refuses what does not lie in its memory, whoever asks", () => {
  const { imports } = fixture.gl;
  const texture = fixture.encoder.names.texture.allocate();
  const loose = createMemfd("loose", 1 << 20, 0);
  const good: GlImage = {
    fd: fixture.ramFd,
    width: 64,
    height: 64,
    fourcc: fourccCode("AB24"),
    offsetBytes: END - 64 * 256,
    strideBytes: 256,
    rowBytes: 256,
    modifier: null,
    mustRender: false,
  };
  const twins: Record<string, Partial<GlImage>> = {
    "one byte behind the end": { offsetBytes: good.offsetBytes + 1 },
    "one row too many": { height: 65 },
    "no width": { width: 0, rowBytes: 0 },
    "no height": { height: 0 },
    "negative height": { height: -64 },
    "huge height": { height: 0x7fffffff },
    "huge product": { height: 65536, strideBytes: 0x7fffffff },
    "stride shorter than a row": { strideBytes: 255 },
    "stride 0": { strideBytes: 0 },
    "negative stride": { strideBytes: -256 },
    "negative offset": { offsetBytes: -4096 },
    "offset behind 2 GiB": { offsetBytes: 0x7ffff000 },
    "no file": { fd: -1 },
    "a directory of numbers": { fd: 99_999 },
    "a file that may shrink": { fd: loose, offsetBytes: 0 },
    "no such format": { fourcc: 0x12345678 },
  };
  for (const [name, change] of Object.entries(twins))
    assert.notEqual(imports.importTexture(texture, { ...good, ...change }), 0, name);
  assert.notEqual(imports.importTexture(0, good), 0, "texture 0");
  assert.notEqual(imports.importTexture(1 << 20, good), 0, "outside the table");
  assert.equal(imports.importTexture(texture, good), 0, "the good twin");
  fixture.encoder.deleteTexture(texture);
  fixture.encoder.flush();
  fixture.encoder.names.texture.free(texture);
  closeFd(loose);
});

check("memory that is too small for the picture is not imported, and transfers that leave it are refused", () => {
  fixture.must(fixture.create(id, { width: 64, height: 64 }));
  fixture.must(fixture.renderer.attachBacking(id, fixture.backing([0, 64 * 64 * 4 - 1])));
  const verdict = fixture.imports.verdicts.of(id)!;
  assert.equal(verdict.refused[0]!.reason, ImportReason.BACKING_TOO_SMALL);
  const box = { level: 0, x: 0, y: 0, z: 0, width: 64, height: 64, depth: 1 };
  const transfer = { ...box, offsetBytes: 0, strideBytes: 0, layerStrideBytes: 0 };
  assert.notEqual(fixture.renderer.transferToHost3d(1, id, transfer), 0);
  fixture.must(fixture.renderer.unrefResource(id++));
});

check("transfers that leave an imported picture are refused as for any other", () => {
  fixture.createBacked(id, { width: 64, height: 64 }, 0);
  const box = { level: 0, x: 0, y: 0, z: 0, width: 64, height: 64, depth: 1 };
  const layout = { offsetBytes: 0, strideBytes: 0, layerStrideBytes: 0 };
  for (const change of [
    { x: 1 },
    { y: 1 },
    { z: 1 },
    { level: 1 },
    { width: 65 },
    { height: 0xffffffff },
    { offsetBytes: 4 },
  ])
    assert.notEqual(
      fixture.renderer.transferToHost3d(1, id, { ...box, ...layout, ...change }),
      0,
      JSON.stringify(change),
    );
  fixture.must(fixture.renderer.unrefResource(id++));
});

check("pictures at the very end of memory are sampled and rendered to", () => {
  for (const [width, height] of [
    [64, 64],
    [63, 61],
    [62, 64],
    [1, 1],
    [1366, 3],
  ] as const) {
    const bytes = fixture.createBacked(id, { width, height, format: RGBA, bind: SAMPLED }, END - width * height * 4);
    bytes.fill(33);
    assert.equal(fixture.imports.verdicts.of(id)!.path, ImportPath.MEMFD);
    assert.deepEqual([...new Set(scene.sampler(id, RGBA, width, height)())], [33]);
    // The guest never said that it would render to it.
    fixture.submit(clearStream(500 + id, id, RGBA, [0, 1, 0, 0]));
    const source = id + 1;
    fixture.must(fixture.create(source, { width, height, format: RGBA }));
    fixture.submit(clearStream(600 + id, source, RGBA, [1, 0, 0, 1]));
    fixture.submit(scene.pipeline(700 + id, id, source, RGBA, width, height).draw({ count: 3 }));
    fixture.settle();
    const pixels = fixture.glContents(id, width, height);
    assert.deepEqual([...pixels.subarray(0, 4), ...pixels.subarray(-4)], [255, 0, 0, 255, 255, 0, 0, 255]);
    if (width % 4 !== 0) assert.equal(fixture.imports.verdicts.of(id)!.refused[0]!.reason, ImportReason.RENDER_BLOCK);
    fixture.must(fixture.renderer.unrefResource(id));
    fixture.must(fixture.renderer.unrefResource(source));
    id += 2;
  }
});

/** A segment over another memory file. */
function otherMemory(sizeBytes: number, seals: number): { fd: number; mapping: Mapping; segment: Segment } {
  const fd = createMemfd("other", sizeBytes, seals);
  const mapping = Mapping.map(fd, 0, sizeBytes);
  const file = sharedFile(fd, 0)!;
  return {
    fd,
    mapping,
    segment: { id: fixture.encoder.registerSegment(mapping.bytes) as SegmentId, bytes: mapping.bytes, file },
  };
}

check("a memory file whose seals are open is sealed by us before it is imported", () => {
  const { fd, segment } = otherMemory(16 * PAGE, 0);
  assert.ok(segment.file!.isSealed);
  assert.throws(() => ftruncateSync(fd, 0), /EPERM/);
});

check("memory that can shrink is not imported; when it does, zeros are seen", () => {
  const { fd, mapping, segment } = otherMemory(16 * PAGE, Seal.SEAL);
  assert.ok(!segment.file!.isSealed);
  fixture.must(fixture.create(id, { width: 64, height: 64 }));
  fixture.must(
    fixture.renderer.attachBacking(id, new Backing([{ segment, offsetBytes: 0, lengthBytes: 64 * 64 * 4 }])),
  );
  assert.equal(fixture.imports.verdicts.of(id)!.refused[0]!.reason, ImportReason.NOT_SEALED);
  mapping.bytes.fill(1);
  ftruncateSync(fd, PAGE);
  fixture.upload(id, 64, 64);
  const pixels = fixture.glContents(id, 64, 64);
  assert.equal(pixels[PAGE * 2], 0);
  assert.ok(mapping.isDamaged);
  fixture.must(fixture.renderer.unrefResource(id++));
});

check("pages punched out under an import: zeros, no crash, and what is drawn then is there", () => {
  const at = 1 << 20;
  const bytes = fixture.createBacked(id, { width: 64, height: 64, format: RGBA }, at);
  bytes.fill(7);
  const draw = scene.sampler(id, RGBA, 64, 64);
  assert.deepEqual([...new Set(draw())], [7]);
  assert.equal(addon().punchHole(fixture.ramFd, at, 4 * PAGE), 0);
  assert.deepEqual([...new Set(draw())], [0]);
  fixture.submit(clearStream(900, id, RGBA, [1, 1, 1, 1]));
  fixture.settle();
  assert.deepEqual([...new Set(bytes)], [255]);
  fixture.must(fixture.renderer.unrefResource(id++));
});

check("a list of the same page again and again, and of a hundred thousand pages", () => {
  fixture.must(fixture.create(id, { width: 64, height: 64, format: RGBA }));
  const same = Array.from({ length: 4 }, () => [2 << 20, PAGE] as const);
  fixture.must(fixture.renderer.attachBacking(id, fixture.backing(...same)));
  fixture.ram.bytes.fill(66, 2 << 20, (2 << 20) + PAGE);
  fixture.upload(id, 64, 64);
  assert.deepEqual([...new Set(fixture.glContents(id, 64, 64))], [66]);
  fixture.must(fixture.renderer.unrefResource(id++));
  fixture.must(fixture.create(id, { width: 4096, height: 4096, format: RGBA }));
  const many = Array.from({ length: 100_000 }, (_, i) => [((i * 7) % 2000) * PAGE, PAGE] as const);
  const started = performance.now();
  fixture.must(fixture.renderer.attachBacking(id, fixture.backing(...many)));
  const ms = performance.now() - started;
  assert.ok(ms < 5000, `${ms} ms`);
  fixture.must(fixture.renderer.unrefResource(id++));
});

check("a guest that imports without end takes no more than some of our descriptors; what is dropped makes room", () => {
  const limit = Number(/^Max open files +(\d+)/m.exec(readFileSync("/proc/self/limits", "latin1"))?.[1]);
  if (limit < 16_384) {
    console.log(`# not tried: this system lets a process have ${limit} descriptors only`);
    return;
  }
  const openFds = (): number => readdirSync("/proc/self/fd").length;
  const [taken, refusals] = [fixture.imports.verdicts.taken.slice(), fixture.imports.verdicts.refusals.slice()];
  const import4x4 = (): void => {
    fixture.must(fixture.create(++id, { width: 4, height: 4, format: RGBA }));
    fixture.must(fixture.renderer.attachBacking(id, fixture.backing([PAGE, 64])));
  };
  const before = openFds();
  const first = id + 1;
  for (let i = 0; i < 5000; i++) import4x4();
  const { MEMFD, UDMABUF, UPLOAD } = ImportPath;
  const count = (path: number): number => fixture.imports.verdicts.taken[path]! - taken[path]!;
  assert.equal(count(MEMFD) + count(UDMABUF), 4096);
  assert.equal(count(UPLOAD), 5000 - 4096);
  const refused = ImportReason.SYSTEM_REFUSED;
  assert.ok(fixture.imports.verdicts.refusals[refused]! - refusals[refused]! >= 5000 - 4096);
  assert.ok(openFds() - before < 3 * 4096, "and other uses of descriptors have room");
  fixture.must(fixture.renderer.unrefResource(first));
  import4x4();
  assert.equal(count(MEMFD) + count(UDMABUF), 4097, "room for one");
  for (let old = first + 1; old <= id; old++) fixture.must(fixture.renderer.unrefResource(old));
  fixture.settle();
  assert.ok(openFds() <= before + 8, `${openFds()} descriptors, ${before} before`);
});

check("no GL error was made", () => {
  fixture.settle();
  assert.equal(fixture.renderer.counters.glErrors, 0, fixture.log.join("\n"));
});
fixture.close();
