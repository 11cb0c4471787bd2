import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Backing,
  DEFAULT_POLICY,
  filePieces,
  firstPathOf,
  fourccCode,
  ImportPath,
  ImportReason,
  ImportUse,
  LENIENT_IMAGES,
  NO_IMPORTS,
  planImage,
  toPages,
  VerdictBook,
  VerdictDraft,
  verdictRecord,
  type DmaReach,
  type FilePiece,
  type HostProfile,
  type ImageRules,
  type ImportPolicy,
  type ImportRequest,
  type MemoryImporter,
  type Segment,
  type SegmentId,
  type SharedFile,
} from "../index.js";

const PAGE = 4096;
const RAM = 64 * PAGE;
const ALWAYS: ImportPolicy = { ...DEFAULT_POLICY, zeroCopy: "always" };

function segment(file: Partial<SharedFile> | null = {}): Segment {
  const bytes = new Uint8Array(RAM);
  const whole = { fd: 9, offsetBytes: 0, sizeBytes: RAM, isSealed: true, isWriteSealed: false, pageBytes: PAGE };
  return file === null ? { id: 1 as SegmentId, bytes } : { id: 1 as SegmentId, bytes, file: { ...whole, ...file } };
}

function backing(memory: Segment, ...spans: readonly (readonly [number, number])[]): Backing {
  return new Backing(spans.map(([offsetBytes, lengthBytes]) => ({ segment: memory, offsetBytes, lengthBytes })));
}

function importer(
  images: Partial<ImageRules>,
  profile: Partial<HostProfile> = {},
  reach: DmaReach = "unknown",
): MemoryImporter {
  const none = (): never => {
    throw new Error("planning asks the system for nothing");
  };
  const rules = { ...LENIENT_IMAGES, acceptsMemfd: true, ...images };
  const whole = { ...NO_IMPORTS, images: rules, ...profile };
  return {
    profile: whole,
    createDmaBuf: none,
    duplicate: none,
    close: none,
    sync: none,
    dmaReach: () => reach,
    createWindow: none,
  };
}

const REQUEST: ImportRequest = {
  use: ImportUse.RENDER_TARGET,
  fourcc: fourccCode("AB24"),
  formatName: "B8G8R8A8_UNORM",
  width: 64,
  height: 32,
  layers: 1,
  levels: 1,
  samples: 0,
  isFlat: true,
  bytesPerPixel: 4,
  strideBytes: 256,
  offsetBytes: 0,
  hasContents: false,
};
const SIZE = 64 * 32 * 4;

/** Host memory that a guest maps. */
const hostMemory = (heap: string | null, isTrusted = false): Backing =>
  backing(segment({ isDmaBuf: heap !== null, host: { heap, isTrusted } }), [0, RAM]);

function plan(
  request: Partial<ImportRequest> = {},
  images: Partial<ImageRules> = {},
  policy: ImportPolicy = ALWAYS,
  profile: Partial<HostProfile> = {},
  memory: Backing = backing(segment(), [0, RAM]),
  reach: DmaReach = "unknown",
) {
  const draft = new VerdictDraft(firstPathOf(memory));
  const planned = planImage({ ...REQUEST, ...request }, memory, policy, importer(images, profile, reach), draft);
  return {
    paths: planned.plans.map(({ path }) => path),
    reasons: draft.refused.map(({ reason }) => reason),
    draft,
    planned,
  };
}

test("pieces are joined where they are neighbours, and cut to what is asked for", () => {
  const memory = segment({ offsetBytes: 2 * PAGE, sizeBytes: RAM + 2 * PAGE });
  const pieces = filePieces(backing(memory, [PAGE, 100], [PAGE + 100, PAGE], [0, 50]), 50, PAGE + 60);
  assert.ok(typeof pieces !== "number");
  assert.deepEqual(
    pieces.map(({ offsetBytes, lengthBytes, segmentOffsetBytes }) => [offsetBytes, lengthBytes, segmentOffsetBytes]),
    [
      [3 * PAGE + 50, PAGE + 50, PAGE + 50],
      [2 * PAGE, 10, 0],
    ],
  );
});

