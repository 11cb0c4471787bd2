/** What this host can do for the device, each refusal with its cure. */
import { accessSync, constants, existsSync, readdirSync, readFileSync } from "node:fs";
import { HostError } from "@virtgpu/core/base";
import { closeFd, createMemfd, EGL_PLATFORMS, Mapping, probeEgl, type GlApi } from "../native/index.js";

/** `needed`: without it nothing works. `wanted`: something works less well. `info`: told only. */
export type Weight = "needed" | "one-of" | "wanted" | "info";

export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly weight: Weight;
  readonly detail: string;
  readonly cure?: string;
}

export interface DoctorReport {
  /** True when the device can run: everything needed, and at least one EGL platform. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
}

/** Looks at everything; takes about a second, as it opens the GL driver on every kind of platform. */
export function examineHost(): DoctorReport {
  const findings = [nodeVersion(), addonLoads()];
  if (findings.every((finding) => finding.ok)) {
    findings.push(sealedMemory(), ...glPlatforms("gles"), ...glPlatforms("gl"));
  }
  findings.push(renderNodes(), udmabuf());
  const ok =
    findings.every((f) => f.ok || f.weight !== "needed") && findings.some((f) => f.ok && f.weight === "one-of");
  return { ok, findings };
}

const OLDEST_NODE = [20, 19] as const;

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const ok = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  const base = { name: "node", ok, weight: "needed" as const, detail: `Node ${process.version} on ${process.arch}` };
  return ok ? base : { ...base, cure: `install Node ${OLDEST_NODE.join(".")} or newer` };
}

/** The first call loads the addon, whichever it is. */
function addonLoads(): Finding {
  try {
    closeFd(createMemfd("virtgpu-doctor", 4096));
    return { name: "addon", ok: true, weight: "needed", detail: "the native addon loads" };
  } catch (error) {
    return { name: "addon", ok: false, weight: "needed", ...why(error) };
  }
}

function sealedMemory(): Finding {
  const name = "shared memory";
  try {
    const fd = createMemfd("virtgpu-doctor", 1 << 20);
    const mapping = Mapping.map(fd, 0, 1 << 20);
    mapping.release();
    closeFd(fd);
    return { name, ok: true, weight: "needed", detail: "memfds can be sealed and mapped" };
  } catch (error) {
    return { name, ok: false, weight: "needed", ...why(error) };
  }
}

function glPlatforms(api: GlApi): Finding[] {
  return EGL_PLATFORMS.map((platform) => {
    const probe = probeEgl(platform, api);
    const finding = {
      name: `${api === "gles" ? "GLES" : "desktop GL"} by ${platform}`,
      ok: probe.ok,
      weight: api === "gles" ? ("one-of" as const) : ("wanted" as const),
      detail: probe.detail,
    };
    return probe.cure === undefined ? finding : { ...finding, cure: probe.cure };
  });
}

function renderNodes(): Finding {
  const name = "render nodes";
  const nodes = existsSync("/dev/dri") ? readdirSync("/dev/dri").filter((file) => file.startsWith("renderD")) : [];
  if (nodes.length === 0)
    return {
      name,
      ok: false,
      weight: "wanted",
      detail: "no /dev/dri/renderD*: drawing is done by the processor",
      cure: "load the GPU's kernel driver; in a container pass the node through",
    };
  const closed = nodes.filter((node) => !isOpenable(`/dev/dri/${node}`));
  if (closed.length !== 0)
    return {
      name,
      ok: false,
      weight: "wanted",
      detail: `no permission for ${closed.join(", ")}`,
      cure: "add this user to the group render",
    };
  return { name, ok: true, weight: "wanted", detail: nodes.map((node) => `/dev/dri/${node}`).join(", ") };
}

function udmabuf(): Finding {
  const name = "udmabuf";
  const path = "/dev/udmabuf";
  if (!existsSync(path))
    return {
      name,
      ok: false,
      weight: "wanted",
      detail: `${path} is missing: guest memory cannot become dma-bufs`,
      cure: kernelHasUdmabuf() ? "modprobe udmabuf" : "use a kernel with CONFIG_UDMABUF",
    };
  return isOpenable(path)
    ? { name, ok: true, weight: "wanted", detail: path }
    : {
        name,
        ok: false,
        weight: "wanted",
        detail: `no permission for ${path}`,
        cure: "add this user to its group (kvm)",
      };
}

function kernelHasUdmabuf(): boolean {
  try {
    const release = readFileSync("/proc/sys/kernel/osrelease", "latin1").trim();
    return /\/udmabuf\.ko/.test(readFileSync(`/lib/modules/${release}/modules.dep`, "latin1"));
  } catch {
    return false;
  }
}

function isOpenable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function why(error: unknown): { detail: string; cure?: string } {
  if (error instanceof HostError && error.cure !== undefined) return { detail: error.message, cure: error.cure };
  return { detail: error instanceof Error ? error.message : String(error) };
}
