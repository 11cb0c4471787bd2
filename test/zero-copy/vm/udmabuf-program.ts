/**
 * Runs inside a VM whose kernel has /dev/udmabuf, on Mesa 25's software driver: the matrix with real dma-bufs, contiguous, reversed and
 * scattered; the limits of udmabuf; seals that are missing. Bundled into one file; prints JSON lines as `check` does.
 */
import assert from "node:assert/strict";
import {
  Backing,
  IMPORT_PATH_NAMES,
  ImportPath,
  ImportReason,
  type Segment,
  type SegmentId,
} from "@virtgpu/core/memory";
import { BlobMemory } from "@virtgpu/core/renderer";
import * as v from "@virtgpu/core/virgl";
import { sharedFile } from "virtgpu/import";
import { createMemfd, Mapping, Seal } from "virtgpu/native";
import { ImportFixture, PAGE } from "../import-fixture.js";
import { check } from "../report.js";
import { clearStream, SamplingScene } from "../scene.js";

const { B8G8R8A8_UNORM: BGRA } = v.VirglFormat;
const RAM = 192 << 20;
const fixture = new ImportFixture({ zeroCopy: "always", ramBytes: RAM });
const { profile } = fixture.imports.importer;
const scene = new SamplingScene(fixture);
let id = 1;

type Order = "contiguous" | "reversed" | "scattered";

/** Page numbers of a backing. Scattered: every other page, in an order that follows no rule a driver could guess. */
function pagesOf(order: Order, count: number): number[] {
  const pages = Array.from({ length: count }, (_, i) => i);
  if (order === "contiguous") return pages;
  if (order === "reversed") return pages.reverse();
  let state = 12345;
  const keyed = pages.map((page) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return [state, 2 * page] as const;
  });
  return keyed.toSorted((a, b) => a[0] - b[0]).map(([, page]) => page);
}

interface Case {
  readonly width: number;
  readonly height: number;
  readonly format?: number;
  readonly texelBytes?: number;
  readonly order: Order;
  /** In the first page. */
  readonly offset?: number;
}

const BASE = 1 << 20;

/** Creates, fills by the guest, samples or reads; renders and reads from guest memory. @returns the path that was taken */
function roundTrip(c: Case): number {
  const { width, height, format = BGRA, texelBytes = 4, offset = 0 } = c;
  const size = width * height * texelBytes;
  const count = Math.ceil((size + offset) / PAGE);
  const pages = pagesOf(c.order, count);
  const spans = pages.map((page, i) => {
    const start = i === 0 ? offset : 0;
    const end = i === count - 1 ? size + offset - i * PAGE : PAGE;
    return [BASE + page * PAGE + start, end - start] as const;
  });
  fixture.must(fixture.create(id, { width, height, format }));
  const backing = fixture.backing(...spans);
  fixture.must(fixture.renderer.attachBacking(id, backing));
  const verdict = fixture.renderer.verdictOf(id)!;
  const pattern = new Uint8Array(size);
  for (let i = 0; i < size; i++) pattern[i] = (i * 7 + id + (i >> 8)) & 0xff;
  let done = 0;
  for (const [at, length] of spans) {
    fixture.ram.bytes.set(pattern.subarray(done, done + length), at);
    done += length;
  }
  const before = fixture.counted();
  fixture.upload(id, width, height);
  const moved = fixture.payloadSince(before);
  assert.ok(Buffer.from(fixture.glContents(id, width, height, texelBytes)).equals(pattern), "what the guest wrote");
  if (verdict.path <= ImportPath.UDMABUF_LIST) {
    assert.deepEqual(moved, {}, "nothing is moved");
    fixture.submit(clearStream(2000 + id, id, format, [1, 1, 1, 1]).destroySubContext(2000 + id));
    fixture.download(id, width, height);
    const read = new Uint8Array(size);
    backing.read(0, read);
    assert.ok(
      read.every((byte) => byte === 255),
      "what was rendered is in guest memory",
    );
  }
  fixture.must(fixture.renderer.unrefResource(id++));
  return verdict.path;
}

