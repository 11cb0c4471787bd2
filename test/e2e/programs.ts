/** The programs whose streams are recorded and replayed. Each draws at least 40 different frames and ends. */
import { existsSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { usageOf, waitUntil, type Bench } from "./harness.js";

export interface Program {
  readonly name: string;
  /** It ends when it was stopped: how much it has drawn then depends on the machine. */
  readonly isTimed?: boolean;
  /** Runs it through the bench's server; resolves when it has drawn. @param times so many times as long, where it is timed */
  run(bench: Bench, times?: number): Promise<void>;
}

const SCENE_FRAMES = 40;

function scene(name: string, description: string): Program {
  return {
    name,
    async run(bench) {
      const args = ["--size", "320x240", "-b", `:nframes=${SCENE_FRAMES}:duration=60`, "-b", description];
      const result = await bench.client("glmark2-es2", args, { timeoutMs: 600_000 });
      if (result.code !== 0 || !result.stdout.includes("FPS:")) {
        throw new Error(`glmark2-es2 ${description}: exit ${result.code}\n${result.stdout}${result.stderr}`);
      }
    },
  };
}

/** es2gears, which draws for `drawMs` once it draws at all. */
export function es2gears(drawMs: number): Program {
  return {
    name: "es2gears",
    isTimed: true,
    async run(bench, times = 1) {
      const gears = bench.startClient("es2gears_x11", []);
      // On a loaded machine it takes its time to start; its own CPU time tells when it draws.
      await waitUntil(() => usageOf(gears.pid).cpuMs > 150 || !gears.isRunning(), "es2gears to draw", 120_000);
      await delay(drawMs * times);
      if (!gears.isRunning()) throw new Error(`es2gears ended: ${gears.stdout()}${gears.stderr()}`);
      await gears.stop();
    },
  };
}

/** Weston composes with GL through the socket for `drawMs`; its two clients move and draw on the CPU or on llvmpipe. */
export function weston(drawMs: number): Program {
  return { name: "weston", isTimed: true, run: (bench, times = 1) => runWeston(bench, drawMs * times) };
}

async function runWeston(bench: Bench, drawMs: number): Promise<void> {
  const compositor = bench.startClient("weston", [
    "--backend=x11-backend.so",
    "--width=400",
    "--height=300",
    "--socket=virtgpu-weston",
    "--no-config",
  ]);
  const socket = bench.sandbox.outsidePath("/tmp/xdg/virtgpu-weston");
  await waitUntil(() => existsSync(socket) || !compositor.isRunning(), "Weston to listen", 120_000);
  const env = { WAYLAND_DISPLAY: "virtgpu-weston", LIBGL_ALWAYS_SOFTWARE: "1", GALLIUM_DRIVER: "llvmpipe" };
  const clients = [
    bench.sandbox.spawn("weston-simple-egl", [], { env }),
    bench.sandbox.spawn("weston-simple-shm", [], { env }),
  ];
  const [egl] = clients;
  await waitUntil(
    () => usageOf(egl?.pid ?? 0).cpuMs > 150 || egl?.isRunning() !== true,
    "Weston's client to draw",
    120_000,
  );
  await delay(drawMs);
  const alive = [compositor, ...clients].every((process) => process.isRunning());
  for (const client of clients) await client.stop();
  await compositor.stop();
  if (!alive) throw new Error(`weston or a client of it ended early:\n${compositor.stderr()}${compositor.stdout()}`);
}

/** One of every scene kind of glmark2's default list, es2gears, and Weston with two moving clients. */
export const PROGRAMS: readonly Program[] = [
  scene("build", "build:use-vbo=true"),
  scene("texture", "texture:texture-filter=mipmap"),
  scene("shading-phong", "shading:shading=phong"),
  scene("shading-cel", "shading:shading=cel"),
  scene("bump", "bump:bump-render=normals"),
  scene("effect2d", "effect2d:kernel=1,1,1,1,1;1,1,1,1,1;1,1,1,1,1;"),
  scene("pulsar", "pulsar:light=false:quads=5:texture=false"),
  scene("desktop-blur", "desktop:blur-radius=5:effect=blur:passes=1:separable=true:windows=4"),
  scene("desktop-shadow", "desktop:effect=shadow:windows=4"),
  scene("buffer-map", "buffer:columns=200:interleave=false:update-fraction=0.5:update-method=map"),
  scene("buffer-subdata", "buffer:columns=200:interleave=false:update-fraction=0.5:update-method=subdata"),
  scene("ideas", "ideas:speed=8"),
  scene("jellyfish", "jellyfish"),
  scene("shadow", "shadow"),
  scene("refract", "refract"),
  scene("conditionals", "conditionals:fragment-steps=5:vertex-steps=0"),
  scene("function", "function:fragment-complexity=medium:fragment-steps=5"),
  scene("loop", "loop:fragment-steps=5:fragment-uniform=true:vertex-steps=5"),
  es2gears(300),
  weston(1500),
];
