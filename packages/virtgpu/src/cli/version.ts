/** What `--version` says. */
import { readFileSync } from "node:fs";
import { describeDriver } from "../host/driver.js";

export function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return manifest.version;
}

/** Three lines: ours, Node's, the GL driver's (or why there is none). */
export function describeVersions(): string {
  return `virtgpu ${packageVersion()}\nNode ${process.version}\nGL ${describeDriver()}`;
}
