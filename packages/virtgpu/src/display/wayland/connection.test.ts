import assert from "node:assert/strict";
import { fstatSync, readdirSync } from "node:fs";
import { test } from "node:test";
import type { HostError } from "@virtgpu/core/base";
import { Poll, pollFds } from "../../native/events.js";
import { closeFd, createMemfd } from "../../native/memory.js";
import { MAX_FDS_PER_MESSAGE, recvFds, sendFds, socketPair, writeFrom } from "../../native/socket.js";
import { WaylandConnection } from "./connection.js";
import {
  wl_display,
  wl_registry,
  wl_shm,
  wl_shm_pool,
  xdg_toplevel,
  zwp_linux_dmabuf_feedback_v1,
} from "./generated/protocol.js";
import { type Argument, MessageWriter } from "./wire.js";

const DISPLAY = 1;
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A connection, and the compositor's end of its socket. */
class Pair {
  readonly connection: WaylandConnection;
  readonly peer: number;
  readonly reasons: HostError[] = [];

  constructor() {
    const [ours, theirs] = socketPair();
    this.peer = theirs;
    this.connection = new WaylandConnection(ours, silent, (reason) => this.reasons.push(reason));
  }

  /** The compositor sends an event; the connection reads it. */
  event(objectId: number, opcode: number, types: string, ...args: Argument[]): void {
    const writer = new MessageWriter();
    writer.put(objectId, opcode, types, args);
    const { bytes, fds } = writer.take();
    sendFds(this.peer, bytes, 0, bytes.length, fds);
    this.connection.receive();
  }

  words(...words: number[]): void {
    const bytes = new Uint8Array(Uint32Array.from(words).buffer);
    writeFrom(this.peer, bytes, 0, bytes.length);
    this.connection.receive();
  }

  /** What the compositor got: words and descriptors. */
  received(): { words: number[]; fds: number[] } {
    const bytes = new Uint8Array(4096);
    const got = recvFds(this.peer, bytes, 0, bytes.length, 8);
    return { words: Array.from(new Uint32Array(bytes.buffer, 0, got.bytes / 4)), fds: got.fds };
  }

  close(): void {
    this.connection.close();
    closeFd(this.peer);
  }
}

function withPair(run: (pair: Pair) => void): () => void {
  return () => {
    const before = readdirSync("/proc/self/fd").length;
    const pair = new Pair();
    try {
      run(pair);
    } finally {
      pair.close();
    }
    assert.equal(readdirSync("/proc/self/fd").length, before, "no descriptor is left");
  };
}

test(
  "objects get ids, requests go out, events come in, ids return when the compositor confirms",
  withPair((pair) => {
    const { connection } = pair;
    const globals: unknown[] = [];
    const registry = connection.create(wl_registry, { global: (...args) => globals.push(args) });
    connection.send(DISPLAY, wl_display.requests.get_registry, registry);
    let syncs = 0;
    connection.sync(() => syncs++);
    connection.flush();
    assert.deepEqual(pair.received().words, [1, 0xc_0001, 2, 1, 0xc_0000, 3]);
    pair.event(2, 0, "usu", 7, "wl_shm", 1);
    assert.deepEqual(globals, [[7, "wl_shm", 1]]);
    pair.event(3, 0, "u", 0);
    assert.equal(syncs, 1);
    assert.equal(connection.create(wl_shm, {}), 4, "3 is not confirmed");
    pair.event(DISPLAY, 1, "u", 3);
    assert.equal(connection.create(wl_shm, {}), 3);
    assert.equal(pair.reasons.length, 0);
  }),
);

test(
  "events may arrive in pieces, and several at once",
  withPair((pair) => {
    const names: number[] = [];
    const registry = pair.connection.create(wl_registry, { global_remove: (name) => names.push(name) });
    const writer = new MessageWriter();
    for (let name = 0; name < 5; name++) writer.put(registry, 1, "u", [name]);
    const bytes = writer.take().bytes.slice();
    for (const [from, to] of [
      [0, 3],
      [3, 8],
      [8, 11],
      [11, 37],
      [37, 60],
    ] as const) {
      writeFrom(pair.peer, bytes, from, to - from);
      pair.connection.receive();
    }
    assert.deepEqual(names, [0, 1, 2, 3, 4]);
  }),
);

