/** Rows with Mesa's virgl driver: kmscube's picture beside the one of QEMU's in-process device, glmark2's default scenes. */
import { setTimeout as delay } from "node:timers/promises";
import { GLMARK2_SCENES } from "../e2e/glmark2.js";
import type { Suite } from "./debian.js";
import { ourBackEnd } from "./guests.js";
import { bootRow, type MatrixRow, type RowGuest } from "./matrix-row.js";
import { PeerScreen } from "./peer.js";
import { pictureWhen } from "./picture.js";
import { countColours, type Screen } from "./qmp.js";
import { virglUserland } from "./userland.js";

type Mesa = "bookworm" | "trixie";

const MODE = { width: 1280, height: 800 } as const;
/** The cube turns with the count of its frames: the last of so many is the same picture everywhere. */
const CUBE = `LD_PRELOAD=/run/programs/hold kmscube -D /dev/dri/card0 -v ${MODE.width}x${MODE.height} -c 100 2>&1 || exit 1\n`;
/** Long enough for a frame rate; the scenes are there to be drawn, bench/guest measures. */
const SCENE_SECONDS = 0.5;
/** Off-screen it is as large as the largest mode, whatever `--size` says, which must differ from the mode: see programs/only-mode.c. */
const ONE_MODE = "LD_PRELOAD=/run/programs/only-mode ONLY_MODE=800x600";
const SCENES = `${ONE_MODE} glmark2-es2-drm --off-screen --size 1x1 -b :duration=${SCENE_SECONDS} 2>&1\n`;

/** Pictures of two drivers agree as far as rounding lets them: the rule of all our comparisons of frames. */
const MIN_PSNR = 50;
const MAX_STEP = 8;
const MAX_SHARE = 0.001;

const peerPictures = new Map<Mesa, Promise<Screen>>();

/** The cube on `virtio-gpu-gl-pci`, drawn once for each Mesa. */
function peerCube(mesa: Mesa): Promise<Screen> {
  let picture = peerPictures.get(mesa);
  if (picture === undefined) {
    picture = drawPeerCube(mesa);
    peerPictures.set(mesa, picture);
  }
  return picture;
}

async function drawPeerCube(mesa: Mesa): Promise<Screen> {
  const screen = await PeerScreen.start();
  try {
    let picture: Screen | null = null;
    await bootRow({
      ...{
        kernel: "bookworm-backports",
        userland: virglUserland(mesa),
        command: CUBE,
        programs: ["hold"],
        backEnd: null,
      },
      options: screen.bootOptions("sdl"),
      async watch(_qmp, guest) {
        await guest.step("held");
        // The window is drawn a moment after the guest's flush.
        await delay(1500);
        picture = screen.picture(MODE.width, MODE.height);
        guest.answer();
      },
    });
    return picture!;
  } finally {
    await screen.close();
  }
}

export function virglRow(kernel: Suite, mesa: Mesa): MatrixRow {
  const userland = virglUserland(mesa);
  return {
    ...{ kernel, guest: userland.name, what: "kmscube, glmark2's default scenes", backEnd: "virtgpu --virgl" },
    async run() {
      const peer = await peerCube(mesa);
      let cube: Screen | null = null;
      const watch: RowGuest["watch"] = async (qmp, guest) => {
        await guest.step("held");
        cube = await pictureWhen(qmp, guest, (screen) => compare(screen, peer).isAlike);
        guest.answer();
      };
      const backEnd = (): ReturnType<typeof ourBackEnd> => ourBackEnd("--virgl");
      const result = await bootRow({
        kernel,
        userland,
        command: CUBE + SCENES,
        programs: ["hold", "only-mode"],
        backEnd,
        watch,
      });
      const { psnr, share } = compare(cube!, peer);
      const pictures = `cube as on virtio-gpu-gl-pci (PSNR ${psnr.toFixed(0)} dB, ${(share * 100).toFixed(3)} % of the pixels off by more than ${MAX_STEP})`;
      return `${readVersions(result.console)}; ${pictures}; ${readScenes(result.console)}`;
    },
  };
}

function readVersions(text: string): string {
  const version = /GL_VERSION:\s+(.*)/.exec(text)?.[1];
  const renderer = /GL_RENDERER:\s+(virgl \(.*)/.exec(text)?.[1];
  if (renderer === undefined) throw new Error(`not virgl but ${/GL_RENDERER:.*/.exec(text)?.[0]}`);
  return `${version}, ${renderer}`;
}

function readScenes(text: string): string {
  const scenes = [...text.matchAll(/^\[(\w+)\] .*: FPS: (\d+)/gm)];
  const bad = /^\[\w+\] .*: (?:Unsupported|Set up failed|.*[Ff]ail.*)$/m.exec(text)?.[0];
  if (bad !== undefined || scenes.length !== GLMARK2_SCENES.length || scenes.some(([, , fps]) => fps === "0"))
    throw new Error(
      `glmark2 ran ${scenes.length} of ${GLMARK2_SCENES.length} scenes${bad === undefined ? "" : `: ${bad}`}`,
    );
  const score = /glmark2 Score: (\d+)/.exec(text)?.[1] ?? "none";
  return `glmark2-es2-drm off-screen: all ${scenes.length} default scenes, score ${score}`;
}

function compare(a: Screen, b: Screen): { psnr: number; share: number; isAlike: boolean } {
  if (a.width !== b.width || a.height !== b.height || countColours(a).size < 1000)
    return { psnr: 0, share: 1, isAlike: false };
  let squares = 0;
  let off = 0;
  for (let at = 0; at < a.rgb.length; at += 3) {
    let worst = 0;
    for (let i = at; i < at + 3; i++) {
      const step = Math.abs(a.rgb[i]! - b.rgb[i]!);
      squares += step * step;
      if (step > worst) worst = step;
    }
    if (worst > MAX_STEP) off++;
  }
  const psnr = squares === 0 ? Infinity : 10 * Math.log10((255 * 255 * a.rgb.length) / squares);
  const share = off / (a.width * a.height);
  return { psnr, share, isAlike: psnr >= MIN_PSNR && share <= MAX_SHARE };
}
