/** Rows about ends and new beginnings: reboot, driver unbind and bind, QEMUs that come and go. What is left behind is counted. */
import { setTimeout as delay } from "node:timers/promises";
import type { Suite } from "./debian.js";
import { BackEnd, type ProcessFacts, processFacts } from "./back-end.js";
import { bootGuest } from "./boot.js";
import { ourBackEnd, prepareMachine } from "./guests.js";
import type { GuestWatch } from "./guest-watch.js";
import { bootRow, type MatrixRow } from "./matrix-row.js";
import { assertSame, pictureWhen } from "./picture.js";
import { countColours, type Qmp } from "./qmp.js";
import { CONNECTOR } from "./rows-2d.js";
import { compareWithSmpte } from "./smpte.js";
import { prepareUserland, virglUserland } from "./userland.js";

/**
 * How much memory may be more after the last cycles than after those of the second quarter, medians of both: JavaScript's heap goes up and
 * down by 5 MB. Less than a megabyte left behind by each of the 12 cycles between is more.
 */
const GROWTH_SLACK_BYTES = 10 << 20;
/** The same between the last two QEMUs on one back-end. */
const RECONNECT_SLACK_BYTES = 16 << 20;
const CUBE = "kmscube -D /dev/dri/card0";
/** kmscube ends when it can read its standard input, and a shell gives its background jobs /dev/null. */
const ENDLESS_CUBE = `sleep 1000 | ${CUBE} 2>&1`;
const MODES = `modetest -M virtio_gpu -s ${CONNECTOR}:1024x768`;
const REBINDS = 24;

/** A reboot in the middle of drawing, then the driver is unbound and bound again; each time 3D and 2D work afterwards. */
const REBOOT_SCRIPT = `
cube() { ${CUBE} -c 60 2>&1 | grep -E 'renderer|^Rendered'; }
cube || exit 1
step alive
${MODES} || exit 1
if [ "$ANSWER" = reboot ]; then
  ${ENDLESS_CUBE} >/dev/null &
  step rebooting
  reboot -f
  sleep 60
fi
driver=/sys/bus/virtio/drivers/virtio_gpu
device=$(basename $(ls -d $driver/virtio*))
for i in ${Array.from({ length: REBINDS }, (_, i) => i + 1).join(" ")}; do
  echo $device > $driver/unbind || exit 1
  [ ! -e /dev/dri/card0 ] || { echo "the card is still there"; exit 1; }
  step unbound
  echo $device > $driver/bind || exit 1
  for n in 1 2 3 4 5 6 7 8 9 10; do [ -e /dev/dri/card0 ] || sleep 0.5; done
  cube || exit 1
done
${MODES}
`;

