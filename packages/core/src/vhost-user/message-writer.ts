import { VHOST_USER_HEADER_BYTES, VHOST_USER_REPLY, VHOST_USER_VERSION } from "./protocol.js";

/** Writes replies. Each is one `send` of a whole message, which is borrowed until it returns. */
export class MessageWriter {
  readonly #send: (message: Uint8Array, fds: readonly number[]) => void;
  #hasReplied = false;

  constructor(send: (message: Uint8Array, fds: readonly number[]) => void) {
    this.#send = send;
  }

  /** Whether a reply went out since this was last asked. */
  takeReplied(): boolean {
    const replied = this.#hasReplied;
    this.#hasReplied = false;
    return replied;
  }

  /** @param fds go along; they stay the caller's */
  reply(request: number, payload: Uint8Array, fds: readonly number[] = []): void {
    const message = new Uint8Array(VHOST_USER_HEADER_BYTES + payload.length);
    const view = new DataView(message.buffer);
    view.setUint32(0, request, true);
    view.setUint32(4, VHOST_USER_VERSION | VHOST_USER_REPLY, true);
    view.setUint32(8, payload.length, true);
    message.set(payload, VHOST_USER_HEADER_BYTES);
    this.#hasReplied = true;
    this.#send(message, fds);
  }

  replyU64(request: number, value: bigint): void {
    const payload = new Uint8Array(8);
    new DataView(payload.buffer).setBigUint64(0, value, true);
    this.reply(request, payload);
  }

  replyVringState(request: number, index: number, value: number): void {
    const payload = new Uint8Array(8);
    const view = new DataView(payload.buffer);
    view.setUint32(0, index, true);
    view.setUint32(4, value, true);
    this.reply(request, payload);
  }
}
