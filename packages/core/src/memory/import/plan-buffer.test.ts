import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Backing,
  DEFAULT_POLICY,
  IMPORT_PATH_NAMES,
  IMPORT_REASONS,
  ImportPath,
  ImportUse,
  NO_IMPORTS,
  planBuffer,
  VerdictDraft,
  type DmaReach,
  type HostProfile,
  type ImportPolicy,
  type ImportRequest,
  type MemoryImporter,
  type PlannedBuffer,
  type SegmentId,
} from "../index.js";

const PAGE = 4096;
const RAM = 64 * PAGE;
const SIZE = 5 * PAGE;
const TAKEN: Partial<HostProfile> = {
  buffers: { memoryObjects: true, refusal: "", isCoherent: true },
  udmabuf: { listLimit: 3, sizeLimitBytes: 8 * PAGE, pageBytes: PAGE },
};
const BUFFER: ImportRequest = {
  use: ImportUse.BUFFER,
  fourcc: 0,
  formatName: "bytes",
  width: SIZE,
  height: 1,
  layers: 1,
  levels: 1,
  samples: 0,
  isFlat: true,
  bytesPerPixel: 1,
  strideBytes: 0,
  offsetBytes: 0,
  hasContents: false,
};

interface Planned extends PlannedBuffer {
  /** "memory-object small", in the order in which they were refused. */
  readonly refused: readonly string[];
}

/** Plans over spans of one memory file. */
function plan(
  spans: readonly (readonly [number, number])[],
  profile: Partial<HostProfile> = TAKEN,
  policy: Partial<ImportPolicy> = {},
  { reach = "unknown" as DmaReach, isWriteSealed = false, ...change }: PlanChange = {},
): Planned {
  const none = (): never => {
    throw new Error("planning asks the system for nothing");
  };
  const system = { createDmaBuf: none, duplicate: none, close: none, sync: none, createWindow: none };
  const importer: MemoryImporter = { ...system, profile: { ...NO_IMPORTS, ...profile }, dmaReach: () => reach };
  const file = { fd: 9, offsetBytes: 0, sizeBytes: RAM, isSealed: true, isWriteSealed, pageBytes: PAGE };
  const segment = { id: 1 as SegmentId, bytes: new Uint8Array(RAM), file };
  const backing = new Backing(spans.map(([offsetBytes, lengthBytes]) => ({ segment, offsetBytes, lengthBytes })));
  const draft = new VerdictDraft();
  const request = { ...BUFFER, ...change };
  const planned = planBuffer(request, backing, { ...DEFAULT_POLICY, ...policy }, importer, draft);
  const refused = draft.refused.map(({ path, reason }) => `${IMPORT_PATH_NAMES[path]} ${IMPORT_REASONS[reason]!.name}`);
  return { ...planned, refused };
}

interface PlanChange extends Partial<ImportRequest> {
  readonly reach?: DmaReach;
  readonly isWriteSealed?: boolean;
}

test("a memory object is planned of whole pages, contiguous or not, where the trial came out well, on GLES too", () => {
  const whole = plan([[PAGE, SIZE]]);
  assert.deepEqual([whole.piece, whole.pages, whole.refused], [null, null, ["pinned desktop-gl-only"]]);
  assert.deepEqual([whole.object?.pieces.length, whole.object?.offsetBytes, whole.object?.sizeBytes], [1, 0, SIZE]);
  const scattered = plan([
    [8 * PAGE, 2 * PAGE],
    [PAGE, 3 * PAGE],
  ]);
  assert.deepEqual(
    scattered.object?.pieces.map(({ offsetBytes, lengthBytes }) => [offsetBytes, lengthBytes]),
    [
      [8 * PAGE, 2 * PAGE],
      [PAGE, 3 * PAGE],
    ],
  );
  const short = plan([[PAGE, SIZE - 100]], TAKEN, {}, { width: SIZE - 100 });
  assert.equal(short.object?.sizeBytes, SIZE, "the rest of the last page is the guest's, too");
});

test("addresses go first, and refused steps are told before the memory object", () => {
  const pinned = { ...TAKEN, pinned: { addressMultipleBytes: 1 } };
  const both = plan([[PAGE, SIZE]], pinned);
  assert.ok(both.piece !== null && both.pages !== null && both.object !== null);
  const refused = new Set([ImportPath.PINNED, ImportPath.PINNED_WINDOW]);
  const injected = plan([[PAGE, SIZE]], pinned, { refused });
  assert.deepEqual([injected.piece, injected.pages, injected.object !== null], [null, null, true]);
  assert.deepEqual(injected.refused, ["pinned fault-injected", "pinned-window fault-injected"]);
});

test("every refusal says why", () => {
  const spans = [[PAGE, SIZE]] as const;
  const pages = Array.from({ length: 5 }, (_, i) => [2 * i * PAGE, PAGE] as const);
  const last = (planned: Planned): string | undefined => {
    assert.equal(planned.object, null);
    return planned.refused.at(-1);
  };
  assert.equal(last(plan(spans, NO_IMPORTS)), "memory-object not-on-this-host");
  const buffers = { memoryObjects: false, refusal: "the driver died: SIGSEGV", isCoherent: true };
  assert.equal(last(plan(spans, { ...TAKEN, buffers })), "memory-object not-on-this-host");
  assert.equal(last(plan(spans, { ...TAKEN, udmabuf: null })), "memory-object not-on-this-host");
  const refused = new Set([ImportPath.MEMORY_OBJECT]);
  assert.equal(last(plan(spans, TAKEN, { refused })), "memory-object fault-injected");
  assert.equal(last(plan([[PAGE + 64, SIZE]])), "memory-object page-alignment");
  assert.equal(last(plan(pages)), "memory-object list-limit");
  assert.equal(last(plan([[0, 9 * PAGE]], TAKEN, {}, { width: 9 * PAGE })), "memory-object size-limit");
  assert.equal(last(plan(spans, TAKEN, {}, { isWriteSealed: true })), "memory-object write-sealed");
  assert.equal(last(plan(spans, TAKEN, { dmaBits: 32 })), "memory-object dma-reach-unknown");
  assert.equal(last(plan(spans, TAKEN, { dmaBits: 32 }, { reach: "above" })), "memory-object dma-reach");
  assert.ok(plan(spans, TAKEN, { dmaBits: 32 }, { reach: "below" }).object !== null);
  assert.equal(last(plan(spans, TAKEN, { zeroCopy: "never" })), "pinned policy-never");
  assert.equal(last(plan(spans, TAKEN, {}, { hasContents: true })), "pinned has-contents");
  assert.equal(last(plan(spans, TAKEN, {}, { width: PAGE })), "pinned small");
  assert.equal(last(plan(spans, TAKEN, {}, { width: RAM })), "pinned backing-too-small");
});
