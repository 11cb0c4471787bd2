/** `virtgpu doctor`: what this host can do, each refusal with its cause and its cure. */
import { examineHost } from "../doctor/examine-host.js";
import type { DoctorReport, Finding } from "../doctor/finding.js";
import { ExitStatus, type ExitStatusCode } from "./exit-status.js";
import { jsonOption } from "./options.js";
import { defineVerb } from "./verb.js";

export const doctor = defineVerb({
  name: "doctor",
  summary:
    "say what this host can do for the device, each refusal with its cure; exits 4 where everything must be copied",
  options: { ...jsonOption },
  example: "virtgpu doctor --json",
  async run({ options, print }): Promise<ExitStatusCode> {
    const report = await examineHost();
    if (options.json) print(JSON.stringify(report, null, 2));
    else {
      for (const finding of report.findings) print(describe(finding));
      print(conclusion(report));
    }
    if (!report.ok) return ExitStatus.HOST_CANNOT;
    return report.zeroCopy ? ExitStatus.DONE : ExitStatus.NO_ZERO_COPY;
  },
});

function describe({ name, ok, weight, detail, cure }: Finding): string {
  const mark = ok ? "ok  " : weight === "needed" ? "FAIL" : weight === "info" ? "note" : "no  ";
  return `${mark} ${name}: ${detail}${cure === undefined ? "" : `\n       cure: ${cure}`}`;
}

function conclusion({ ok, zeroCopy }: DoctorReport): string {
  if (!ok) return "this host cannot run virtgpu";
  return zeroCopy
    ? "this host can run virtgpu, and use guest memory in place"
    : "this host can run virtgpu, but must copy: see what is marked no";
}