check("the host: udmabuf with its limits, taken by the driver", () => {
  assert.ok(profile.udmabuf !== null, "there is a /dev/udmabuf");
  assert.equal(profile.images?.acceptsUdmabuf, true);
  assert.equal(profile.images?.bounces, false);
  return JSON.stringify(profile.udmabuf);
});

// The memory file itself is refused by VIRTGPU_REFUSE_IMPORT=memfd, so that every import is a real dma-buf.
for (const [order, path] of [
  ["contiguous", ImportPath.UDMABUF],
  ["reversed", ImportPath.UDMABUF_LIST],
  ["scattered", ImportPath.UDMABUF_LIST],
] as const) {
  check(`pictures in ${order} pages`, () => {
    const F = v.VirglFormat;
    const cases: Omit<Case, "order">[] = [
      { width: 64, height: 64 },
      { width: 100, height: 40, offset: 4 },
      { width: 1080, height: 8, offset: 64 },
      { width: 1024, height: 768 },
      { width: 128, height: 64, format: F.R8_UNORM, texelBytes: 1 },
      { width: 64, height: 64, format: F.B5G6R5_UNORM, texelBytes: 2, offset: 2 },
    ];
    for (const c of cases) {
      assert.equal(IMPORT_PATH_NAMES[roundTrip({ ...c, order }) as 0], IMPORT_PATH_NAMES[path], JSON.stringify(c));
    }
  });
}

check("a texel that the guest writes with no command is sampled, from scattered pages", () => {
  const pages = pagesOf("scattered", 4);
  fixture.must(fixture.create(id, { width: 64, height: 64 }));
  fixture.must(
    fixture.renderer.attachBacking(id, fixture.backing(...pages.map((page) => [BASE + page * PAGE, PAGE] as const))),
  );
  const draw = scene.sampler(id, BGRA, 64, 64);
  for (const [i, page] of pages.entries()) fixture.ram.bytes.fill(40 + i, BASE + page * PAGE, BASE + (page + 1) * PAGE);
  const pixels = draw();
  for (let i = 0; i < 4; i++) assert.equal(pixels[i * PAGE + 100], 40 + i);
  const buffer = fixture.renderer.scanoutBuffer(id, null)!;
  assert.ok(buffer.isDmaBuf);
  fixture.must(fixture.renderer.unrefResource(id++));
});

check("a guest blob in scattered pages is one dma-buf for displays, in its scanout's layout", () => {
  const pages = pagesOf("scattered", 4);
  const spans = pages.map((page) => [BASE + page * PAGE, PAGE] as const);
  const blob = { memory: BlobMemory.GUEST, blobId: 0, sizeBytes: 4 * PAGE };
  fixture.must(fixture.renderer.createBlob(1, id, blob, fixture.backing(...spans)));
  const layout = { format: BGRA, width: 60, height: 30, strideBytes: 256, offsetBytes: PAGE + 64 };
  const buffer = fixture.renderer.scanoutBuffer(id, layout)!;
  assert.deepEqual([buffer.isDmaBuf, buffer.strideBytes, buffer.offsetBytes % PAGE], [true, 256, 64]);
  const seen = Mapping.map(buffer.fd, 0, Math.ceil((buffer.offsetBytes + 30 * 256) / PAGE) * PAGE);
  for (const [i, page] of pages.entries()) fixture.ram.bytes.fill(70 + i, BASE + page * PAGE, BASE + (page + 1) * PAGE);
  assert.equal(seen.bytes[buffer.offsetBytes], 71, "the second page");
  assert.equal(seen.bytes[buffer.offsetBytes + PAGE], 72, "the third");
  seen.release();
  fixture.must(fixture.renderer.unrefResource(id++));
});

