/**
 * Argument: `gles` or `gl`. Rungs named by VIRTGPU_REFUSE_IMPORT are refused: the next one down is taken, its verdict names what was
 * refused, and pixels are right. Where there is a /dev/udmabuf, its rungs are there too.
 */
import assert from "node:assert/strict";
import { IMPORT_PATH_NAMES, ImportPath as P, ImportReason, isZeroCopy, parseRefusedPaths } from "@virtgpu/core/memory";
import * as v from "@virtgpu/core/virgl";
import type { GlApi } from "virtgpu/native";
import { check } from "./checks.js";
import { ImportFixture, PAGE } from "./import-fixture.js";

const api = process.argv[2] as GlApi;
const refused = parseRefusedPaths(process.env["VIRTGPU_REFUSE_IMPORT"] ?? "");
const fixture = new ImportFixture({ zeroCopy: "always", api });
const { profile } = fixture.imports.importer;
const hasUdmabuf = profile.udmabuf !== null && profile.images?.acceptsUdmabuf === true;
const hasMemfd = profile.images?.acceptsMemfd === true;
const [WIDTH, HEIGHT] = [64, 64];
const PAGES = (WIDTH * HEIGHT * 4) / PAGE;

type Ladder = readonly (readonly [path: number, exists: boolean])[];
const gl = api === "gl";
const LADDERS: Record<string, Ladder> = {
  "contiguous texture": [
    [P.MEMFD, hasMemfd],
    [P.UDMABUF, hasUdmabuf],
    [P.UPLOAD, true],
  ],
  "scattered texture": [
    [P.UDMABUF_LIST, hasUdmabuf],
    [P.WINDOW, true],
    [P.GATHER, true],
  ],
  "contiguous buffer": [
    [P.PINNED, gl],
    [P.PINNED_WINDOW, gl],
    [P.UPLOAD, true],
  ],
  "scattered buffer": [
    [P.PINNED_WINDOW, gl],
    [P.WINDOW, true],
    [P.GATHER, true],
  ],
};

let id = 1;
for (const [name, ladder] of Object.entries(LADDERS)) {
  check(name, () => {
    const isBuffer = name.endsWith("buffer");
    const sizeBytes = PAGES * PAGE;
    const shape = isBuffer
      ? {
          target: v.PIPE_BUFFER,
          format: v.VirglFormat.R8_UNORM,
          bind: v.VIRGL_BIND_VERTEX_BUFFER,
          width: sizeBytes,
          height: 1,
        }
      : { width: WIDTH, height: HEIGHT };
    fixture.must(fixture.create(id, shape));
    const order = Array.from({ length: PAGES }, (_, i) => (name.startsWith("scattered") ? 2 * (PAGES - i) : i));
    const spans = order.map((page) => [(1 << 20) + id * (1 << 18) + page * PAGE, PAGE] as const);
    fixture.must(fixture.renderer.attachBacking(id, fixture.backing(...spans)));
    for (const [i, [at]] of spans.entries()) fixture.ram.bytes.fill(id * 16 + i, at, at + PAGE);
    const before = fixture.counted();
    if (isBuffer) fixture.upload(id, sizeBytes, 1);
    else fixture.upload(id, WIDTH, HEIGHT);
    const moved = fixture.payloadSince(before);
    const pixels = isBuffer ? fixture.glContents(id, sizeBytes, 1, 1) : fixture.glContents(id, WIDTH, HEIGHT);
    for (let i = 0; i < PAGES; i++)
      assert.deepEqual([...new Set(pixels.subarray(i * PAGE, (i + 1) * PAGE))], [id * 16 + i], `page ${i}`);

    const wanted = ladder.find(
      ([path, exists]) => exists && (!refused.has(path as 0) || path === P.UPLOAD || path === P.GATHER),
    )![0];
    const verdict = fixture.renderer.verdictOf(id)!;
    assert.equal(IMPORT_PATH_NAMES[verdict.path], IMPORT_PATH_NAMES[wanted as 0], JSON.stringify(verdict.refused));
    if (isZeroCopy(verdict.path)) assert.deepEqual(moved, {});
    else if (verdict.path === P.GATHER && !isBuffer) assert.deepEqual(moved, { gather: sizeBytes, upload: sizeBytes });
    else assert.deepEqual(moved, { upload: sizeBytes });
    for (const [path, exists] of ladder) {
      if (!exists || !refused.has(path as 0) || path >= verdict.path || path >= P.UPLOAD) continue;
      const step = verdict.refused.find((candidate) => candidate.path === path);
      assert.equal(step?.reason, ImportReason.FAULT_INJECTED, `${IMPORT_PATH_NAMES[path as 0]} in the verdict`);
    }
    fixture.must(fixture.renderer.unrefResource(id++));
    return IMPORT_PATH_NAMES[verdict.path];
  });
}

check("no GL error was made", () => {
  fixture.settle();
  assert.equal(fixture.renderer.counters.glErrors, 0, fixture.log.join("\n"));
});
fixture.close();