export function rebootRow(kernel: Suite): MatrixRow {
  return {
    ...{ kernel, guest: "virgl-bookworm", what: "reboot while drawing, unbind and bind", backEnd: "virtgpu --virgl" },
    async run() {
      const facts: ProcessFacts[] = [];
      const cycles: ProcessFacts[] = [];
      const result = await bootRow({
        ...{ kernel, userland: virglUserland("bookworm"), backEnd: () => ourBackEnd("--virgl") },
        command: REBOOT_SCRIPT,
        options: { mayReboot: true },
        async watch(qmp, guest) {
          for (const answer of ["reboot", "go"]) {
            await guest.step("alive");
            guest.answer(answer);
            facts.push(await barsAndFacts(qmp, guest));
            if (answer === "reboot") {
              await guest.step("rebooting");
              await pictureWhen(qmp, guest, (screen) => countColours(screen).size > 1000);
              guest.answer();
            }
          }
          for (let i = 0; i < REBINDS; i++) {
            await guest.step("unbound");
            await delay(500);
            cycles.push(processFacts(guest.backEnd!.pid));
            guest.answer();
          }
          facts.push(await barsAndFacts(qmp, guest));
        },
      });
      const renderers = [...result.console.matchAll(/renderer: "virgl \(/g)].length;
      if (renderers !== 2 + REBINDS) throw new Error(`kmscube used virgl ${renderers} times, not ${2 + REBINDS}`);
      const [before, after] = facts;
      if (before!.fds !== after!.fds)
        throw new Error(`descriptors before the reboot ${before!.fds}, after it ${after!.fds}`);
      return (
        `reboot while kmscube draws: cube and bars before and after, fds ${before!.fds} and ${after!.fds}; ` +
        `${REBINDS} x unbind, bind, cube: without driver ${leftBehind(cycles)}${steadyMemory(cycles)}`
      );
    },
  };
}

/** Waits for modetest's bars, looks at the back-end, lets the guest go on. */
async function barsAndFacts(qmp: Qmp, guest: GuestWatch): Promise<ProcessFacts> {
  const bars = await pictureWhen(qmp, guest, (screen) => screen.width === 1024 && countColours(screen).size >= 8);
  assertSame("modetest's bars", compareWithSmpte(bars));
  const facts = processFacts(guest.backEnd!.pid);
  guest.answer();
  return facts;
}

/** What happens to each QEMU of the row below. */
const ENDS = ["powered off", "powered off", "killed while drawing", "powered off"] as const;

export function reconnectRow(kernel: Suite): MatrixRow {
  return {
    ...{ kernel, guest: "virgl-bookworm", what: "QEMUs one after the other", backEnd: "virtgpu --virgl, one process" },
    async run() {
      const backEnd = await BackEnd.start(ourBackEnd("--virgl"));
      const facts: ProcessFacts[] = [];
      try {
        for (const end of ENDS) {
          await (end === "powered off" ? drawAndPowerOff(kernel, backEnd) : drawAndBeKilled(kernel, backEnd));
          await delay(3000);
          facts.push(processFacts(backEnd.process.pid));
        }
      } finally {
        const end = await backEnd.end();
        if (end !== "status 0") facts.length = 0;
      }
      if (facts.length === 0) throw new Error(`the back-end did not end well:\n${backEnd.process.output()}`);
      const [last, before] = [facts.at(-1)!, facts.at(-2)!];
      if (last.rssBytes - before.rssBytes > RECONNECT_SLACK_BYTES)
        throw new Error(`memory was left behind: ${leftBehind(facts)}`);
      return `${ENDS.length} QEMUs (${ENDS.join(", ")}) on one back-end; each drew, also after stop and cont; afterwards ${leftBehind(facts)}`;
    },
  };
}

async function drawAndPowerOff(kernel: Suite, backEnd: BackEnd): Promise<void> {
  let cubes = 0;
  await bootRow({
    ...{ kernel, userland: virglUserland("bookworm"), backEnd, command: `${ENDLESS_CUBE} & step drawn; kill $!\n` },
    async watch(qmp, guest) {
      await guest.step("drawn");
      await pictureWhen(qmp, guest, (screen) => countColours(screen).size > 1000);
      // QEMU ends the session of the device at `stop`, and begins a new one with the old queues at `cont`.
      await qmp.execute("stop", {});
      await qmp.execute("cont", {});
      const [first, second] = [await cubeNow(qmp, guest), await cubeNow(qmp, guest)];
      if (Buffer.compare(first, second) === 0) throw new Error("the cube stands still after stop and cont");
      cubes++;
      guest.answer();
    },
  });
  if (cubes !== 1) throw new Error("no cube was seen");
}

/** A cube's pixels, half a second from now. */
async function cubeNow(qmp: Qmp, guest: GuestWatch): Promise<Uint8Array> {
  await delay(500);
  return (await pictureWhen(qmp, guest, (screen) => countColours(screen).size > 1000)).rgb;
}

async function drawAndBeKilled(kernel: Suite, backEnd: BackEnd): Promise<void> {
  const result = await bootGuest({
    ...prepareMachine(kernel),
    userland: prepareUserland(virglUserland("bookworm")),
    backEnd,
    command: `${CUBE} 2>&1\n`,
    async watch(qmp, guest) {
      await pictureWhen(qmp, guest, (screen) => countColours(screen).size > 1000);
      guest.qemu.kill("SIGKILL");
    },
  });
  if (result.failure !== null) throw new Error(`${result.failure}\n${result.console.slice(-2000)}`);
}

/** Descriptors and shared mappings must be as many as the first time. @throws {Error} if not */
function leftBehind(facts: readonly ProcessFacts[]): string {
  const few =
    facts.length <= 6 ? facts : [facts[0]!, facts[facts.length >> 2]!, facts[facts.length >> 1]!, facts.at(-1)!];
  const list = (pick: (one: ProcessFacts) => number): string => few.map((one) => Math.round(pick(one))).join(", ");
  const words = `fds ${list((f) => f.fds)}, shared mappings ${list((f) => f.sharedMappings)}, RSS ${list((f) => f.rssBytes / 2 ** 20)} MiB`;
  const [first] = facts;
  const isSame = facts.every((f) => f.fds === first!.fds && f.sharedMappings === first!.sharedMappings);
  if (!isSame) throw new Error(`something was left behind: ${words}`);
  return words;
}

/** Memory must be the same at the end as in the second quarter, when everything has been used once. @throws {Error} if not */
function steadyMemory(facts: readonly ProcessFacts[]): string {
  const quarter = facts.length >> 2;
  const grown = medianMemory(facts.slice(-quarter)) - medianMemory(facts.slice(quarter, 2 * quarter));
  const words = ` (last quarter against second: ${(grown / 2 ** 20).toFixed(1)} MiB)`;
  if (grown > GROWTH_SLACK_BYTES) {
    const all = facts.map((one) => (one.rssBytes / 2 ** 20).toFixed(0)).join(" ");
    throw new Error(`memory is left behind${words}: ${all}`);
  }
  return words;
}

function medianMemory(facts: readonly ProcessFacts[]): number {
  const sorted = facts.map((one) => one.rssBytes).sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}