test("nothing outside backing, segment or file is ever named", () => {
  const { BACKING_TOO_SMALL, NO_FILE, NOT_SEALED } = ImportReason;
  const good = backing(segment(), [0, RAM]);
  assert.equal(filePieces(good, 0, RAM + 1), BACKING_TOO_SMALL);
  assert.equal(filePieces(good, RAM, 1), BACKING_TOO_SMALL);
  assert.equal(filePieces(good, -1, 1), BACKING_TOO_SMALL);
  assert.equal(filePieces(good, 0, 0), BACKING_TOO_SMALL);
  assert.equal(filePieces(good, 0, Number.NaN), BACKING_TOO_SMALL);
  assert.equal(filePieces(good, Number.NaN, 1), BACKING_TOO_SMALL);
  assert.equal(filePieces(good, 2 ** 53, 2 ** 53), BACKING_TOO_SMALL);
  assert.equal(filePieces(backing(segment(), [RAM - 1, 2]), 0, 2), BACKING_TOO_SMALL, "the segment");
  assert.equal(filePieces(backing(segment({ sizeBytes: PAGE }), [0, RAM]), 0, PAGE + 1), BACKING_TOO_SMALL, "the file");
  assert.equal(filePieces(backing(segment(null), [0, RAM]), 0, 1), NO_FILE);
  assert.equal(filePieces(backing(segment({ isSealed: false }), [0, RAM]), 0, 1), NOT_SEALED);
});

test("pages: only the outer ends may lie inside one, and none leaves the file", () => {
  const memory = segment();
  const of = (...spans: readonly (readonly [number, number])[]): readonly FilePiece[] => {
    const all = backing(memory, ...spans);
    return filePieces(all, 0, all.sizeBytes) as readonly FilePiece[];
  };
  const paged = toPages(of([PAGE + 8, PAGE - 8], [8 * PAGE, 100]), PAGE);
  assert.deepEqual([paged?.offsetBytes, paged?.sizeBytes], [8, 2 * PAGE]);
  assert.equal(toPages(of([0, 100], [8 * PAGE, PAGE]), PAGE), null, "an end inside");
  assert.equal(toPages(of([0, PAGE], [8 * PAGE + 4, 100]), PAGE), null, "a start inside");
  const odd = segment({ sizeBytes: RAM - 1 });
  const last = filePieces(backing(odd, [RAM - PAGE, 8]), 0, 8) as readonly FilePiece[];
  assert.equal(toPages(last, PAGE), null, "the last page is not whole");
  const huge = segment({ pageBytes: 16 * PAGE });
  const inHuge = filePieces(backing(huge, [PAGE, PAGE]), 0, PAGE) as readonly FilePiece[];
  assert.deepEqual(toPages(inHuge, PAGE)?.sizeBytes, 16 * PAGE, "huge pages");
});

test("the memory file itself for contiguous memory, then a udmabuf", () => {
  const udmabuf = { listLimit: 4, sizeLimitBytes: 1 << 20, pageBytes: PAGE };
  assert.deepEqual(plan({}, {}, ALWAYS, { udmabuf }).paths, [ImportPath.MEMFD, ImportPath.UDMABUF]);
  assert.deepEqual(plan({}, { acceptsMemfd: false }, ALWAYS, { udmabuf }).paths, [ImportPath.UDMABUF]);
  const reversed = backing(segment(), [3 * PAGE, PAGE], [PAGE, PAGE]);
  const scattered = plan({}, {}, ALWAYS, { udmabuf }, reversed);
  assert.deepEqual(scattered.paths, [ImportPath.UDMABUF_LIST]);
  assert.deepEqual(scattered.reasons, [ImportReason.SCATTERED]);
  assert.match(scattered.draft.refused[0]!.detail, /2 pieces/);
});

