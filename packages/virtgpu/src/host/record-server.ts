/**
 * Accepts clients at a path and records each in a process of its own. The first connection that submits commands gets the
 * file that was asked for, further ones the same name with `.2`, `.3`, … ; connections without submissions (a library
 * that only looks) leave no file.
 */
import { spawn } from "node:child_process";
import { renameSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { RecordResult } from "@virtgpu/core/capture";
import { cancelWait } from "../native/events.js";
import { closeFd } from "../native/memory.js";
import { ConnectionAcceptor } from "../transport/connection-acceptor.js";
import { listenAtPath, type ListeningSocket } from "../transport/socket-path.js";
import { LineSplitter } from "./child-messages.js";
import type { ScopedLogger } from "./log.js";
import type { Stoppable } from "./stop-signals.js";

/** Where to listen, who does the work, and the first file's path. */
export interface RecordServerOptions {
  readonly listen: string;
  readonly upstream: string;
  readonly file: string;
  readonly log: ScopedLogger;
}

/** One file that was recorded. */
export interface Recording extends RecordResult {
  readonly file: string;
}

const RECORD_MAIN = fileURLToPath(new URL("./record-main.js", import.meta.url));

/** Records every client that connects, each in a process of its own; ends by `drain` or `kill`. */
export class RecordServer implements Stoppable {
  readonly recordings: Recording[] = [];
  /** Connections that could not be recorded. */
  failures = 0;
  readonly #options: RecordServerOptions;
  readonly #listener: ListeningSocket;
  readonly #stops = new Set<() => void>();
  readonly #kills = new Set<() => void>();
  readonly #work: Promise<void>;
  readonly #running = new Set<Promise<void>>();
  readonly #waiters: (() => void)[] = [];
  #connections = 0;
  #files = 0;
  #closing = false;

  private constructor(options: RecordServerOptions) {
    this.#options = options;
    this.#listener = listenAtPath({ path: options.listen, mode: 0o600 });
    this.#work = this.#accept();
  }

  /** @throws {HostError} when the path cannot be had. */
  static start(options: RecordServerOptions): RecordServer {
    return new RecordServer(options);
  }

  /** Resolves when a first client with submissions has been recorded to its end. */
  async firstRecording(): Promise<void> {
    while (this.recordings.length === 0) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  /** Ends every recording in order, its client's connection included: a client may never end by itself. */
  async drain(): Promise<void> {
    if (!this.#closing) {
      this.#closing = true;
      cancelWait(this.#listener.fd);
      this.#listener.close();
    }
    for (const stop of this.#stops) stop();
    await this.#work;
    await Promise.all(this.#running);
  }

  async kill(): Promise<void> {
    for (const kill of this.#kills) kill();
    await this.drain();
  }

  async #accept(): Promise<void> {
    const acceptor = new ConnectionAcceptor(this.#listener.fd, this.#options.log);
    while (!this.#closing) {
      const fd = acceptor.accept();
      if (fd < 0) {
        await acceptor.wait();
        continue;
      }
      const run: Promise<void> = this.#record(fd).finally(() => this.#running.delete(run));
      this.#running.add(run);
    }
  }

  /** Records one client; never rejects. */
  async #record(fd: number): Promise<void> {
    const { upstream, file, log } = this.#options;
    this.#connections += 1;
    const draft = draftName(file, this.#connections);
    const child = spawn(process.execPath, [RECORD_MAIN, upstream, draft], {
      stdio: ["pipe", "pipe", "inherit", fd],
      detached: true,
    });
    closeFd(fd);
    const stop = (): void => void child.stdin?.destroy();
    const kill = (): void => void child.kill("SIGKILL");
    this.#stops.add(stop);
    this.#kills.add(kill);
    child.stdin?.on("error", () => {});
    let name = "";
    let result: RecordResult | null = null;
    const lines = new LineSplitter();
    child.stdout?.on("data", (bytes: Uint8Array) => {
      for (const line of lines.push(bytes)) {
        if (line === "submitted") {
          name = this.#nextName();
          log.info("recording", { file: name });
        } else result = JSON.parse(line) as RecordResult;
      }
    });
    const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
    this.#stops.delete(stop);
    this.#kills.delete(kill);
    this.#finish(draft, name, result, status);
  }

  #finish(draft: string, name: string, result: RecordResult | null, status: number | null): void {
    const { log } = this.#options;
    if (name === "") rmSync(draft, { force: true });
    else renameSync(draft, name);
    if (result === null) {
      this.failures += 1;
      log.error("a connection could not be recorded", { status: status ?? -1 });
      return;
    }
    if (name === "") return;
    this.recordings.push({ ...result, file: name });
    for (const waiter of this.#waiters.splice(0)) waiter();
    log.info("recorded", {
      file: name,
      messages: result.messages,
      frames: result.frames,
      failure: result.failure ?? undefined,
    });
  }

  #nextName(): string {
    this.#files += 1;
    return this.#files === 1 ? this.#options.file : numbered(this.#options.file, this.#files);
  }
}

/** `a.vgs.gz`, 2 → `a.vgs.2.gz`: what says gzip stays at the end. */
function numbered(file: string, number: number): string {
  return file.endsWith(".gz") ? `${file.slice(0, -3)}.${number}.gz` : `${file}.${number}`;
}

function draftName(file: string, connection: number): string {
  const suffix = file.endsWith(".gz") ? ".gz" : "";
  return `${file}.draft-${process.pid}-${connection}${suffix}`;
}
