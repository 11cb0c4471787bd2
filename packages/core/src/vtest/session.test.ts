import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { GuestError, type Logger } from "../base/index.js";
import { CopyReason } from "../memory/index.js";
import { ArrayMemory, LoopbackServer, RecordingRenderer } from "../testing/index.js";
import { VIRGL_BIND_DISPLAY_TARGET, CapsReader } from "../virgl/index.js";
import * as v from "./index.js";

function open(options: { limits?: Partial<v.VtestLimits>; logger?: Logger } = {}) {
  const renderer = new RecordingRenderer("null renderer");
  const memory = new ArrayMemory();
  const server = new LoopbackServer(renderer, { memory, ...options });
  return { renderer, memory, server, counters: server.session.counters };
}

/** Opens and greets as Mesa does. */
function connect(options: { limits?: Partial<v.VtestLimits>; logger?: Logger } = {}) {
  const all = open(options);
  all.server.write(new Uint8Array([4, 0, 0, 0, 8, 0, 0, 0, 0x61, 0x70, 0x70, 0]), 0, 12);
  all.server.send(0, v.VCMD_PING_PROTOCOL_VERSION, 2, v.VCMD_RESOURCE_BUSY_WAIT, 0, 0);
  assert.deepEqual([...all.server.receive()], [0, v.VCMD_PING_PROTOCOL_VERSION, 1, v.VCMD_RESOURCE_BUSY_WAIT, 0]);
  all.server.send(1, v.VCMD_PROTOCOL_VERSION, 3);
  assert.deepEqual([...all.server.receive()], [1, v.VCMD_PROTOCOL_VERSION, 2]);
  return all;
}

const BUFFER = 0;
function create2(
  server: LoopbackServer,
  id: number,
  sizeBytes: number,
  bind = 0,
  width = 64,
  height = 1,
  format = 64,
): void {
  server.send(11, v.VCMD_RESOURCE_CREATE2, id, BUFFER, format, bind, width, height, 1, 1, 0, 0, sizeBytes);
}

describe("a vtest session", () => {
  it("agrees on protocol 2 with newer clients, on 0 with those that ask for 1", () => {
    assert.equal(connect().server.session.protocolVersion, 2);
    const { server } = open();
    server.send(0, v.VCMD_CREATE_RENDERER, 1, v.VCMD_PROTOCOL_VERSION, 1);
    assert.deepEqual([...server.receive()], [1, v.VCMD_PROTOCOL_VERSION, 0]);
  });

  it("passes the process name on, harmless", () => {
    const { renderer } = connect();
    assert.equal(renderer.calls[0], "createContext(1, 2, app)");
  });

  it("answers both caps requests with bytes + 1", () => {
    const { server } = connect();
    server.send(0, v.VCMD_GET_CAPS2, 0, v.VCMD_GET_CAPS);
    const words = server.receive();
    assert.deepEqual([words[0], words[1]], [1409, 2]);
    assert.equal(new CapsReader(new Uint8Array(words.buffer, 8, 1408)).renderer, "null renderer");
    assert.deepEqual([words[2 + 352], words[3 + 352]], [309, 1]);
  });

  it("shares memory for a resource and moves it through transfers", () => {
    const { server, renderer, memory, counters } = connect();
    create2(server, 5, 64);
    const bytes = memory.mapper.map(server.receiveFd(), 64)!.bytes;
    bytes.set([1, 2, 3, 4]);
    server.send(10, v.VCMD_TRANSFER_PUT2, 5, 0, 0, 0, 0, 64, 1, 1, 64, 0);
    assert.deepEqual([...renderer.bytesOf(5)!.subarray(0, 4)], [1, 2, 3, 4]);
    renderer.setBytes(5, Uint8Array.of(9, 8, 7));
    server.send(10, v.VCMD_TRANSFER_GET2, 5, 0, 0, 0, 0, 64, 1, 1, 64, 16);
    assert.deepEqual([...bytes.subarray(16, 19)], [9, 8, 7]);
    server.send(1, v.VCMD_RESOURCE_UNREF, 5);
    assert.equal(memory.liveShared, 0);
    assert.equal(renderer.resourceCount, 0);
    assert.equal(counters.transfersToHost, 1);
    assert.equal(counters.transfersFromHost, 1);
    assert.equal(counters.resourcesCreated, 1);
    assert.equal(counters.resourcesUnreferenced, 1);
    assert.equal(counters.messages, 8);
    assert.equal(counters.frames, 0);
  });

  it("creates resources without memory when the client wants none", () => {
    const { server, memory } = connect();
    create2(server, 5, 0);
    server.send(10, v.VCMD_RESOURCE_CREATE, 6, 0, 64, 0, 64, 1, 1, 1, 0, 0);
    assert.equal(server.session.resourceCount, 2);
    assert.equal(memory.liveShared, 0);
    assert.equal(server.receive().length, 0);
  });
});