test("limits of udmabuf are told with their cure", () => {
  const spans = Array.from({ length: 5 }, (_, i) => [2 * i * PAGE, PAGE] as const);
  const tall = { height: 5 * 16 };
  const list = plan(
    tall,
    {},
    ALWAYS,
    { udmabuf: { listLimit: 4, sizeLimitBytes: 1 << 20, pageBytes: PAGE } },
    backing(segment(), ...spans),
  );
  assert.deepEqual(list.reasons.at(-1), ImportReason.LIST_LIMIT);
  assert.match(list.draft.refused.at(-1)!.detail, /5 pieces .*\(4\)/);
  assert.match(list.draft.refused.at(-1)!.cure, /list_limit/);
  const size = plan(
    tall,
    {},
    ALWAYS,
    { udmabuf: { listLimit: 8, sizeLimitBytes: PAGE, pageBytes: PAGE } },
    backing(segment(), ...spans),
  );
  assert.equal(size.reasons.at(-1), ImportReason.SIZE_LIMIT);
  const sealed = backing(segment({ isWriteSealed: true }), [0, RAM]);
  const write = plan(
    {},
    { acceptsMemfd: false },
    ALWAYS,
    { udmabuf: { listLimit: 8, sizeLimitBytes: 1 << 20, pageBytes: PAGE } },
    sealed,
  );
  assert.equal(write.reasons.at(-1), ImportReason.WRITE_SEALED);
});

test("what the host's rules refuse, in words with numbers", () => {
  const stride = plan({ width: 1366, height: 1, strideBytes: 5464 }, { strideMultipleBytes: 64 });
  assert.deepEqual(stride.reasons, [ImportReason.STRIDE]);
  assert.equal(stride.draft.refused[0]!.detail, "stride 5464 is not a multiple of 64");
  assert.equal(stride.draft.refused[0]!.cure, "use width 1376, or --modes=aligned");
  assert.deepEqual(plan({ strideBytes: 256 }, { strideMultipleBytes: 96 }).reasons, [ImportReason.STRIDE]);
  const offset = plan({}, { offsetMultipleBytes: 64 }, ALWAYS, {}, backing(segment(), [PAGE + 4, SIZE]));
  assert.equal(offset.reasons[0], ImportReason.OFFSET);
  assert.deepEqual(plan({}, { maxWidth: 63 }).reasons, [ImportReason.TOO_LARGE]);
  const formats = [{ fourcc: fourccCode("AB24"), canSample: true, canRender: false, modifiers: [] }];
  assert.deepEqual(plan({}, { formats }).reasons, [ImportReason.FORMAT_REFUSED]);
  assert.deepEqual(plan({ use: ImportUse.SCANOUT }, { formats }).paths, [ImportPath.MEMFD]);
  assert.deepEqual(plan({ fourcc: fourccCode("R8  ") }, { formats }).reasons, [ImportReason.FORMAT_REFUSED]);
  const block = plan({ width: 62, strideBytes: 248 }, { renderBlock: { width: 4, height: 4 } });
  assert.deepEqual(block.reasons, [ImportReason.RENDER_BLOCK]);
  assert.deepEqual(
    plan({ use: ImportUse.TEXTURE, width: 62, strideBytes: 248 }, { renderBlock: { width: 4, height: 4 } }).paths,
    [ImportPath.MEMFD],
  );
});

