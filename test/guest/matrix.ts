/**
 * `npm run test:guests`: every kernel with every userland on our back-end, and the picture of QEMU's own 2D back-end beside ours.
 * Prints a table and writes it to test/guest/results. Exit 0 only if all is right.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BackEndCommand, bootGuest, type BootResult, type GuestWatch } from "./boot.js";
import type { Suite } from "./debian.js";
import { type GuestMachine, guestRefusal, ourBackEnd, prepareMachine, referenceBackEnd } from "./guests.js";
import { countColours, type Qmp } from "./qmp.js";
import { pictureWhen } from "./picture.js";
import { compareWithSmpte } from "./smpte.js";
import { USERLAND_2D, type UserlandRecipe, prepareUserland, virglUserland } from "./userland.js";

interface Row {
  readonly kernel: string;
  readonly guest: string;
  readonly backEnd: string;
  readonly result: string;
  readonly isRight: boolean;
  readonly seconds: number;
}

interface Job {
  readonly kernel: Suite;
  readonly userland: UserlandRecipe;
  readonly backEnd: (machine: GuestMachine) => BackEndCommand;
  readonly backEndName: string;
  readonly command: string;
  /** Watches the display; its words go into the table. */
  readonly watch: (qmp: Qmp, guest: GuestWatch) => Promise<string>;
  /** What the console tells; null when it is wrong. */
  readonly read: (console: string) => string | null;
}

const CONNECTOR = `$(modetest -M virtio_gpu -c | awk '$3 == "connected" {print $1; exit}')`;
const MODESET = `sleep 8 | modetest -M virtio_gpu -s ${CONNECTOR}:1024x768\n`;
const SCENES = "build texture shading bump jellyfish ideas effect2d desktop pulsar refract".split(" ");
const DRAW = `kmscube -D /dev/dri/card0 -c 300 2>&1
glmark2-es2-drm --off-screen -s 800x600 ${SCENES.map((scene) => `-b ${scene}:duration=2.0`).join(" ")} 2>&1
`;

function twoD(kernel: Suite, backEnd: Job["backEnd"], backEndName: string): Job {
  return {
    ...{ kernel, backEnd, backEndName, userland: USERLAND_2D, command: MODESET, read: () => "" },
    async watch(qmp, guest) {
      const bars = await pictureWhen(qmp, guest, (screen) => screen.width === 1024 && countColours(screen).size >= 8);
      const { differing, first } = compareWithSmpte(bars);
      if (differing > 0) throw new Error(`${differing} pixels differ from the bars, the first at ${first}`);
      return "1024x768 bars pixel by pixel";
    },
  };
}

function virgl(kernel: Suite, suite: "bookworm" | "trixie"): Job {
  return {
    ...{ kernel, userland: virglUserland(suite), command: DRAW, backEndName: "virtgpu --virgl" },
    backEnd: () => ourBackEnd("--virgl"),
    async watch(qmp, guest) {
      const cube = await pictureWhen(qmp, guest, (screen) => countColours(screen).size > 1000);
      return `cube in ${countColours(cube).size} colours`;
    },
    read(text) {
      const cube = [...text.matchAll(/Rendered \d+ frames in .* \(([\d.]+) fps\)/g)].at(-1)?.[1];
      const scenes = [...text.matchAll(/^\[(\w+)\].*FPS: (\d+)/gm)].map((match) => `${match[1]} ${match[2]}`);
      const isVirgl = /GL_RENDERER:\s+virgl \(/.test(text);
      if (cube === undefined || !isVirgl || scenes.length !== SCENES.length) return null;
      return `kmscube ${Number(cube).toFixed(0)} fps; glmark2 off-screen 800x600: ${scenes.join(", ")}`;
    },
  };
}

async function runJob(job: Job): Promise<Row> {
  const machine = prepareMachine(job.kernel);
  let seen = "";
  const watch = async (qmp: Qmp, guest: GuestWatch): Promise<void> => void (seen = await job.watch(qmp, guest));
  const { command } = job;
  const userland = prepareUserland(job.userland);
  const result: BootResult = await bootGuest({
    ...machine,
    ...{ userland, command, watch, backEnd: job.backEnd(machine), timeoutMs: 400_000 },
  });
  const told = job.read(result.console);
  const isRight = result.failure === null && result.status === 0 && told !== null;
  const words = isRight
    ? [seen, told].filter((part) => part !== "").join("; ")
    : (result.failure ?? `status ${result.status}`);
  if (!isRight) console.error(`${result.console}\n--- back-end\n${result.backEndLog}`);
  const common = { kernel: machine.kernel.version, guest: job.userland.name, backEnd: job.backEndName };
  return { ...common, result: words, isRight, seconds: result.seconds };
}

const refusal = guestRefusal();
if (refusal !== null) {
  console.error(`no guest can be booted here: ${refusal}`);
  process.exit(3);
}
const jobs: Job[] = [
  twoD("bookworm", () => ourBackEnd(), "virtgpu"),
  twoD("bookworm-backports", () => ourBackEnd(), "virtgpu"),
  twoD("bookworm-backports", ({ qemu }) => referenceBackEnd(qemu), "QEMU vhost-user-gpu"),
  virgl("bookworm", "bookworm"),
  virgl("bookworm-backports", "bookworm"),
  virgl("bookworm-backports", "trixie"),
];
const wanted = process.argv.slice(2);
const rows: Row[] = [];
for (const [i, job] of jobs.entries()) {
  if (wanted.length > 0 && !wanted.includes(String(i + 1))) continue;
  console.log(`${i + 1}/${jobs.length}: ${job.userland.name} on Linux of ${job.kernel}, ${job.backEndName}`);
  rows.push(await runJob(job));
  console.log(`   ${rows.at(-1)!.isRight ? "right" : "WRONG"}: ${rows.at(-1)!.result}`);
}
const table = [
  "| kernel | guest | back-end | result | seconds |",
  "|---|---|---|---|--:|",
  ...rows.map(
    (row) =>
      `| ${row.kernel} | ${row.guest} | ${row.backEnd} | ${row.isRight ? "" : "**WRONG** "}${row.result} | ${row.seconds.toFixed(0)} |`,
  ),
].join("\n");
const date = new Date().toISOString().slice(0, 10);
const folder = join(fileURLToPath(new URL("../../guest/results", import.meta.url)));
mkdirSync(folder, { recursive: true });
const machine = prepareMachine();
const head = `# Guests, ${date}\n\n${machine.qemu.version} under TCG, Node ${process.versions.node}, host driver llvmpipe.\n\n`;
if (wanted.length === 0) writeFileSync(join(folder, `${date}.md`), `${head}${table}\n`);
console.log(`\n${table}`);
process.exitCode = rows.every((row) => row.isRight) ? 0 : 1;