describe("memory of a vtest session that the GPU still reaches", () => {
  it("is dropped without waiting, and given up when the GPU has left it", () => {
    const { server, renderer, memory } = connect();
    create2(server, 5, 64);
    create2(server, 6, 64);
    server.receiveFd();
    server.receiveFd();
    renderer.isStalled = true;
    server.send(1, v.VCMD_RESOURCE_UNREF, 5);
    server.send(0, v.VCMD_PING_PROTOCOL_VERSION);
    assert.deepEqual([...server.receive()], [0, v.VCMD_PING_PROTOCOL_VERSION]);
    assert.equal(server.session.sharedBytes, 64);
    assert.equal(memory.liveShared, 2, "not yet: it would serve another resource");
    assert.ok(!renderer.calls.includes("finish()"), "nobody waited");
    renderer.isStalled = false;
    server.send(1, v.VCMD_RESOURCE_UNREF, 6);
    assert.equal(memory.liveShared, 0);
  });

  it("is waited for when the client goes", () => {
    const { server, renderer, memory } = connect();
    create2(server, 5, 64);
    renderer.isStalled = true;
    server.send(1, v.VCMD_RESOURCE_UNREF, 5);
    server.close();
    assert.equal(renderer.calls.at(-1), "finish()");
    assert.equal(memory.liveShared, 0);
  });
});

