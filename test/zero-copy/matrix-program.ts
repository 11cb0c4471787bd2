/** Formats × widths (and so strides) × offsets × scattering: a texture that the guest fills, and one that it reads back. */
import assert from "node:assert/strict";
import { IMPORT_PATH_NAMES, ImportPath, isZeroCopy, type ImportVerdict } from "@virtgpu/core/memory";
import { StreamBuilder } from "@virtgpu/core/testing";
import * as v from "@virtgpu/core/virgl";
import { check } from "./checks.js";
import { ImportFixture, PAGE } from "./import-fixture.js";

const F = v.VirglFormat;
/** Format, bytes per texel, whether this driver must import it. */
const FORMATS: readonly (readonly [name: keyof typeof F, bytes: number, mustImport: boolean])[] = [
  ["B8G8R8A8_UNORM", 4, true],
  ["B8G8R8X8_UNORM", 4, true],
  ["R8G8B8A8_UNORM", 4, true],
  ["R8G8B8X8_UNORM", 4, true],
  ["R8_UNORM", 1, true],
  ["R8G8_UNORM", 2, true],
  ["B5G6R5_UNORM", 2, true],
  ["R10G10B10A2_UNORM", 4, true],
  ["R16G16B16A16_FLOAT", 8, true],
  ["R16_UNORM", 2, false],
  ["R16G16_UNORM", 4, false],
  ["B4G4R4A4_UNORM", 2, false],
  ["B8G8R8A8_SRGB", 4, false],
  ["R8G8B8A8_UINT", 4, false],
  ["R32_FLOAT", 4, false],
  ["R32G32B32A32_FLOAT", 16, false],
];
/** 1366 × 4 = 5464 and 1080 × 4 = 4320 are no multiples of 64. */
const WIDTHS = [1, 3, 64, 100, 1080, 1366];
const OFFSETS = [0, 4, 64, PAGE, PAGE + 4, 2];
const HEIGHT = 8;
const BASE = 1 << 20;
const SCATTERED = 8 << 20;

const fixture = new ImportFixture({ zeroCopy: "always" });
let id = 1;

function fillPattern(bytes: Uint8Array, seed: number): void {
  for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 7 + seed + (i >> 8)) & 0xff;
}

/** What the guest wrote is what GL has, and moved no byte. */
function sampleOne(format: number, texelBytes: number, width: number, offset: number): ImportVerdict {
  const bytes = fixture.createBacked(
    id,
    { width, height: HEIGHT, format, bind: v.VIRGL_BIND_SAMPLER_VIEW },
    BASE + offset,
    texelBytes,
  );
  fillPattern(bytes, id);
  const verdict = fixture.imports.verdicts.of(id)!;
  const before = fixture.counted();
  fixture.upload(id, width, HEIGHT);
  const moved = fixture.payloadSince(before);
  assert.deepEqual(moved, isZeroCopy(verdict.path) ? {} : { upload: bytes.length });
  assert.deepEqual(Buffer.from(fixture.glContents(id, width, HEIGHT, texelBytes)), Buffer.from(bytes));
  return verdict;
}

/** What GL copies into it is what the guest reads, and the bytes around it are as they were. */
function renderOne(format: number, texelBytes: number, width: number, offset: number, isImported: boolean): void {
  const source = id;
  const target = id + 1;
  const at = BASE + (2 << 20) + offset;
  const size = width * HEIGHT * texelBytes;
  fixture.ram.bytes.fill(0xee, at - 2, at + size + PAGE);
  fixture.createBacked(target, { width, height: HEIGHT, format, bind: v.VIRGL_BIND_SAMPLER_VIEW | 2 }, at, texelBytes);
  const copy = [target, 0, 0, 0, 0, source, 0, 0, 0, 0, width, HEIGHT, 1];
  fixture.submit(new StreamBuilder().command(v.VIRGL_CCMD_RESOURCE_COPY_REGION, copy));
  const before = fixture.counted();
  fixture.download(target, width, HEIGHT);
  // llvmpipe renders in blocks of 4 × 4: other targets are not imported.
  const isWhole = width % 4 === 0;
  assert.equal(isZeroCopy(fixture.imports.verdicts.of(target)!.path), isImported && isWhole);
  if (isImported && isWhole) assert.deepEqual(fixture.payloadSince(before), {});
  const wanted = fixture.ram.bytes.subarray(BASE + offset, BASE + offset + size);
  assert.deepEqual(Buffer.from(fixture.ram.bytes.subarray(at, at + size)), Buffer.from(wanted));
  assert.deepEqual([...fixture.ram.bytes.subarray(at - 2, at)], [0xee, 0xee], "bytes before it");
  const behind = fixture.ram.bytes.subarray(at + size, at + size + PAGE);
  assert.deepEqual([...new Set(behind)], [0xee], "bytes behind it");
}