test("policies", () => {
  assert.deepEqual(plan({}, {}, { ...ALWAYS, zeroCopy: "never" }).reasons, [ImportReason.POLICY_NEVER]);
  const snapshot: ImportPolicy = { ...ALWAYS, present: "snapshot" };
  assert.deepEqual(plan({ use: ImportUse.SCANOUT }, {}, snapshot).reasons, [ImportReason.SNAPSHOT]);
  assert.deepEqual(plan({}, {}, snapshot).paths, [ImportPath.MEMFD]);
  const texture = { use: ImportUse.TEXTURE };
  assert.deepEqual(plan(texture, {}, DEFAULT_POLICY).reasons, [ImportReason.NOT_MEASURED]);
  assert.deepEqual(plan(texture, { sampleCostRatio: 1.02 }, DEFAULT_POLICY).paths, [ImportPath.MEMFD]);
  const slow = plan(texture, { sampleCostRatio: 1.9 }, DEFAULT_POLICY);
  assert.deepEqual(slow.reasons, [ImportReason.SLOWER_TO_SAMPLE]);
  assert.match(slow.draft.refused[0]!.detail, /1\.90 times/);
  assert.deepEqual(plan({}, {}, DEFAULT_POLICY).paths, [ImportPath.MEMFD]);
  const bounced = plan({}, { bounces: true });
  assert.deepEqual(bounced.reasons, [ImportReason.BOUNCES]);
});

test("pages that the GPU may not reach are refused, unknown ones too", () => {
  const policy: ImportPolicy = { ...ALWAYS, dmaBits: 32 };
  const memory = backing(segment(), [0, RAM]);
  assert.deepEqual(plan({}, {}, policy, {}, memory, "below").paths, [ImportPath.MEMFD]);
  assert.deepEqual(plan({}, {}, policy, {}, memory, "above").reasons, [ImportReason.DMA_REACH]);
  assert.deepEqual(plan({}, {}, policy, {}, memory, "unknown").reasons, [ImportReason.DMA_REACH_UNKNOWN]);
  const probed = { dma: { addressBits: 32 } };
  assert.deepEqual(plan({}, {}, ALWAYS, probed, memory, "above").reasons, [ImportReason.DMA_REACH]);
  assert.deepEqual(plan({}, {}, { ...ALWAYS, dmaBits: 64 }, probed, memory, "above").paths, [ImportPath.MEMFD]);
});

test("numbers of a hostile guest name no picture", () => {
  for (const twin of [
    { width: 0 },
    { height: 0 },
    { width: 2 ** 32 },
    { height: 2 ** 53 },
    { strideBytes: 255 },
    { strideBytes: 0 },
    { strideBytes: -256 },
    { strideBytes: 2 ** 31 },
    { offsetBytes: -1 },
    { offsetBytes: RAM },
    { offsetBytes: Number.NaN },
    { width: 1.5 },
    { height: 2 ** 31, strideBytes: 2 ** 30 },
  ]) {
    const { paths, reasons } = plan(twin);
    assert.deepEqual(paths, [], JSON.stringify(twin));
    assert.ok(reasons.length > 0, JSON.stringify(twin));
  }
});

test("the book keeps the last verdict of each resource and counts all", () => {
  const book = new VerdictBook();
  const draft = new VerdictDraft();
  draft.refuse(ImportPath.MEMFD, ImportReason.SCATTERED);
  draft.refuse(ImportPath.GATHER, ImportReason.NOT_SEALED);
  const verdict = draft.take(ImportPath.WINDOW, REQUEST, { pieces: 2, entries: 3, sizeBytes: 8192 });
  book.record(5, verdict);
  book.record(5, { ...verdict, path: ImportPath.GATHER });
  assert.equal(book.of(5)?.path, ImportPath.GATHER);
  assert.deepEqual([book.taken[ImportPath.WINDOW], book.taken[ImportPath.GATHER]], [1, 1]);
  assert.equal(book.refusals[ImportReason.SCATTERED], 2);
  const record = verdictRecord(verdict);
  assert.deepEqual([record.path, record.zeroCopy, record.refused.length], ["window", false, 1]);
  assert.deepEqual(record.refused[0]?.reason, "scattered");
  book.forget(5);
  assert.equal(book.of(5), undefined);
});