describe("a vtest session at work", () => {
  it("moves pixels over the socket for protocol 0", () => {
    const { server, renderer } = connect();
    server.send(10, v.VCMD_RESOURCE_CREATE, 6, 0, 64, 0, 8, 1, 1, 1, 0, 0);
    const box = [0, 0, 0, 8, 1, 1];
    server.send(11 + 2, v.VCMD_TRANSFER_PUT, 6, 0, 0, 0, ...box, 8, 0x04030201, 0x08070605);
    assert.deepEqual([...renderer.bytesOf(6)!], [1, 2, 3, 4, 5, 6, 7, 8]);
    // Clients that count the data in bytes, or not at all.
    server.send(11 + 8, v.VCMD_TRANSFER_PUT, 6, 0, 0, 0, ...box, 8, 1, 2);
    server.send(11, v.VCMD_TRANSFER_PUT, 6, 0, 0, 0, ...box, 8, 3, 4);
    server.send(11, v.VCMD_TRANSFER_GET, 6, 0, 0, 0, ...box, 12);
    assert.deepEqual([...server.receive()], [3, 4, 0]);
    assert.equal(server.end, null);
    assert.equal(server.ledger.resource(6)?.total[CopyReason.SOCKET], 8 + 8 + 8 + 12);
    server.send(11, v.VCMD_TRANSFER_GET, 99, 0, 0, 0, ...box, 12);
    assert.equal(server.ledger.resource(99), null, "no row for what is no resource");
    assert.equal(server.ledger.totalBytes[CopyReason.SOCKET], 8 + 8 + 8 + 12 + 12);
  });

  it("counts a frame when a displayable resource is read back whole", () => {
    const { server, counters } = connect();
    create2(server, 5, 64 * 4 * 4, VIRGL_BIND_DISPLAY_TARGET, 64, 4);
    server.receiveFd();
    server.send(10, v.VCMD_TRANSFER_GET2, 5, 0, 0, 0, 0, 64, 4, 1, 0, 0);
    server.send(10, v.VCMD_TRANSFER_GET2, 5, 0, 3, 0, 0, 1, 1, 1, 0, 0);
    assert.equal(counters.frames, 1);
    assert.equal(server.ledger.frames, 1);
  });

  it("hands submissions over in private memory, also ones larger than the first buffer", () => {
    const { server, renderer, counters, memory } = connect();
    server.send(3, v.VCMD_SUBMIT_CMD, 11, 22, 33);
    assert.deepEqual([...renderer.lastStream], [11, 22, 33]);
    const big = new Uint32Array(300_000).fill(7);
    server.send(big.length, v.VCMD_SUBMIT_CMD);
    server.write(new Uint8Array(big.buffer), 0, big.byteLength);
    assert.equal(renderer.lastStream.length, 300_000);
    server.send(0, v.VCMD_SUBMIT_CMD);
    assert.equal(counters.submissions, 3);
    assert.equal(counters.submittedBytes, 12 + 1_200_000);
    server.close();
    assert.equal(memory.livePrivate, 0);
  });

  it("says busy until the fence is signalled, and waits when asked to", () => {
    const { server, renderer, counters } = connect();
    renderer.isStalled = true;
    server.send(1, v.VCMD_SUBMIT_CMD, 0);
    server.send(2, v.VCMD_RESOURCE_BUSY_WAIT, 1, 0, 2, v.VCMD_RESOURCE_BUSY_WAIT, 1, 0);
    assert.deepEqual([...server.receive()], [1, 7, 1, 1, 7, 1]);
    renderer.isStalled = false;
    server.send(2, v.VCMD_RESOURCE_BUSY_WAIT, 1, 0);
    assert.deepEqual([...server.receive()], [1, 7, 0]);
    renderer.isStalled = true;
    server.send(1, v.VCMD_SUBMIT_CMD, 0, 2, v.VCMD_RESOURCE_BUSY_WAIT, 1, v.VCMD_BUSY_WAIT_FLAG_WAIT);
    assert.deepEqual([...server.receive()], [1, 7, 0]);
    assert.equal(renderer.calls.at(-1), "finish()");
    const { polls } = renderer;
    assert.ok(polls > 0, "query results are delivered before the answer");
    server.send(2, v.VCMD_RESOURCE_BUSY_WAIT, 1, v.VCMD_BUSY_WAIT_FLAG_WAIT);
    assert.deepEqual([...server.receive()], [1, 7, 0]);
    assert.equal(renderer.polls, polls, "nothing outstanding, nothing asked");
    assert.equal(counters.busyWaits, 6);
  });

  it("keeps little memory that waits for the GPU, also of a client that never asks and submits nothing", () => {
    const { server, renderer, memory } = connect();
    let most = 0;
    for (let i = 0; i < 300; i++) {
      if (i % 100 === 0) renderer.isStalled = true;
      create2(server, 1, 4096);
      server.receiveFd();
      server.send(1, v.VCMD_RESOURCE_UNREF, 1);
      most = Math.max(most, memory.liveShared);
    }
    assert.ok(most > 1 && most <= 66, `${most} pieces`);
    server.close();
    assert.equal(memory.liveShared, 0);
  });

  it("goes on after guest errors, counts and logs them", () => {
    const lines: string[] = [];
    const logger: Logger = {
      debug() {},
      info() {},
      error() {},
      warn: (message, fields) => void lines.push(`${message} ${JSON.stringify(fields)}`),
    };
    const { server, renderer, counters } = connect({ logger });
    renderer.nextSubmitCode = GuestError.BAD_VALUE;
    server.send(1, v.VCMD_SUBMIT_CMD, 0, 1, v.VCMD_SUBMIT_CMD, 0);
    assert.equal(counters.guestErrors, 1);
    assert.equal(counters.droppedSubmissions, 1);
    server.send(1, v.VCMD_RESOURCE_UNREF, 99);
    server.send(10, v.VCMD_TRANSFER_PUT2, 98, 0, 0, 0, 0, 1, 1, 1, 0, 0);
    create2(server, 7, 16, 0, 1, 1, 100_000);
    assert.notEqual(server.receiveFd(), -1, "the client gets its descriptor even so");
    assert.equal(counters.guestErrors, 4);
    assert.equal(server.end, null);
    assert.match(lines[0]!, /refused.*VCMD_SUBMIT_CMD.*BAD_VALUE/);
    assert.match(lines[3]!, /UNKNOWN_FORMAT/);
  });

  it("gives everything back when the client goes", () => {
    const { server, renderer, memory } = connect();
    for (let id = 1; id < 20; id++) create2(server, id, 4096);
    server.send(1, v.VCMD_SUBMIT_CMD, 0);
    assert.equal(memory.liveShared, 19);
    const end = server.close();
    assert.equal(end.reason, "closed");
    assert.equal(memory.liveShared, 0);
    assert.equal(memory.livePrivate, 0);
    assert.equal(renderer.resourceCount, 0);
    assert.equal(renderer.contextCount, 0);
  });
});

