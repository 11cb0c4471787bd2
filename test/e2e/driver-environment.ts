/** Which Mesa a server draws with. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../guest/paths.js";
import { mesa25Environment } from "../mesa25/mesa25.js";

export const DRIVERS = ["system", "mesa25"] as const;
export type Driver = (typeof DRIVERS)[number];

/** Whether Mesa 25 lies in the cache already, so that nothing is downloaded for it. */
export function hasMesa25(): boolean {
  return existsSync(join(cacheFolder("mesa25"), "current"));
}

/** What a process needs in its environment; Mesa 25 is unpacked into the cache on first use. @throws when it cannot be had */
export async function driverEnvironment(driver: Driver): Promise<Readonly<Record<string, string>>> {
  return driver === "mesa25" ? await mesa25Environment() : {};
}