test(
  "descriptors are duplicated when a request takes them, and those of unwanted events are closed",
  withPair((pair) => {
    const { connection } = pair;
    const memory = createMemfd("pool", 4096);
    const pool = connection.create(wl_shm_pool, {});
    connection.send(9, wl_shm.requests.create_pool, pool, memory, 4096);
    closeFd(memory);
    const { words, fds } = pair.received();
    assert.deepEqual(words, [9, 0x10_0000, pool, 4096]);
    assert.equal(fds.length, 1);
    for (const fd of fds) closeFd(fd);

    const feedback = connection.create(zwp_linux_dmabuf_feedback_v1, {});
    const sent = createMemfd("table", 4096);
    pair.event(feedback, 1, "hu", sent, 4096);
    connection.send(feedback, zwp_linux_dmabuf_feedback_v1.requests.destroy);
    pair.event(feedback, 1, "hu", sent, 4096);
    closeFd(sent);
    assert.equal(pair.reasons.length, 0);
  }),
);

test(
  "an event without its descriptor ends the connection",
  withPair((pair) => {
    const feedback = pair.connection.create(zwp_linux_dmabuf_feedback_v1, {});
    pair.words(feedback, 0xc_0001, 4096);
    assert.equal(pair.reasons[0]?.code, "WAYLAND_BROKEN");
    assert.match(pair.reasons[0].message, /format_table with a wrong descriptor/);
  }),
);

for (const [what, words, message] of [
  ["a size below the header's", [1, 4 << 16, 0], /message of 4 bytes/],
  ["a size that is no multiple of 4", [1, 10 << 16, 0, 0], /message of 10 bytes/],
  ["an unknown event", [1, (12 << 16) | 7, 0], /unknown event 7 of wl_display/],
  ["an argument beyond the end", [1, (12 << 16) | 0, 5], /wl_display.error with a wrong argument/],
  ["bytes behind the last argument", [1, (16 << 16) | 1, 5, 6], /wl_display.delete_id with a wrong length/],
  ["a text longer than its message", [1, (24 << 16) | 0, 1, 2, 400, 0], /wl_display.error with a wrong argument/],
] as const) {
  test(
    `${what} ends the connection and is told`,
    withPair((pair) => {
      pair.words(...words);
      assert.equal(pair.reasons.length, 1);
      assert.equal(pair.reasons[0]?.code, "WAYLAND_BROKEN");
      assert.match(pair.reasons[0].message, message);
      assert.equal(pair.connection.fd, -1);
      // Whatever is still asked of it is nothing.
      pair.connection.sync(() => assert.fail());
      pair.connection.flush();
      pair.connection.receive();
      assert.equal(pair.reasons.length, 1);
    }),
  );
}

test(
  "events for objects that do not exist are counted and passed over",
  withPair((pair) => {
    pair.event(4711, 0, "u", 1);
    pair.event(0xff00_0001, 0, "");
    assert.equal(pair.connection.strayEvents, 2);
    assert.equal(pair.reasons.length, 0);
  }),
);

test("the compositor's own words are the reason when it refuses and closes at once", () => {
  const [ours, theirs] = socketPair();
  const reasons: HostError[] = [];
  const connection = new WaylandConnection(ours, silent, (reason) => reasons.push(reason));
  const registry = connection.create(wl_registry, {});
  const writer = new MessageWriter();
  writer.put(DISPLAY, 0, "ous", [registry, 3, "no such global"]);
  const { bytes } = writer.take();
  writeFrom(theirs, bytes, 0, bytes.length);
  closeFd(theirs);
  // This write fails; what the compositor said before is still to be read.
  connection.sync(() => assert.fail());
  connection.flush();
  assert.equal(reasons.length, 0);
  connection.receive();
  assert.equal(reasons[0]?.code, "WAYLAND_ERROR");
  assert.match(reasons[0].message, /wl_registry error 3: no such global/);
});