describe("a vtest session's limits", () => {
  const limits = { maxSubmitBytes: 8, maxTransferBytes: 64, maxSharedBytes: 128 };
  const reasonOf = (...words: number[]): string | undefined => {
    const { server } = connect({ limits });
    server.send(10, v.VCMD_RESOURCE_CREATE, 6, 0, 64, 0, 64, 1, 1, 1, 0, 0);
    server.send(...words);
    return server.end?.reason;
  };

  it("are taken whole, and not a byte more", () => {
    assert.equal(reasonOf(2, v.VCMD_SUBMIT_CMD, 0, 0), undefined);
    assert.equal(reasonOf(3, v.VCMD_SUBMIT_CMD, 0, 0, 0), "protocol-error");
    const get = (sizeBytes: number) => reasonOf(11, v.VCMD_TRANSFER_GET, 6, 0, 0, 0, 0, 0, 0, 64, 1, 1, sizeBytes);
    assert.deepEqual([get(64), get(65)], [undefined, "protocol-error"]);
  });

  it("hold for shared memory: of one resource, and of all together", () => {
    const { server, memory } = connect({ limits });
    create2(server, 1, 64);
    create2(server, 2, 64);
    assert.deepEqual([server.end, memory.liveShared], [null, 2]);
    create2(server, 3, 1);
    assert.equal(server.end?.reason, "host-error");
    const other = connect({ limits });
    create2(other.server, 1, 65);
    assert.equal(other.server.end?.reason, "host-error");
  });
});

