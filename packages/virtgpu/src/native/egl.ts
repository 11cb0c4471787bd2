import { HostError } from "@virtgpu/core/base";
import { addon, type AddonEglDevice, type AddonEglInfo } from "./addon.js";

export const EGL_PLATFORMS = ["surfaceless", "device", "gbm", "wayland"] as const;
export type EglPlatform = (typeof EGL_PLATFORMS)[number];
/** `gles`: the newest of OpenGL ES 3.2 to 3.0. `gl`: the newest desktop OpenGL core context, 4.3 or later (`--host-gl`). */
export type GlApi = "gles" | "gl";

/** How to open EGL; the defaults are surfaceless and GLES. */
export interface EglOptions {
  readonly platform?: EglPlatform;
  readonly api?: GlApi;
  /** For gbm, and for device to choose by node. Default: the first /dev/dri/renderD*. */
  readonly renderNode?: string;
  /** For device: take the software device (EGL_MESA_device_software). */
  readonly software?: boolean;
  /** Check GL errors after every op and log the driver's messages to stderr; also by VIRTGPU_GL_DEBUG=1. */
  readonly debug?: boolean;
}

/** What was opened: EGL's own strings, and the version of the context. */
export interface EglInfo extends AddonEglInfo {
  readonly platform: EglPlatform;
  readonly api: GlApi;
}

/** Result of trying one platform, for `doctor`. */
export interface EglProbe {
  readonly platform: EglPlatform;
  readonly api: GlApi;
  readonly ok: boolean;
  /** What the context is when ok, else why there is none. */
  readonly detail: string;
  readonly code?: string;
  readonly cure?: string;
}

const CURES: Readonly<Record<string, string>> = {
  EGL_LIBRARY_MISSING: "install the EGL and GLES libraries: apt-get install libegl1 libgles2 libgl1-mesa-dri",
  EGL_PLATFORM_MISSING: "use --egl-platform surfaceless, or a driver that offers this platform",
  EGL_INITIALIZE_FAILED: "check the driver and permissions of /dev/dri; surfaceless works without a GPU",
  EGL_CONTEXT_FAILED: "the driver is too old: OpenGL ES 3.0 (or OpenGL 4.3 with --host-gl) is needed",
  GBM_LIBRARY_MISSING: "apt-get install libgbm1",
  GBM_DEVICE_FAILED: "pass a render node that exists and that you may open (group render)",
  WAYLAND_LIBRARY_MISSING: "apt-get install libwayland-client0",
  WAYLAND_CONNECT_FAILED: "start it inside a Wayland session (WAYLAND_DISPLAY)",
};

/** Makes a GL context current on this thread. One per process. @throws {HostError} EGL_..., GBM_..., WAYLAND_..., with a cure */
export function openEgl(options: EglOptions = {}): EglInfo {
  const platform = options.platform ?? "surfaceless";
  const api = options.api ?? "gles";
  try {
    const info = addon().eglOpen({
      platform,
      api,
      renderNode: options.renderNode ?? "",
      device: -1,
      software: options.software ?? false,
      debug: options.debug ?? process.env["VIRTGPU_GL_DEBUG"] === "1",
    });
    return { ...info, platform, api };
  } catch (cause) {
    if (cause instanceof HostError || !(cause instanceof Error)) throw cause;
    const code = (cause as Error & { code?: string }).code ?? "EGL_FAILED";
    const cure = CURES[code];
    throw new HostError(code, `${platform}: ${cause.message}`, cure === undefined ? { cause } : { cause, cure });
  }
}

/** Ends the context; a new one may be opened afterwards. */
export function closeEgl(): void {
  addon().eglClose();
}

/** EGL devices of this host (EGL_EXT_device_enumeration); empty when it cannot tell. */
export function eglDevices(): readonly AddonEglDevice[] {
  try {
    return addon().eglDevices();
  } catch {
    return [];
  }
}

/** Tries one platform by opening and closing a context; never throws. Only while no context is open. */
export function probeEgl(platform: EglPlatform, api: GlApi = "gles", options: EglOptions = {}): EglProbe {
  try {
    const info = openEgl({ ...options, platform, api });
    const renderer = addon().glText(0x1f01);
    const version = addon().glText(0x1f02);
    closeEgl();
    const fence = info.hasNativeFenceFd ? "native fence fds" : info.hasFenceSync ? "fence syncs" : "no fence syncs";
    return { platform, api, ok: true, detail: `${version} on ${renderer}, ${fence}` };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    const cure = error.cure === undefined ? {} : { cure: error.cure };
    return { platform, api, ok: false, detail: error.message, code: error.code, ...cure };
  }
}