test("a compositor that dies is told once, whether we read or write", () => {
  for (const how of ["read", "write"]) {
    const [ours, theirs] = socketPair();
    const reasons: HostError[] = [];
    const connection = new WaylandConnection(ours, silent, (reason) => reasons.push(reason));
    closeFd(theirs);
    if (how === "write") {
      connection.sync(() => assert.fail());
      connection.flush();
    }
    connection.receive();
    assert.deepEqual(
      reasons.map(({ code }) => code),
      ["WAYLAND_GONE"],
    );
  }
});

test(
  "a compositor that reads nothing is given up, and nothing waits for it",
  withPair((pair) => {
    const { connection } = pair;
    const started = performance.now();
    for (let i = 0; i < 1_000_000 && connection.fd >= 0; i++)
      connection.send(3, xdg_toplevel.requests.set_title, "x".repeat(1000));
    assert.equal(pair.reasons[0]?.code, "WAYLAND_STUCK");
    assert.ok(performance.now() - started < 10_000);
  }),
);

test(
  "what the socket does not take at once waits, and goes out later",
  withPair((pair) => {
    const { connection } = pair;
    while (!connection.hasWaiting) {
      for (let i = 0; i < 40; i++) connection.send(3, xdg_toplevel.requests.set_title, "x".repeat(1000));
      connection.flush();
    }
    connection.sync(() => {});
    const bytes = new Uint8Array(1 << 20);
    let last = 0;
    for (;;) {
      const fds = Int32Array.of(pair.peer);
      if (pollFds(fds, Int16Array.of(Poll.IN), new Int16Array(1), 0) > 0)
        last = recvFds(pair.peer, bytes, 0, bytes.length, 1).bytes;
      else if (connection.hasWaiting) connection.flush();
      else break;
    }
    const words = new Uint32Array(bytes.buffer, 0, last / 4);
    assert.deepEqual(Array.from(words.subarray(-3)), [1, 0xc_0000, 2], "the sync request is the last");
  }),
);

test(
  "more descriptors than a message holds go out in several, each no later than its request",
  withPair((pair) => {
    const { connection } = pair;
    while (!connection.hasWaiting) {
      for (let i = 0; i < 40; i++) connection.send(3, xdg_toplevel.requests.set_title, "x".repeat(1000));
      connection.flush();
    }
    const REQUESTS = 100;
    for (let i = 0; i < REQUESTS; i++) {
      const memory = createMemfd("pool", (i + 1) * 4096);
      connection.send(9, wl_shm.requests.create_pool, 1000 + i, memory, i);
      closeFd(memory);
    }
    assert.ok(connection.hasWaiting, "the compositor has read nothing yet");
    const bytes = new Uint8Array(1 << 20);
    const fds: number[] = [];
    let filled = 0;
    const read = (): void => {
      const got = recvFds(pair.peer, bytes, filled, 4096, MAX_FDS_PER_MESSAGE);
      filled += got.bytes;
      fds.push(...got.fds);
    };
    while (pollFds(Int32Array.of(pair.peer), Int16Array.of(Poll.IN), new Int16Array(1), 0) > 0) read();
    assert.equal(fds.length, 0);
    connection.flush();
    assert.ok(!connection.hasWaiting, "one flush hands everything on");
    let pools = 0;
    for (let at = 0; pools < REQUESTS;) {
      read();
      const view = new DataView(bytes.buffer);
      for (; filled - at >= 8 && filled - at >= view.getUint16(at + 6, true); at += view.getUint16(at + 6, true)) {
        if (view.getUint32(at, true) !== 9) continue;
        assert.equal(view.getUint32(at + 8, true), 1000 + pools);
        assert.ok(pools < fds.length, `request ${pools} is here, its descriptor is not`);
        assert.equal(fstatSync(fds[pools]!).size, (pools + 1) * 4096);
        pools++;
      }
    }
    assert.equal(fds.length, REQUESTS);
    for (const fd of fds) closeFd(fd);
    assert.equal(pair.reasons.length, 0);
  }),
);
