/** The client process's end of its socket pair with the server. Blocking, like everything in that process. */
import { HostError, type LogFields, type Logger } from "@virtgpu/core/base";
import { addon } from "../native/addon.js";
import { pollFds, Poll } from "../native/events.js";
import { recvFds } from "../native/socket.js";
import {
  LineSplitter,
  type ChildMessage,
  type PeerCredentials,
  type ServerMessage,
  type ClientReport,
} from "./child-messages.js";
import type { DeviceReport } from "./device-report.js";
import type { LogLevel } from "./log.js";

const RECEIVE_BYTES = 4096;
const SEVERITY = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 } as const;
/** Log lines of one client: a client that makes errors for ever must not fill the log. */
const MAX_LOG_LINES = 1000;

/** What a client process can tell the server between two messages of its client. */
export interface ServerAnswers {
  status(): ClientReport;
  report(maxListed: number): DeviceReport;
}

export class ServerLink {
  readonly logger: Logger;
  readonly #fd: number;
  readonly #lines = new LineSplitter();
  readonly #encoder = new TextEncoder();
  readonly #buffer = new Uint8Array(RECEIVE_BYTES);
  readonly #pollFd: Int32Array;
  readonly #pollEvents = Int16Array.of(Poll.IN);
  readonly #pollResults = new Int16Array(1);
  #logLines = 0;

  constructor(fd: number, level: LogLevel) {
    this.#fd = fd;
    this.#pollFd = Int32Array.of(fd);
    const at =
      (name: "debug" | "info" | "warn" | "error") =>
      (message: string, fields?: LogFields): void => {
        if (SEVERITY[name] >= SEVERITY[level]) this.#log(name, message, fields);
      };
    this.logger = { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  }

  /** Sends one message; a server that is gone is noticed by the next read. */
  send(message: ChildMessage): void {
    const line = this.#encoder.encode(`${JSON.stringify(message, replaceBigint)}\n`);
    addon().writeFrom(this.#fd, line, 0, line.length);
  }

  sendFailure(error: unknown): void {
    if (error instanceof HostError) {
      const cure = error.cure === undefined ? {} : { cure: error.cure };
      this.send({ type: "failed", code: error.code, message: error.message, ...cure });
    } else {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.send({ type: "failed", code: "INTERNAL", message: text });
    }
  }

  /** Whether the server has said something that was not read yet, or is gone. Does not wait. */
  hasInput(): boolean {
    return pollFds(this.#pollFd, this.#pollEvents, this.#pollResults, 0) > 0;
  }

  /** Waits for the client's socket. Null: the server wants this process no more. */
  receiveClient(): { readonly client: number; readonly peer: PeerCredentials; readonly fd: number } | null {
    for (;;) {
      const { messages, fds, open } = this.#receive();
      for (const message of messages) {
        const fd = fds[0];
        if (message.type === "serve" && fd !== undefined) return { client: message.client, peer: message.peer, fd };
      }
      if (!open) return null;
    }
  }

  /** Answers what the server has asked. False: the server is gone. */
  answer(answers: ServerAnswers): boolean {
    const { messages, open } = this.#receive();
    for (const message of messages) {
      if (message.type === "status") this.send({ type: "status", ...answers.status() });
      else if (message.type === "report") this.send({ type: "report", report: answers.report(message.maxListed) });
    }
    return open;
  }

  #receive(): { messages: ServerMessage[]; fds: readonly number[]; open: boolean } {
    const { bytes, fds } = recvFds(this.#fd, this.#buffer, 0, RECEIVE_BYTES, 1);
    const lines = bytes > 0 ? this.#lines.push(this.#buffer.subarray(0, bytes)) : [];
    return { messages: lines.map((line) => JSON.parse(line) as ServerMessage), fds, open: bytes > 0 };
  }

  #log(level: "debug" | "info" | "warn" | "error", message: string, fields: LogFields | undefined): void {
    if (this.#logLines >= MAX_LOG_LINES) return;
    this.#logLines += 1;
    const last = this.#logLines === MAX_LOG_LINES ? " (this client's further lines are dropped)" : "";
    this.send({ type: "log", level, message: `${message}${last}`, ...(fields === undefined ? {} : { fields }) });
  }
}

function replaceBigint(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
