/** 2D guests whose rows a picky host does not take: what their processor draws is on the screen, pixel for pixel, and no byte was copied. */
import assert from "node:assert/strict";
import { IMPORT_PATH_NAMES, type ImportVerdict } from "@virtgpu/core/memory";
import * as v from "@virtgpu/core/virgl";
import { StreamBuilder } from "@virtgpu/core/testing";
import { readProfile } from "virtgpu/probe";
import { check } from "../zero-copy/checks.js";
import { ImportFixture, PAGE, type FixtureOptions } from "../zero-copy/import-fixture.js";

/** Arguments: the profile that `virtgpu probe` wrote on this host, or none; then the path that is expected. */
const [profilePath = "", expected = ""] = process.argv.slice(2);
const profile = profilePath === "none" ? null : readProfile(profilePath);
const options: FixtureOptions = profile === null ? {} : { profile };
const SCANOUT = { bind: v.VIRGL_BIND_SCANOUT, flags: 1, format: v.VirglFormat.B8G8R8X8_UNORM };
const F = v.VirglFormat;

/** Another colour for every pixel, in every round. */
function paint(memory: Uint8Array, width: number, height: number, round: number): void {
  const words = new Uint32Array(memory.buffer, memory.byteOffset, width * height);
  for (let i = 0; i < words.length; i++) words[i] = Math.imul(i + 1 + round * 7_919, 0x9e37_79b1) | 0xff00_0000;
}

function isShown(shown: Uint8Array, memory: Uint8Array): void {
  for (let at = 0; at < memory.length; at++) {
    // X of B8G8R8X8 is nothing.
    if ((at & 3) !== 3 && shown[at] !== memory[at]) assert.fail(`byte ${at}: ${shown[at]}, not ${memory[at]}`);
  }
}

function verdictOf(fixture: ImportFixture, id: number): ImportVerdict {
  const verdict = fixture.imports.verdicts.of(id);
  assert.ok(verdict !== undefined);
  return verdict;
}

function shows(width: number, height: number, offsetBytes: number, format: number = F.B8G8R8X8_UNORM): string {
  const fixture = new ImportFixture(options);
  try {
    const memory = fixture.createBacked(7, { ...SCANOUT, format, width, height }, offsetBytes);
    const verdict = verdictOf(fixture, 7);
    assert.equal(IMPORT_PATH_NAMES[verdict.path], expected, JSON.stringify(verdict));
    for (let round = 0; round < 2; round++) {
      paint(memory, width, height, round);
      const before = fixture.counted();
      fixture.upload(7, width, height);
      fixture.settle();
      const moved = fixture.payloadSince(before);
      // Zero copy has nothing to move; the pass moves by the GPU; uploads move by the processor.
      const bytes = width * height * 4;
      if (expected === "memfd") assert.deepEqual(moved, {});
      else if (expected === "destride") assert.deepEqual(moved, { "host convert": bytes });
      else assert.deepEqual(moved, { upload: bytes });
      const isRedFirst = format === F.R8G8B8X8_UNORM;
      if (isRedFirst) isShown(fixture.glContents(7, width, height), memory);
      else isShown(fixture.screen(7, width, height), memory);
    }
    assert.equal(fixture.renderer.counters.glErrors, 0);
    return `${verdict.refused.map(({ detail }) => detail).join("; ")}`;
  } finally {
    fixture.close();
  }
}

check("1366×768", () => shows(1366, 768, 16 * PAGE));
check("1080×1920, portrait", () => shows(1080, 1920, 16 * PAGE));
check("1365×767, red first, at an odd page", () => shows(1365, 767, 17 * PAGE, F.R8G8B8X8_UNORM));

check("a guest that asks for a layout learns the stride that the host takes in place", () => {
  const fixture = new ImportFixture(options);
  const rules = fixture.imports.importer.profile.images!;
  const ask = (target: number): number[] => {
    fixture.submit(new StreamBuilder().command(v.VIRGL_CCMD_GET_PIPE_RESOURCE_LAYOUT, [8, target]));
    fixture.settle();
    const answer = new Uint32Array(fixture.ram.bytes.buffer, fixture.ram.bytes.byteOffset + (4 << 20), 20);
    return [...answer];
  };
  fixture.createBacked(7, { ...SCANOUT, width: 1366, height: 64 }, 0);
  fixture.createBacked(9, { ...SCANOUT, width: 1366, height: 64, lastLevel: 1, flags: 0 }, 1 << 20);
  fixture.must(
    fixture.create(8, { target: v.PIPE_BUFFER, format: F.R8_UNORM, bind: v.VIRGL_BIND_STAGING, width: 80, height: 1 }),
  );
  // In two pieces, as a guest's pages lie.
  const at = 4 << 20;
  fixture.must(fixture.renderer.attachBacking(8, fixture.backing([at, 24], [at + 24, 4096 - 24])));
  const multiple = rules.strideMultiplesByTexel?.["4"] ?? rules.strideMultipleBytes;
  const strideBytes = expected === "memfd" ? 5464 : Math.ceil(5464 / multiple) * multiple;
  const known = rules.bounces ? [0, 0, 0, 0, 0, 0, 0, 0] : [0, 0, 1, 0, 0, 0, strideBytes, strideBytes * 64];
  assert.deepEqual(ask(7), [...known, ...new Array<number>(12).fill(0)]);
  assert.deepEqual(ask(9), new Array<number>(20).fill(0), "levels are no picture");
  const errors = (words: readonly number[]): number => {
    const before = fixture.log.length;
    try {
      fixture.submit(new StreamBuilder().command(v.VIRGL_CCMD_GET_PIPE_RESOURCE_LAYOUT, words));
    } catch {
      return fixture.log.length - before;
    }
    return fixture.log.length - before;
  };
  assert.ok(errors([8, 99]) > 0, "an unknown resource is refused");
  fixture.close();
});

