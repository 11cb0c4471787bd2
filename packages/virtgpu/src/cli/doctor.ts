/** `virtgpu doctor`: what this host can do, each refusal with its cure. */
import { examineHost, type Finding } from "../host/doctor.js";
import { ExitStatus, type ExitStatusCode } from "./exit-status.js";
import { jsonOption } from "./options.js";
import { defineVerb } from "./verb.js";

export const doctor = defineVerb({
  name: "doctor",
  summary: "say what this host can do for the device, each refusal with its cure",
  options: { ...jsonOption },
  example: "virtgpu doctor --json",
  async run({ options, print }): Promise<ExitStatusCode> {
    const report = examineHost();
    if (options.json) print(JSON.stringify(report, null, 2));
    else {
      for (const finding of report.findings) print(describe(finding));
      print(report.ok ? "this host can run virtgpu" : "this host cannot run virtgpu");
    }
    return report.ok ? ExitStatus.DONE : ExitStatus.HOST_CANNOT;
  },
});

function describe(finding: Finding): string {
  const mark = finding.ok ? "ok  " : finding.weight === "needed" ? "FAIL" : "no  ";
  const cure = finding.ok || finding.cure === undefined ? "" : `\n       cure: ${finding.cure}`;
  return `${mark} ${finding.name}: ${finding.detail}${cure}`;
}
