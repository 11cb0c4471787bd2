/**
 * Packages of a Debian suite without installing them: apt with private lists, status and archives. The mirror is the one that
 * this machine's own sources name, so that no address stands in this repository.
 */
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "./paths.js";
import { lines, run } from "./run.js";

export type Suite = "bookworm" | "bookworm-backports" | "trixie";

const KEYRING = "[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]";

/** `deb` lines for a suite with what it needs to resolve dependencies. */
function sources(suite: Suite): string {
  const mirror = debianMirror();
  const security = (codename: string): string => `deb ${KEYRING} ${mirror}debian-security ${codename}-security main`;
  const main = (name: string): string => `deb ${KEYRING} ${mirror}debian ${name} main`;
  const base = suite === "trixie" ? "trixie" : "bookworm";
  const rows = [main(base), security(base)];
  if (suite === "bookworm-backports") rows.push(main(suite));
  return `${rows.join("\n")}\n`;
}

/** The address of the mirror up to and including the last slash before `debian`. @throws {Error} on a system without Debian's sources */
function debianMirror(): string {
  const targets = lines("apt-get", ["indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"]);
  for (const target of targets) {
    const match = /^(\S+\/)debian\/?$/.exec(target);
    if (match !== null) return match[1]!;
  }
  throw new Error("apt has no Debian mirror among its sources: guests are made of Debian packages");
}

export class DebianSuite {
  readonly name: Suite;
  readonly #options: readonly string[];
  readonly #folder: string;
  readonly #archives: string;

  private constructor(name: Suite, folder: string) {
    this.name = name;
    this.#folder = folder;
    this.#archives = join(folder, "cache", "archives");
    const dirs = {
      "Dir::Etc::sourcelist": join(folder, "sources.list"),
      "Dir::Etc::sourceparts": "/dev/null",
      "Dir::Etc::preferencesparts": "/dev/null",
      "Dir::State::lists": join(folder, "lists"),
      "Dir::State::status": join(folder, "status"),
      "Dir::Cache": join(folder, "cache"),
      "Acquire::Languages": "none",
      "APT::Install-Recommends": "false",
      "APT::Sandbox::User": "root",
    };
    const release = name === "bookworm-backports" ? ["-t", name] : [];
    this.#options = [...Object.entries(dirs).flatMap(([key, value]) => ["-o", `${key}=${value}`]), ...release];
  }

  /** Opens a suite; fetches its package lists the first time. */
  static open(name: Suite): DebianSuite {
    const folder = cacheFolder("apt", name);
    cacheFolder("apt", name, "lists", "partial");
    cacheFolder("apt", name, "cache", "archives", "partial");
    writeFileSync(join(folder, "sources.list"), sources(name));
    writeFileSync(join(folder, "status"), "");
    const suite = new DebianSuite(name, folder);
    if (!readdirSync(join(folder, "lists")).some((file) => file.includes("Packages")))
      suite.#apt(folder, "update", "-qq");
    return suite;
  }

  /** What installing the packages on an empty system would install, as `name_version` in unpacking order. */
  closure(packages: readonly string[]): string[] {
    const simulated = this.#apt(this.#folder, "install", "--simulate", "--yes", ...packages);
    return simulated.flatMap((line) => {
      const match = /^Inst (\S+) \((\S+)/.exec(line);
      return match === null ? [] : [`${match[1]!.replace(/:.*/, "")}_${match[2]!.replaceAll(":", "%3a")}`];
    });
  }

  /** Downloads the packages with all they depend on. @returns the .deb files in unpacking order */
  download(packages: readonly string[]): string[] {
    const names = this.closure(packages);
    const find = (name: string): string | undefined =>
      readdirSync(this.#archives).find((file) => file.startsWith(`${name}_`));
    if (names.some((name) => find(name) === undefined))
      this.#apt(this.#folder, "install", "--download-only", "--yes", "-qq", ...packages);
    return names.map((name) => {
      const file = find(name);
      if (file === undefined) throw new Error(`apt did not download ${name}`);
      return join(this.#archives, file);
    });
  }

  /** Downloads just these packages, without what they depend on. @returns the .deb files in the same order */
  downloadAlone(packages: readonly string[]): string[] {
    return packages.map((name) => {
      // Where the file is already, apt prints nothing: ask in a folder without it.
      const uri = this.#apt(this.#folder, "download", "--print-uris", name).find((line) => line.startsWith("'"));
      const file = uri?.split(" ")[1];
      if (file === undefined) throw new Error(`${this.name} has no package ${name}`);
      const path = join(this.#archives, file);
      if (!existsSync(path)) this.#apt(this.#archives, "download", "-qq", name);
      return path;
    });
  }

  #apt(cwd: string, verb: string, ...args: string[]): string[] {
    return lines("apt-get", [...this.#options, verb, ...args], { cwd });
  }
}

/**
 * Unpacks .deb files into a new folder with merged /usr, as Debian's systems have it. No maintainer script runs.
 * An existing folder is replaced.
 */
export function unpack(debs: readonly string[], folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  for (const name of ["bin", "sbin", "lib", "lib64"]) run("mkdir", ["-p", join(folder, "usr", name)]);
  for (const name of ["bin", "sbin", "lib", "lib64"]) run("ln", ["-s", `usr/${name}`, join(folder, name)]);
  for (const deb of debs) {
    const tar = run("dpkg-deb", ["--fsys-tarfile", deb]);
    run("tar", ["-x", "-C", folder, "--keep-directory-symlink", "--no-same-owner"], { input: tar });
  }
}
