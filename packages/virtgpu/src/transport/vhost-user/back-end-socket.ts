import { HostError, type Logger } from "@virtgpu/core/base";
import { BackEndChannel, type Fd } from "@virtgpu/core/vhost-user";
import { closeFd } from "../../native/memory.js";
import { sendNow } from "../../native/socket.js";
import { MessageSocket } from "./message-socket.js";

const CLOSED = "the front-end closed it";

/** The socket on which we ask the front-end (SET_BACKEND_REQ_FD). The device lives on without it. */
export class BackEndSocket {
  readonly #hasProtocolFeature: (bit: bigint) => boolean;
  readonly #logger: Logger;
  #socket: MessageSocket | null = null;
  #channel: BackEndChannel | null = null;

  constructor(hasProtocolFeature: (bit: bigint) => boolean, logger: Logger) {
    this.#hasProtocolFeature = hasProtocolFeature;
    this.#logger = logger;
  }

  /** To wait on for replies, or -1. */
  get fd(): number {
    return this.#socket?.fd ?? -1;
  }

  /** Null: the front-end gave no socket, or it is gone. */
  get channel(): BackEndChannel | null {
    return this.#channel;
  }

  /** Takes the socket over, in place of the one before. */
  connect(fd: Fd): void {
    this.close();
    this.#socket = new MessageSocket(fd);
    this.#channel = new BackEndChannel({
      send: (message, fds) => this.#send(fd, message, fds),
      hasProtocolFeature: this.#hasProtocolFeature,
      closeFd,
      logger: this.#logger,
    });
  }

  close(): void {
    const channel = this.#channel;
    this.#channel = null;
    channel?.close();
    this.#socket?.close();
    this.#socket = null;
  }

  /** Reads one reply. The descriptor must be readable. */
  receive(): void {
    const reason = this.#receive();
    if (reason === null) return;
    // A front-end that ends may close it before the rest.
    const level = reason === CLOSED ? "info" : "error";
    this.#logger[level](`The channel to the front-end is closed: ${reason}.`);
    this.close();
  }

  /** @returns why the channel cannot be used any more, or null */
  #receive(): string | null {
    try {
      const message = this.#socket!.receive();
      if (message === null) return CLOSED;
      const outcome = this.#channel!.handle(message.request, message.flags, message.payload, message.fds);
      return outcome.ok ? null : outcome.reason;
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      return error.message;
    }
  }

  /** A request is far smaller than any socket buffer: what does not go at once goes to a front-end that has stopped reading. */
  #send(fd: number, message: Uint8Array, fds: readonly number[]): boolean {
    try {
      return sendNow(fd, message, 0, message.length, Int32Array.from(fds)) === message.length;
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      return false;
    }
  }
}