if (expected === "destride" && profile !== null) {
  check("textures that are not shown, --zero-copy=always: formats of one, two and four bytes, odd widths", () => {
    const fixture = new ImportFixture({ profile, zeroCopy: "always" });
    const paths = new Set<string>();
    let id = 1;
    for (const [format, bytesPerPixel] of [
      [F.R8_UNORM, 1],
      [F.B5G6R5_UNORM, 2],
      [F.B8G8R8A8_UNORM, 4],
      [F.R10G10B10A2_UNORM, 4],
    ] as const) {
      for (const [width, height] of [
        [333, 20],
        [77, 5],
        [1, 3],
      ] as const) {
        const args = { format, width, height, bind: v.VIRGL_BIND_SAMPLER_VIEW };
        const memory = fixture.createBacked(++id, args, id << 16, bytesPerPixel);
        for (let i = 0; i < memory.length; i++) memory[i] = (i * 7 + id) & 255;
        fixture.upload(id, width, height);
        const shown = fixture.glContents(id, width, height, bytesPerPixel);
        assert.deepEqual(Buffer.from(shown), Buffer.from(memory), `format ${format}, ${width}×${height}`);
        const path = IMPORT_PATH_NAMES[fixture.renderer.verdictOf(id)!.path];
        paths.add(`${bytesPerPixel}: ${path}`);
      }
    }
    assert.equal(fixture.renderer.counters.glErrors, 0);
    fixture.close();
    return [...paths].join(", ");
  });
}

if (expected === "destride") {
  check("only the damaged rectangle is drawn anew", () => {
    const fixture = new ImportFixture(options);
    const [width, height] = [1366, 64];
    const memory = fixture.createBacked(7, { ...SCANOUT, width, height }, 0);
    paint(memory, width, height, 0);
    fixture.upload(7, width, height);
    const old = fixture.screen(7, width, height);
    paint(memory, width, height, 1);
    const box = { x: 100, y: 10, width: 33, height: 5, offsetBytes: (10 * width + 100) * 4, strideBytes: width * 4 };
    fixture.upload(7, width, height, box);
    const shown = fixture.screen(7, width, height);
    for (let at = 0; at < shown.length; at++) {
      if ((at & 3) === 3) continue;
      const [x, y] = [(at >> 2) % width, Math.floor(at / 4 / width)];
      const isDamaged = x >= 100 && x < 133 && y >= 10 && y < 15;
      assert.equal(shown[at], (isDamaged ? memory : old)[at], `${x}, ${y}`);
    }
    fixture.close();
  });

  check("a transfer that names other bytes than the pixels' own is an upload", () => {
    const fixture = new ImportFixture(options);
    const [width, height] = [1366, 64];
    const memory = fixture.createBacked(7, { ...SCANOUT, width, height }, 0);
    paint(memory, width, height, 0);
    const before = fixture.counted();
    // The first row of memory goes to the second of the picture.
    fixture.upload(7, width, height, { y: 1, height: 1, offsetBytes: 0 });
    fixture.settle();
    assert.equal(fixture.payloadSince(before)["upload"], width * 4);
    isShown(fixture.screen(7, width, height).subarray(width * 4, 2 * width * 4), memory.subarray(0, width * 4));
    fixture.close();
  });

  check("memory that goes is not read any more, what was drawn stays, and new memory is read", () => {
    const fixture = new ImportFixture(options);
    const [width, height] = [1366, 64];
    const memory = fixture.createBacked(7, { ...SCANOUT, width, height }, 0);
    paint(memory, width, height, 0);
    fixture.upload(7, width, height);
    fixture.giveBack(fixture.renderer.detachBacking(7));
    const drawn = memory.slice();
    paint(memory, width, height, 1);
    isShown(fixture.screen(7, width, height), drawn);
    const size = width * height * 4;
    fixture.must(fixture.renderer.attachBacking(7, fixture.backing([1 << 20, size])));
    const second = fixture.ram.bytes.subarray(1 << 20, (1 << 20) + size);
    paint(second, width, height, 2);
    fixture.upload(7, width, height);
    isShown(fixture.screen(7, width, height), second);
    fixture.must(fixture.renderer.unrefResource(7));
    fixture.settle();
    assert.equal(fixture.renderer.counters.glErrors, 0);
    fixture.close();
  });
}
