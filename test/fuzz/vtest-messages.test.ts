/**
 * Random vtest messages into real sessions: what a client sends ends the session with a reason, or does nothing worse. The seed is fixed,
 * as in renderer.serial.test.ts; VIRTGPU_FUZZ_SEED sets another.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LoopbackServer, RecordingRenderer, Random } from "@virtgpu/core/testing";
import * as v from "@virtgpu/core/vtest";

const seed = Number(process.env["VIRTGPU_FUZZ_SEED"] ?? 20_261_122);
const SESSIONS = 20_000;
const EDGES = [0, 1, 2, 3, 255, 4096, 0x7fffffff, 0x80000000, 0xfffffffc, 0xffffffff];

/** One message, mostly well formed, its fields mostly small. */
function randomMessage(random: Random): number[] {
  const id = random.oneIn(60) ? random.pick([0, 15, 38, 0xffffffff]) : 1 + random.below(14);
  const field = (): number => (random.oneIn(30) ? random.pick(EDGES) : random.below(6));
  const fixed = Math.max(0, v.fixedPayloadDwords(id));
  const payload = Array.from({ length: fixed }, field);
  let length = random.oneIn(60) ? random.below(20) : fixed;
  if (id === v.VCMD_SUBMIT_CMD) {
    length = random.oneIn(100) ? random.pick(EDGES) : random.below(12);
    for (let i = 0; i < Math.min(length, 12); i++) payload.push(random.u32());
  } else if (id === v.VCMD_CREATE_RENDERER) {
    length = random.oneIn(20) ? random.pick(EDGES) : 4;
    payload.push(0x41414141);
  } else if (id === v.VCMD_TRANSFER_PUT) {
    const dwords = random.below(4);
    payload[v.VCMD_TRANSFER_DATA_SIZE] = random.oneIn(20) ? random.pick(EDGES) : dwords * 4;
    for (let i = 0; i < dwords; i++) payload.push(random.u32());
  }
  return [length, id, ...payload];
}

describe("random vtest messages", () => {
  it("end sessions with a reason at most, and leave nothing behind", () => {
    const random = new Random(seed);
    const limits = { maxTransferBytes: 65_536, maxSharedBytes: 100_000, maxResources: 2, maxSubmitBytes: 65_536 };
    const ends: Record<string, number> = {};
    const ids = new Float64Array(v.VCMD_END);
    let messages = 0;
    for (let n = 0; n < SESSIONS; n++) {
      const renderer = new RecordingRenderer();
      const server = new LoopbackServer(renderer, { limits });
      if (!random.oneIn(20)) server.send(4, v.VCMD_CREATE_RENDERER, 0x00706f74);
      for (let i = random.below(12); i > 0 && server.end === null; i--) {
        const words = randomMessage(random);
        if (words[1]! < ids.length) ids[words[1]!]! += 1;
        const bytes = new Uint8Array(Uint32Array.from(words).buffer);
        server.write(bytes, 0, random.oneIn(100) ? random.below(bytes.length) : bytes.length);
      }
      const end = server.close();
      ends[end.reason] = (ends[end.reason] ?? 0) + 1;
      messages += server.session.counters.messages;
      assert.ok(end.detail.length > 0);
      assert.equal(server.memory.liveShared, 0, `session ${n} of seed ${seed} keeps shared memory`);
      assert.equal(server.memory.livePrivate, 0, `session ${n} of seed ${seed} keeps private memory`);
      assert.equal(renderer.resourceCount, 0, `session ${n} of seed ${seed} keeps resources`);
      assert.equal(renderer.contextCount, 0, `session ${n} of seed ${seed} keeps its context`);
    }
    console.log(`seed ${seed}: ${SESSIONS} sessions, ${messages} messages, ends: ${JSON.stringify(ends)}`);
    for (let id = 1; id < v.VCMD_END; id++) assert.ok(ids[id]! > 100, v.vtestCommandName(id));
    for (const reason of ["closed", "protocol-error", "host-error"]) assert.ok(ends[reason]! > 100, reason);
  });
});