for (const [name, texelBytes, mustImport] of FORMATS) {
  check(name, () => {
    const paths = new Set<number>();
    for (const width of WIDTHS) {
      for (const offset of OFFSETS) {
        const verdict = sampleOne(F[name], texelBytes, width, offset);
        paths.add(verdict.path);
        if (mustImport) assert.equal(verdict.path, ImportPath.MEMFD, JSON.stringify(verdict.refused));
        renderOne(F[name], texelBytes, width, offset, isZeroCopy(verdict.path));
        fixture.must(fixture.renderer.unrefResource(id));
        fixture.must(fixture.renderer.unrefResource(id + 1));
        id += 2;
      }
    }
    return `${WIDTHS.length * OFFSETS.length} pictures: ${[...paths].map((path) => IMPORT_PATH_NAMES[path as 0]).join(", ")}`;
  });
}

check("scattered pages, in order, reversed and with a hole", () => {
  const width = 64;
  const size = width * 64 * 4;
  const pages = size / PAGE;
  const orders = {
    "in order": Array.from({ length: pages }, (_, i) => i),
    reversed: Array.from({ length: pages }, (_, i) => pages - 1 - i),
    holes: Array.from({ length: pages }, (_, i) => i * 2),
  };
  for (const [name, order] of Object.entries(orders)) {
    fixture.must(fixture.create(id, { width, height: 64 }));
    const spans = order.map((page) => [SCATTERED + page * PAGE, PAGE] as const);
    fixture.must(fixture.renderer.attachBacking(id, fixture.backing(...spans)));
    for (const [i, [at]] of spans.entries()) fixture.ram.bytes.fill(i + 1, at, at + PAGE);
    fixture.upload(id, width, 64);
    const pixels = fixture.glContents(id, width, 64);
    for (let i = 0; i < pages; i++)
      assert.deepEqual([...new Set(pixels.subarray(i * PAGE, (i + 1) * PAGE))], [i + 1], `${name}, page ${i}`);
    const verdict = fixture.imports.verdicts.of(id)!;
    // Neighbours are joined: entries that follow each other are one piece.
    if (name === "in order") assert.equal(verdict.path, ImportPath.MEMFD);
    else assert.ok(verdict.path >= ImportPath.WINDOW && verdict.pieces === pages, JSON.stringify(verdict));
    fixture.must(fixture.renderer.unrefResource(id++));
  }
});

check("what cannot be imported says so", () => {
  const refusals = [
    ["levels", { width: 64, height: 64, lastLevel: 3 }],
    ["layers", { width: 64, height: 64, arraySize: 2, target: v.PIPE_TEXTURE_2D_ARRAY }],
    ["format", { width: 64, height: 64, format: F.R32_FLOAT }],
  ] as const;
  for (const [name, args] of refusals) {
    fixture.must(fixture.create(id, args));
    fixture.must(fixture.renderer.attachBacking(id, fixture.backing([BASE, 1 << 17])));
    const [step] = fixture.imports.verdicts.of(id)!.refused;
    assert.match(step!.detail, { levels: /4 mipmap levels/, layers: /2 layers/, format: /R32_FLOAT/ }[name]);
    assert.notEqual(step!.cure, "");
    fixture.must(fixture.renderer.unrefResource(id++));
  }
});

check("no GL error was made", () => {
  fixture.settle();
  assert.equal(fixture.renderer.counters.glErrors, 0, fixture.log.join("\n"));
});
fixture.close();
