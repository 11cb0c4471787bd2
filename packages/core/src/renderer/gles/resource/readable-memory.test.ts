/** Scattered memory in one piece: what is mapped again, what is not, and that it is told. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Backing,
  DEFAULT_POLICY,
  IMPORT_REASONS,
  ImportPath,
  NO_IMPORTS,
  VerdictBook,
  type ImportPolicy,
  type ImportServices,
  type Segment,
  type SegmentId,
  type SharedFile,
} from "../../../memory/index.js";
import { ReadableMemory } from "./readable-memory.js";

const PAGE = 4096;
const RAM_BYTES = 8 * 2 ** 30;
const FILE: SharedFile = {
  ...{ fd: 40, offsetBytes: 0, sizeBytes: RAM_BYTES, isSealed: true, isWriteSealed: false, pageBytes: PAGE },
};
/** Of a large memory only its length matters here. */
const RAM = { id: 1 as SegmentId, bytes: { length: RAM_BYTES } as Uint8Array, file: FILE } satisfies Segment;

function bench(policy: Partial<ImportPolicy> = {}, canMap = true) {
  const windows: number[] = [];
  let released = 0;
  const services: ImportServices = {
    policy: { ...DEFAULT_POLICY, zeroCopy: "always", ...policy },
    verdicts: new VerdictBook(),
    importer: {
      profile: NO_IMPORTS,
      createDmaBuf: () => -1,
      duplicate: () => -1,
      close: () => {},
      sync: () => {},
      dmaReach: () => "unknown",
      createWindow: (pieces) => {
        windows.push(pieces.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0));
        const segment = { id: 9 as SegmentId, bytes: new Uint8Array(0) };
        return canMap ? { segment, release: () => void released++ } : null;
      },
    },
  };
  return { services, windows, released: () => released };
}

const backing = (...spans: readonly (readonly [number, number])[]): Backing =>
  new Backing(spans.map(([offsetBytes, lengthBytes]) => ({ segment: RAM, offsetBytes, lengthBytes })));
const reason = (memory: ReadableMemory): string | undefined =>
  memory.refusal === null ? undefined : IMPORT_REASONS[memory.refusal.reason]!.name;

test("entries that follow each other are one piece: nothing is mapped", () => {
  const { services, windows } = bench();
  const memory = ReadableMemory.plan(backing([PAGE, 100], [PAGE + 100, 50]), services);
  assert.equal(memory.path, ImportPath.UPLOAD);
  assert.deepEqual(memory.use(services.importer)?.spans, [{ segment: RAM, offsetBytes: PAGE, lengthBytes: 150 }]);
  assert.deepEqual(windows, []);
});

test("scattered pages are mapped once, and released", () => {
  const { services, windows, released } = bench();
  const memory = ReadableMemory.plan(backing([8 * PAGE, PAGE], [PAGE, PAGE]), services);
  assert.equal(memory.path, ImportPath.WINDOW);
  assert.equal(memory.use(services.importer)?.sizeBytes, 2 * PAGE);
  assert.equal(memory.use(services.importer), memory.use(services.importer));
  assert.deepEqual(windows, [2 * PAGE]);
  memory.release();
  assert.equal(released(), 1);
});

test("few entries that name gigabytes over and over are gathered, and that is told", () => {
  const { services, windows } = bench();
  const large = Array.from({ length: 4096 }, (_, i) => [(i % 2) * 2 ** 32, 2 ** 32 - PAGE] as const);
  const memory = ReadableMemory.plan(backing(...large), services);
  assert.deepEqual(
    [memory.path, memory.use(services.importer), reason(memory)],
    [ImportPath.GATHER, null, "too-large"],
  );
  assert.match(memory.refusal!.detail, /bytes are more than are mapped again \(1073741824\)/);
  const half = 2 ** 29;
  const most = ReadableMemory.plan(backing([2 ** 31, half], [0, half]), services);
  assert.equal(most.path, ImportPath.WINDOW, "up to a gigabyte");
  const more = ReadableMemory.plan(backing([2 ** 31, half], [0, half + 1]), services);
  assert.deepEqual([more.path, reason(more)], [ImportPath.GATHER, "too-large"]);
  assert.deepEqual(windows, []);
});

test("every other reason is told too", () => {
  const pages = backing([8 * PAGE, PAGE], [PAGE, PAGE]);
  const planned = (memory: Backing, policy: Partial<ImportPolicy> = {}): string | undefined =>
    reason(ReadableMemory.plan(memory, bench(policy).services));
  assert.equal(planned(pages, { zeroCopy: "never" }), "policy-never");
  assert.equal(planned(pages, { refused: new Set([ImportPath.WINDOW]) }), "fault-injected");
  assert.equal(planned(backing([8 * PAGE, PAGE], [PAGE, 100], [2 * PAGE, 100])), "page-alignment");
  assert.equal(planned(backing(...Array.from({ length: 4097 }, (_, i) => [2 * i * PAGE, PAGE] as const))), "scattered");
  const { file: _, ...fileless } = RAM;
  const spans = pages.spans.map((span) => ({ ...span, segment: fileless }));
  assert.equal(planned(new Backing(spans)), "no-file");
});

test("a system that maps no more: gathered from then on, told, and not asked again", () => {
  const { services, windows } = bench({}, false);
  const memory = ReadableMemory.plan(backing([8 * PAGE, PAGE], [PAGE, PAGE]), services);
  for (let i = 0; i < 3; i++) assert.equal(memory.use(services.importer), null);
  assert.deepEqual([windows.length, memory.path, reason(memory)], [1, ImportPath.GATHER, "system-refused"]);
});

test("in `auto` pages are mapped from the third upload on", () => {
  const { services, windows } = bench({ zeroCopy: "auto" });
  const memory = ReadableMemory.plan(backing([8 * PAGE, PAGE], [PAGE, PAGE]), services);
  const uses = [1, 2, 3].map(() => memory.use(services.importer) !== null);
  assert.deepEqual([uses, windows.length], [[false, false, true], 1]);
});