test("host memory: a heap's goes to the driver as it is, a memory file as guest memory does", () => {
  const udmabuf = { listLimit: 8, sizeLimitBytes: RAM, pageBytes: PAGE };
  const { HOST_HEAP, HOST_MEMFD, UDMABUF } = ImportPath;
  assert.deepEqual(
    plan({}, {}, ALWAYS, { udmabuf }, hostMemory("system")).paths,
    [HOST_HEAP],
    "no udmabuf of a dma-buf",
  );
  assert.deepEqual(plan({}, {}, ALWAYS, { udmabuf }, hostMemory(null)).paths, [HOST_MEMFD, UDMABUF]);
  const noFiles = { acceptsMemfd: false };
  assert.deepEqual(plan({}, noFiles, ALWAYS, {}, hostMemory("system")).paths, [HOST_HEAP]);
  const refused = plan({}, { ...noFiles, acceptsHeap: false }, ALWAYS, {}, hostMemory("system"));
  assert.deepEqual([refused.paths, refused.reasons], [[], [ImportReason.NOT_ON_THIS_HOST]]);
});

test("host memory: a driver that bounces what lies anywhere works in place with a heap that it was tried with", () => {
  const bouncing = { bounces: true };
  assert.deepEqual(plan({}, bouncing, ALWAYS, {}, hostMemory("cma")).reasons, [ImportReason.BOUNCES]);
  assert.deepEqual(plan({}, { ...bouncing, acceptsHeap: true }, ALWAYS, {}, hostMemory("cma")).paths, [
    ImportPath.HOST_HEAP,
  ]);
  assert.deepEqual(plan({}, { ...bouncing, acceptsHeap: true }).reasons, [ImportReason.BOUNCES], "guest memory");
});

test("blobs are imported however they sample: without, they are copied at every use", () => {
  const auto = DEFAULT_POLICY;
  const sampled = { use: ImportUse.TEXTURE };
  assert.deepEqual(plan(sampled, {}, auto).reasons, [ImportReason.NOT_MEASURED]);
  assert.deepEqual(plan({ ...sampled, isBlob: true }, {}, auto).paths, [ImportPath.MEMFD]);
});

test("what is out of reach: the cure is the host's allocation where guests can map it, and another heap where that is not low enough", () => {
  const policy = { ...ALWAYS, dmaBits: 32 };
  const cureOf = (memory: Backing, reach: DmaReach, mapsHostMemory = false): string => {
    const draft = new VerdictDraft(firstPathOf(memory));
    planImage(REQUEST, memory, policy, { ...importer({}, {}, reach), mapsHostMemory }, draft);
    return draft.refused[0]!.cure;
  };
  const guest = backing(segment(), [0, RAM]);
  assert.match(cureOf(guest, "above", true), /as a HOST3D blob .* or keep guest memory below 32 bits/);
  assert.match(cureOf(guest, "above"), /^keep guest memory below 32 bits/);
  assert.match(cureOf(guest, "unknown", true), /CAP_SYS_ADMIN.*HOST3D blob/);
  for (const heap of [null, "system"]) assert.match(cureOf(hostMemory(heap), "above", true), /^--host-heap=NAME/);
  assert.match(cureOf(hostMemory("system"), "unknown", true), /^--host-heap=NAME/);
  const { draft } = plan({}, {}, policy, {}, hostMemory("system"), "unknown");
  assert.match(draft.refused[0]!.detail, /does not tell where memory of the heap system lies/);
});

test("memory files in place of a heap that was empty say so", () => {
  const memory = backing(segment({ host: { heap: null, isTrusted: false, missedHeap: "cma" } }), [0, RAM]);
  const { paths, draft } = plan({}, {}, ALWAYS, {}, memory);
  assert.deepEqual(paths, [ImportPath.HOST_MEMFD]);
  const [missed] = draft.refused;
  assert.deepEqual([missed!.path, missed!.reason], [ImportPath.HOST_HEAP, ImportReason.SYSTEM_REFUSED]);
  assert.match(missed!.detail, /heap cma had no memory left/);
});
