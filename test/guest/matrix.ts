/**
 * `npm run test:guests [-- NUMBER...]`: guests of every kernel and Mesa on our back-end, and QEMU's own devices beside it. Each row
 * stands alone. Prints a table and writes it to test/guest/results. Exit 0 only if all is right; 3 where no guest can be booted.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { guestRefusal, prepareMachine, referenceBackEnd } from "./guests.js";
import type { MatrixRow } from "./matrix-row.js";
import { headsRow, modesRow } from "./rows-2d.js";
import { rebootRow, reconnectRow } from "./rows-lifecycle.js";
import { virglRow } from "./rows-virgl.js";
import { waylandRow } from "./rows-wayland.js";

const ROWS: readonly MatrixRow[] = [
  modesRow("bookworm"),
  modesRow("bookworm-backports"),
  modesRow("bookworm-backports", ({ qemu }) => referenceBackEnd(qemu), "QEMU vhost-user-gpu"),
  headsRow("bookworm"),
  headsRow("bookworm-backports"),
  rebootRow("bookworm"),
  rebootRow("bookworm-backports"),
  reconnectRow("bookworm-backports"),
  virglRow("bookworm", "bookworm"),
  virglRow("bookworm-backports", "bookworm"),
  virglRow("bookworm-backports", "trixie"),
  waylandRow("bookworm-backports", "memory in large pieces", { hugePages: true, expect: "no copy" }),
  waylandRow("bookworm-backports", "memory scattered", { expect: "copy" }),
  waylandRow("bookworm-backports", "memfds refused", { hugePages: true, refuse: ["memfd"], expect: "copy" }),
  waylandRow("bookworm-backports", "memfds and windows refused", { refuse: ["memfd", "window"], expect: "copy" }),
];

interface Result {
  readonly number: number;
  readonly row: MatrixRow;
  readonly kernel: string;
  readonly words: string;
  readonly isRight: boolean;
  readonly seconds: number;
}

/** Emulated timers of a loaded machine sometimes stop a guest's kernel; that is nothing of the device. */
const STALL = /rcu_preempt (detected stalls|kthread timer wakeup)|rcu_sched.*stall/;

async function runRow(row: MatrixRow, number: number, isFirst = true): Promise<Result> {
  const started = performance.now();
  const done = (words: string, isRight: boolean): Result => {
    const seconds = (performance.now() - started) / 1000;
    return { number, row, kernel: kernelVersion(row), words, isRight, seconds };
  };
  try {
    return done(await row.run(), true);
  } catch (error) {
    if (isFirst && STALL.test(String(error))) {
      console.error("   the guest's kernel stalled under emulation: once more");
      return runRow(row, number, false);
    }
    const story = error instanceof Error ? `${error.message}${causeOf(error)}` : String(error);
    console.error(story);
    return done(story.split("\n")[0]!, false);
  }
}

function causeOf(error: Error): string {
  return error.cause instanceof Error ? `\n${error.cause.message}` : "";
}

function kernelVersion(row: MatrixRow): string {
  try {
    return prepareMachine(row.kernel).kernel.version;
  } catch {
    return row.kernel;
  }
}

function tableOf(results: readonly Result[]): string {
  return [
    "| # | kernel | guest | back-end | seen | seconds |",
    "|--:|---|---|---|---|--:|",
    ...results.map(
      ({ number, row, kernel, words, isRight, seconds }) =>
        `| ${number} | ${kernel} | ${row.guest} | ${row.backEnd} | ${isRight ? "" : "**WRONG** "}${words} | ${seconds.toFixed(0)} |`,
    ),
  ].join("\n");
}

const refusal = guestRefusal();
if (refusal !== null) {
  console.error(`no guest can be booted here: ${refusal}`);
  process.exit(3);
}
const wanted = process.argv.slice(2);
const results: Result[] = [];
const started = performance.now();
for (const [i, row] of ROWS.entries()) {
  if (wanted.length > 0 && !wanted.includes(String(i + 1))) continue;
  console.log(`${i + 1}/${ROWS.length}: ${row.guest} on Linux of ${row.kernel}, ${row.backEnd}: ${row.what}`);
  const result = await runRow(row, i + 1);
  results.push(result);
  console.log(`   ${result.isRight ? "right" : "WRONG"} (${result.seconds.toFixed(0)} s): ${result.words}`);
}
const minutes = ((performance.now() - started) / 60_000).toFixed(1);
const table = tableOf(results);
console.log(`\n${table}\n\n${minutes} min`);
if (wanted.length === 0) {
  const date = new Date().toISOString().slice(0, 10);
  const folder = fileURLToPath(new URL("../../guest/results", import.meta.url));
  mkdirSync(folder, { recursive: true });
  const { qemu } = prepareMachine();
  const machine = `${cpus().length} cores, load ${loadavg()[1]!.toFixed(1)} at the end`;
  const head = `# Guests, ${date}\n\n${qemu.version} under TCG, Node ${process.versions.node}, host driver llvmpipe, ${machine}; ${minutes} min in all.`;
  writeFileSync(join(folder, `${date}.md`), `${head}\n\n${table}\n`);
}
process.exitCode = results.every((result) => result.isRight) ? 0 : 1;
