import assert from "node:assert/strict";
import { test } from "node:test";
import { COPY_REASON_NAMES, CopyLedger, CopyReason, isPayload } from "./copy-ledger.js";

test("every reason has a name, and all but two are payload", () => {
  const codes = Object.values(CopyReason);
  assert.deepEqual(
    codes,
    COPY_REASON_NAMES.map((_, code) => code),
  );
  assert.deepEqual(
    codes.filter((code) => !isPayload(code)).map((code) => COPY_REASON_NAMES[code]),
    ["constants", "command stream"],
  );
});

test("bytes are counted for the device and for the resource, and folded into the totals when it goes", () => {
  const ledger = new CopyLedger();
  ledger.count(CopyReason.UPLOAD, 100, 7);
  ledger.count(CopyReason.UPLOAD, 20, 7);
  ledger.count(CopyReason.GATHER, 3, 70_000);
  ledger.count(CopyReason.COMMAND_STREAM, 5);
  assert.equal(ledger.resource(7)?.total[CopyReason.UPLOAD], 120);
  assert.equal(ledger.resource(70_000)?.total[CopyReason.GATHER], 3);
  assert.equal(ledger.resource(8), null);
  ledger.forget(7);
  ledger.forget(70_000);
  ledger.forget(7);
  assert.equal(ledger.resource(7), null);
  assert.equal(ledger.resource(70_000), null);
  assert.equal(ledger.totalBytes[CopyReason.UPLOAD], 120);
  assert.equal(ledger.totalCopies[CopyReason.UPLOAD], 2);
  assert.equal(ledger.device().total[CopyReason.COMMAND_STREAM], 5);
  ledger.count(CopyReason.UPLOAD, 1, 9);
  assert.equal(ledger.resource(9)?.total[CopyReason.UPLOAD], 1, "a row used again starts empty");
  assert.equal(ledger.resource(9)?.total[CopyReason.GATHER], 0);
});

test("figures of the last frame are those between its two ends", () => {
  const ledger = new CopyLedger();
  const last = (id: number): number | undefined => ledger.resource(id)?.lastFrame[CopyReason.UPLOAD];
  ledger.count(CopyReason.UPLOAD, 10, 1);
  assert.equal(last(1), 0, "no frame has ended");
  ledger.frameShown();
  assert.equal(last(1), 10);
  ledger.count(CopyReason.UPLOAD, 3, 1);
  ledger.count(CopyReason.UPLOAD, 4, 1);
  assert.equal(last(1), 10, "the frame goes on");
  ledger.frameShown();
  assert.equal(last(1), 7);
  assert.equal(ledger.device().lastFrame[CopyReason.UPLOAD], 7);
  ledger.frameShown();
  assert.equal(last(1), 0, "a frame without copies");
  ledger.frameShown();
  ledger.frameShown();
  ledger.count(CopyReason.UPLOAD, 2, 2);
  ledger.frameShown();
  assert.equal(last(1), 0);
  assert.equal(last(2), 2);
  assert.equal(ledger.resource(1)?.frames, 6);
  assert.equal(ledger.resource(2)?.frames, 1);
});

test("many resources at once keep their rows apart while the tables grow", () => {
  const ledger = new CopyLedger();
  const ids = Array.from({ length: 3000 }, (_, i) => (i % 3 === 0 ? 1_000_000 + i : i + 1));
  for (const id of ids) ledger.count(CopyReason.UPLOAD, id, id);
  for (const id of ids) assert.equal(ledger.resource(id)?.total[CopyReason.UPLOAD], id);
  for (const id of ids.slice(0, 1000)) ledger.forget(id);
  for (const id of ids.slice(1000)) assert.equal(ledger.resource(id)?.total[CopyReason.UPLOAD], id);
});

test("reset forgets what was counted, of living resources too", () => {
  const ledger = new CopyLedger();
  ledger.count(CopyReason.UPLOAD, 10, 1);
  ledger.frameShown();
  ledger.reset();
  assert.equal(ledger.frames, 0);
  assert.equal(ledger.totalBytes[CopyReason.UPLOAD], 0);
  assert.equal(ledger.resource(1)?.total[CopyReason.UPLOAD], 0);
  assert.equal(ledger.device().lastFrame[CopyReason.UPLOAD], 0);
});

test("counting for a known resource allocates nothing", () => {
  const ledger = new CopyLedger();
  for (let id = 1; id <= 64; id++) ledger.count(CopyReason.UPLOAD, 1, id);
  const rounds = 200_000;
  const run = (): void => {
    for (let i = 0; i < rounds; i++) {
      ledger.count(CopyReason.UPLOAD, 4096, (i & 63) + 1);
      if ((i & 1023) === 0) ledger.frameShown();
    }
  };
  run();
  const before = process.memoryUsage().heapUsed;
  run();
  const grown = process.memoryUsage().heapUsed - before;
  assert.ok(grown < rounds, `${grown} bytes for ${rounds} counts`);
});