describe("a vtest session ends with a reason", () => {
  type Case = readonly [what: string, detail: RegExp, words: readonly number[]];
  const afterGreeting: readonly Case[] = [
    ["at an unknown message", /unknown message id 15/, [0, 15]],
    ["at a huge message id", /unknown message id 4294967295/, [0, 0xffffffff]],
    ["at message id 0", /unknown message id 0/, [0, 0]],
    ["at a wrong length", /VCMD_RESOURCE_UNREF with length 2 instead of 1/, [2, v.VCMD_RESOURCE_UNREF, 1, 1]],
    ["at a missing payload", /VCMD_TRANSFER_GET2 with length 0 instead of 10/, [0, v.VCMD_TRANSFER_GET2]],
    ["at an oversized submission", /VCMD_SUBMIT_CMD of 17179869180 bytes/, [0xffffffff, v.VCMD_SUBMIT_CMD]],
    ["at a second renderer", /a second VCMD_CREATE_RENDERER/, [0, v.VCMD_CREATE_RENDERER]],
    ["at a resource with id 0", /a resource with id 0/, [10, v.VCMD_RESOURCE_CREATE, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
    [
      "at an oversized upload",
      /VCMD_TRANSFER_PUT of 4294967295 bytes/,
      [11, v.VCMD_TRANSFER_PUT, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0xffffffff],
    ],
    [
      "at an upload whose length lies",
      /VCMD_TRANSFER_PUT with length 12 for 64 bytes/,
      [12, v.VCMD_TRANSFER_PUT, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 64],
    ],
    [
      "at an oversized readback",
      /VCMD_TRANSFER_GET of 4294967295 bytes/,
      [11, v.VCMD_TRANSFER_GET, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0xffffffff],
    ],
  ];
  for (const [what, detail, words] of afterGreeting) {
    it(what, () => {
      const { server, counters } = connect();
      server.send(...words);
      const end = server.close();
      assert.equal(end.reason, "protocol-error");
      assert.match(end.detail, detail);
      assert.equal(counters.protocolErrors, 1);
    });
  }

  it("at anything before the renderer exists", () => {
    for (const id of [v.VCMD_GET_CAPS, v.VCMD_PING_PROTOCOL_VERSION, v.VCMD_SUBMIT_CMD]) {
      const { server } = open();
      server.send(0, id);
      assert.match(server.end!.detail, /before VCMD_CREATE_RENDERER/);
    }
  });

  it("at an overlong process name", () => {
    const { server } = open();
    server.send(0x7fffffff, v.VCMD_CREATE_RENDERER);
    assert.match(server.end!.detail, /name of 2147483647 bytes/);
  });

  it("at a resource created twice", () => {
    const { server } = connect();
    create2(server, 5, 0);
    create2(server, 5, 0);
    assert.match(server.end!.detail, /resource 5 created twice/);
  });

  it("at a version asked for too late", () => {
    const { server } = connect();
    server.send(0, v.VCMD_SUBMIT_CMD, 1, v.VCMD_PROTOCOL_VERSION, 2);
    assert.match(server.end!.detail, /after the first resource or submission/);
  });

  it("when a message is cut anywhere", () => {
    const message = new Uint8Array(Uint32Array.of(3, v.VCMD_SUBMIT_CMD, 1, 2, 3).buffer);
    for (let cut = 1; cut < message.length; cut++) {
      const { server } = connect();
      server.write(message, 0, cut);
      const end = server.close();
      assert.equal(end.reason, "protocol-error", `cut at ${cut}`);
      assert.match(end.detail, cut < 8 ? /inside a header, after/ : /VCMD_SUBMIT_CMD truncated/);
    }
  });

  it("when a limit is reached, saying which", () => {
    const many = connect({ limits: { maxResources: 3 } });
    for (let id = 1; id <= 4; id++) create2(many.server, id, 0);
    assert.match(many.server.end!.detail, /more than the 3/);
    assert.equal(many.counters.hostErrors, 1);

    const large = connect({ limits: { maxSharedBytes: 10_000 } });
    create2(large.server, 1, 8000);
    create2(large.server, 2, 3000);
    assert.match(large.server.end!.detail, /wants 3000 bytes.*has 8000 already/);
    large.server.close();
    assert.equal(large.memory.liveShared, 0);
    assert.equal(large.renderer.resourceCount, 0);
  });

  it("when the host has no memory", () => {
    const { server, memory, counters } = connect();
    memory.isExhausted = true;
    create2(server, 1, 64);
    assert.equal(server.end?.reason, "host-error");
    assert.equal(counters.hostErrors, 1);
  });
});
