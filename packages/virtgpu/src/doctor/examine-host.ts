/** What this host can do for the device: each refusal with its cause and its cure. */
import { probeHost, type ProbeReport } from "../probe/probe-host.js";
import type { DoctorReport, Finding } from "./finding.js";
import { importFindings } from "./import-findings.js";
import { platformFindings } from "./platform-findings.js";
import * as system from "./system-findings.js";

/** Takes some seconds: it opens the driver on every kind of platform, and tries what can be imported, in processes of their own. */
export async function examineHost(): Promise<DoctorReport> {
  const basics = [system.nodeVersion(), system.addonLoads()];
  if (basics.some((finding) => !finding.ok)) return { ok: false, zeroCopy: false, findings: basics };
  const platforms = await platformFindings();
  const report = await probeHost({ eglPlatform: "auto", api: "gles" });
  return conclude(report, [
    ...basics,
    system.sealedMemory(),
    ...platforms,
    system.renderNodes(),
    system.udmabuf(report.udmabuf),
    system.pageAddresses(),
    system.heaps(report.heaps, report.profile.dma.addressBits),
    ...importFindings(report),
  ]);
}

function conclude({ profile }: ProbeReport, findings: readonly Finding[]): DoctorReport {
  const hasPlatform = findings.some(({ ok, weight }) => ok && weight === "one-of");
  const ok = hasPlatform && findings.every((finding) => finding.ok || finding.weight !== "needed");
  const { images } = profile;
  return { ok, zeroCopy: ok && images !== null && !images.bounces, findings };
}