check("1024 pieces are taken, 1025 fall a step, with right pixels", () => {
  const { listLimit } = profile.udmabuf!;
  assert.equal(roundTrip({ width: 1024, height: listLimit, order: "scattered" }), ImportPath.UDMABUF_LIST);
  assert.equal(roundTrip({ width: 1024, height: listLimit + 4, order: "scattered" }), ImportPath.WINDOW);
  fixture.must(fixture.create(id, { width: 1024, height: listLimit + 4 }));
  const spans = pagesOf("scattered", listLimit + 4).map((page) => [BASE + page * PAGE, PAGE] as const);
  fixture.must(fixture.renderer.attachBacking(id, fixture.backing(...spans)));
  const step = fixture.renderer.verdictOf(id)!.refused.find(({ reason }) => reason === ImportReason.LIST_LIMIT)!;
  assert.match(step.detail, new RegExp(`${listLimit + 4} pieces .*\\(${listLimit}\\)`));
  fixture.must(fixture.renderer.unrefResource(id++));
  return `${step.detail}; cure: ${step.cure}`;
});

check("64 MiB are taken, four rows more fall a step", () => {
  const { sizeLimitBytes } = profile.udmabuf!;
  const width = 4096;
  const height = sizeLimitBytes / (width * 4);
  for (const [rows, path] of [
    [height, ImportPath.UDMABUF],
    [height + 4, ImportPath.UPLOAD],
  ] as const) {
    fixture.must(fixture.create(id, { width, height: rows }));
    fixture.must(fixture.renderer.attachBacking(id, fixture.backing([BASE, width * 4 * rows])));
    const verdict = fixture.renderer.verdictOf(id)!;
    assert.equal(verdict.path, path, JSON.stringify(verdict.refused));
    if (path === ImportPath.UPLOAD) assert.ok(verdict.refused.some(({ reason }) => reason === ImportReason.SIZE_LIMIT));
    fixture.must(fixture.renderer.unrefResource(id++));
  }
});

check("seals: open ones are closed by us, missing and forbidding ones fall a step", () => {
  const attach = (seals: number): number => {
    const fd = createMemfd("other", 16 * PAGE, seals);
    const mapping = Mapping.map(fd, 0, 16 * PAGE);
    const segment: Segment = {
      id: fixture.encoder.registerSegment(mapping.bytes) as SegmentId,
      bytes: mapping.bytes,
      file: sharedFile(fd, 0)!,
    };
    fixture.must(fixture.create(id, { width: 64, height: 64 }));
    fixture.must(fixture.renderer.attachBacking(id, new Backing([{ segment, offsetBytes: 0, lengthBytes: 4 * PAGE }])));
    mapping.bytes.fill(9);
    fixture.upload(id, 64, 64);
    assert.equal(fixture.glContents(id, 64, 64)[5000], 9);
    const verdict = fixture.renderer.verdictOf(id)!;
    fixture.must(fixture.renderer.unrefResource(id++));
    return verdict.refused.at(-1)?.reason === ImportReason.NOT_SEALED ? -1 : verdict.path;
  };
  assert.equal(attach(0), ImportPath.UDMABUF, "not sealed yet");
  assert.equal(attach(Seal.SHRINK), ImportPath.UDMABUF);
  assert.equal(attach(Seal.SEAL), -1, "sealed without SHRINK");
});

check("fault at the dma-buf: with both steps refused the picture is uploaded", () => {
  const refused = new Set([ImportPath.MEMFD, ImportPath.UDMABUF, ImportPath.UDMABUF_LIST]);
  Object.assign(fixture.imports.policy, { refused });
  assert.equal(roundTrip({ width: 64, height: 64, order: "contiguous" }), ImportPath.UPLOAD);
  assert.equal(roundTrip({ width: 64, height: 64, order: "scattered" }), ImportPath.WINDOW);
});

check("no GL error was made", () => {
  fixture.settle();
  assert.equal(fixture.renderer.counters.glErrors, 0, fixture.log.join("\n"));
  assert.deepEqual(fixture.log, []);
});
fixture.close();
