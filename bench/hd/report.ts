/** The comparison as Markdown: per workload what a frame moves on both sides, and what it costs. */
import { median } from "../statistics.js";
import { DAMAGE_SIDE, FRESH_BYTES, HEIGHT, WIDTH, type Workload, WORKLOADS } from "./guest.js";
import { allBytes, type MovedBytes } from "../moved-bytes.js";
import { type Counted, PACE, type Timed } from "./measure.js";

/** A side on a workload, all rounds. */
export interface HdResult {
  readonly workload: Workload;
  readonly side: string;
  readonly displayName: string;
  readonly counted: Counted;
  /** At `PACE` flushes a second. */
  readonly paced: readonly Timed[];
  /** As fast as flushes are answered. */
  readonly unthrottled: readonly Timed[];
}

export interface HdReport {
  readonly date: string;
  readonly machine: string;
  readonly peer: string;
  readonly node: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly results: readonly HdResult[];
}

const TITLES: Readonly<Record<Workload, string>> = {
  flip: `Page flips: two screens in turns, TRANSFER_TO_HOST_2D, SET_SCANOUT and FLUSH of all ${FRESH_BYTES.flip / 1000} kB`,
  damage: `Damage: a square of ${DAMAGE_SIDE} x ${DAMAGE_SIDE} (${FRESH_BYTES.damage / 1000} kB) that moves, TRANSFER_TO_HOST_2D and FLUSH of it`,
};

export function formatHd(report: HdReport): string {
  const { date, machine, peer, node, rounds, seconds, results } = report;
  const lines = [
    `# 2D at ${WIDTH}x${HEIGHT} beside QEMU's vhost-user-gpu, ${date}`,
    "",
    `\`npm run bench:hd\`: ${peer}; Node ${node}; ${machine}; ${rounds} rounds in turns of ${seconds} s (medians).`,
    ...METHOD,
  ];
  for (const workload of WORKLOADS) {
    const rows = results.filter((result) => result.workload === workload);
    if (rows.length === 0) continue;
    lines.push("", `## ${TITLES[workload]}`, "", ...bytesTable(rows), ...mergedNote(rows), "", ...costTable(rows));
  }
  return `${lines.join("\n")}\n`;
}

const METHOD = [
  "",
  "One driver for all: the test kit's front-end, without a VM; guest memory in one piece. A frame is done when its FLUSH is answered. The",
  "GPU socket ends in one program for both back-ends, which does what QEMU does with `-display none`: receives a message, copies its rows",
  "into the surface. (With `/dev/udmabuf`, which is not here, QEMU's back-end would hand over its copy of the guest's picture instead:",
  "the memcpy of TRANSFER stays, the others go.) Every run ends with a comparison of all pixels that are shown, on the surface or in Weston's screenshot.",
  "",
  "**Bytes** are counted from outside, for both back-ends and both displays alike (`bench/count-copies.c`, LD_PRELOAD): memcpy and",
  "memmove, pixman's composites, sockets; calls for 512 bytes or more. Counted in runs of their own, without timing.",
  "*Ledger* is what our device tells of itself. Not seen: what shaders read (Weston's renderer samples the guest's pages, llvmpipe in",
  "place of a GPU; that is in Weston's processor time) and what the kernel moves for a socket, whose two ends are *sent* and *received*.",
  "",
  `**Cost** is user and system time of all threads. *Paced*: ${PACE} flushes a second, so that each is shown. *Drawing* is llvmpipe's`,
  "threads in Weston, a GPU's work elsewhere (headless Weston puts it off until a picture is taken; it is counted with that). The",
  "window stands before that step: QEMU's own window, and the compositor behind it, would come on top. *Unthrottled*: the next frame when",
  "the last is answered. QEMU's back-end waits for its window; ours does not, and merges what the window has not taken.",
];

function bytesTable(rows: readonly HdResult[]): string[] {
  return [
    "| kB per frame | back-end: memcpy | composite | sent | **all** | ledger | display: received | memcpy | **all, both** |",
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ...rows.map(({ side, displayName, counted: { backEnd, display, ledger } }) => {
      const cells = [
        ...[backEnd.copied, backEnd.composed, backEnd.sent].map(kilobytes),
        `**${kilobytes(allBytes(backEnd))}**`,
        ledger === null ? "" : ledgerCell(ledger),
        ...[display.received, display.copied + display.composed].map(kilobytes),
        `**${kilobytes(allBytes(backEnd) + ownBytes(display))}**`,
      ];
      return `| ${side} / ${displayName} | ${cells.join(" | ")} |`;
    }),
  ];
}

/** Frames that were not shown moved less. */
function mergedNote(rows: readonly HdResult[]): string[] {
  const merged = rows.filter(({ counted }) => counted.shownFrames < counted.frames);
  if (merged.length === 0) return [];
  const told = merged.map(({ side, counted }) => `${counted.shownFrames} of ${counted.frames} (${side})`);
  return ["", `Frames shown while counting, on a machine with other work: ${told.join(", ")}.`];
}

function ownBytes(display: MovedBytes): number {
  return allBytes(display) - display.sent;
}

function ledgerCell(ledger: Readonly<Record<string, number>>): string {
  const reasons = Object.entries(ledger).filter(([, bytes]) => bytes >= 50);
  return reasons.map(([reason, bytes]) => `${reason} ${kilobytes(bytes)}`).join(", ") || "0";
}

function costTable(rows: readonly HdResult[]): string[] {
  return [
    "| CPU, ms per frame | back-end | display | both | drawing | shown | unthrottled: flushes/s | shown/s | back-end ms per flush |",
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ...rows.map(({ side, displayName, paced, unthrottled }) => {
      const ms = (of: (one: Timed) => number): string => median(paced.map((one) => of(one) / one.frames)).toFixed(2);
      const rate = (of: (one: Timed) => number): string =>
        median(unthrottled.map((one) => of(one) / one.seconds)).toFixed(0);
      const cells = [
        ms((one) => one.backEndCpuMs),
        ms((one) => one.displayCpuMs),
        `**${ms((one) => one.backEndCpuMs + one.displayCpuMs)}**`,
        ms((one) => one.drawingCpuMs),
        percent(median(paced.map((one) => one.shownFrames / one.frames))),
        rate((one) => one.frames),
        rate((one) => one.shownFrames),
        median(unthrottled.map((one) => one.backEndCpuMs / one.frames)).toFixed(3),
      ];
      return `| ${side} / ${displayName} | ${cells.join(" | ")} |`;
    }),
  ];
}

/** Thousands of bytes, three digits at least where there are any. */
function kilobytes(bytes: number): string {
  if (bytes < 1) return "0";
  return bytes < 10_000 ? (bytes / 1000).toFixed(2) : (bytes / 1000).toFixed(1);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
