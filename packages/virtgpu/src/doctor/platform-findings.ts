/** Whether a GL driver opens on each kind of EGL platform. Each is tried in a process of its own: drivers crash in eglInitialize, too. */
import { EGL_PLATFORMS, type EglPlatform, type GlApi } from "../native/egl.js";
import type { OpenAnswer } from "../probe/trial-messages.js";
import { TrialProcess } from "../probe/trial-process.js";
import { bad, good, type Finding } from "./finding.js";

interface Opened {
  readonly platform: EglPlatform;
  readonly answer: OpenAnswer | null;
  /** Why it did not open; empty: it did. */
  readonly failure: string;
  readonly code: string;
  readonly cure: string;
}

/** What eglInitialize returning false (virglrenderer's "virgl_init_egl: -1") means where, and what to try. */
const INITIALIZE_CURES: Readonly<Record<EglPlatform, string>> = {
  surfaceless:
    "the driver behind the first EGL vendor does not start: check that the board's GLES package or libgl1-mesa-dri is installed, /usr/share/glvnd/egl_vendor.d, and permissions of /dev/dri",
  device: "the EGL device does not start: check permissions of its /dev/dri node",
  gbm: "this EGL does not take this GBM device: libgbm.so.1 must be the GL driver's own; check permissions of /dev/dri",
  wayland:
    "the compositor offers no buffers that this EGL understands (wl_drm, linux-dmabuf); the device needs no compositor to draw",
};

export async function platformFindings(environment: NodeJS.ProcessEnv = process.env): Promise<Finding[]> {
  const gles = await Promise.all(EGL_PLATFORMS.map((platform) => open(platform, "gles", environment)));
  const findings = gles.map((opened) => describe("GLES", "one-of", opened, gles));
  const usable = gles.filter(({ answer }) => answer !== null);
  const apis = usable.map(({ answer }) => answer!.clientApis);
  if (usable.length > 0 && apis.every((text) => !/\bOpenGL(?!_)\b/.test(text)))
    return [...findings, glesOnly(apis[0]!)];
  const desktop = await Promise.all(EGL_PLATFORMS.map((platform) => open(platform, "gl", environment)));
  return [...findings, ...desktop.map((opened) => describe("desktop GL", "info", opened, desktop))];
}

function glesOnly(apis: string): Finding {
  return bad(
    "desktop GL",
    "info",
    `this host is GLES-only (EGL_CLIENT_APIS: ${apis.trim()}): no --host-gl, and no buffers in guest memory`,
    "leave --host-gl out: textures and screens need GLES only; vertex data is uploaded once by the driver",
  );
}

async function open(platform: EglPlatform, api: GlApi, environment: NodeJS.ProcessEnv): Promise<Opened> {
  const process = new TrialProcess({ kind: "open", platform, software: false, api }, environment);
  const answer = await process.open();
  process.stop();
  const none = { platform, answer: null };
  if ("crash" in answer)
    return { ...none, failure: `the driver died (${answer.crash})`, code: "EGL_CRASHED", cure: "use another platform" };
  const { failure } = answer;
  if (failure === undefined) return { platform, answer, failure: "", code: "", cure: "" };
  return { ...none, failure: failure.message, code: failure.code, cure: failure.cure ?? "use another platform" };
}

function describe(name: string, weight: "one-of" | "info", opened: Opened, all: readonly Opened[]): Finding {
  const title = `${name} by ${opened.platform}`;
  const { answer } = opened;
  if (answer !== null) {
    const device = answer.device?.renderNode || answer.device?.deviceFile;
    return good(title, weight, `${answer.version} on ${answer.renderer}${device ? `, ${device}` : ""}`);
  }
  const own = opened.code === "EGL_INITIALIZE_FAILED" ? INITIALIZE_CURES[opened.platform] : opened.cure;
  const other = all.find((candidate) => candidate.answer !== null)?.platform;
  const cure = other === undefined ? own : `use --egl-platform=${other}, which works here; else: ${own}`;
  return bad(title, weight, opened.failure, cure);
}
