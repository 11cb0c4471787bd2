/**
 * One connection to a Wayland compositor as its client: objects, requests, events. Source: Wayland book, "Wayland Protocol and Model of
 * Operation". Nothing waits for the compositor: what its socket does not take is kept, and a compositor that reads nothing is given up.
 * The compositor is trusted not to lie, but may die or be broken: that ends the connection, never the process.
 */
import { HostError, type Logger } from "@virtgpu/core/base";
import { closeFd, duplicateFd } from "../../native/memory.js";
import { connectUnix, MAX_FDS_PER_MESSAGE, recvFds, sendNow } from "../../native/socket.js";
import { wl_callback, wl_display } from "./generated/protocol.js";
import {
  type Argument,
  type ArgumentsOf,
  HEADER_BYTES,
  type Interface,
  MAX_MESSAGE_BYTES,
  type MessageRow,
  MessageWriter,
  readArguments,
} from "./wire.js";

/** What an object does with its events; those without a handler are dropped. */
export type EventHandlers<I extends Interface> = {
  readonly [K in keyof I["events"]]?: (...args: ArgumentsOf<I["events"][K][1]>) => void;
};

/** The same with types forgotten. */
type AnyHandlers = Readonly<Record<string, ((...args: never[]) => void) | undefined>>;

interface LiveObject {
  readonly interface: Interface;
  readonly events: readonly (readonly [name: string, row: MessageRow])[];
  /** Null: we destroyed it, and the compositor has not confirmed yet. Its events are read, as they may carry descriptors, and dropped. */
  handlers: AnyHandlers | null;
}

const DISPLAY_ID = 1;
/** Ids from here on are given by the compositor. Source: Wayland book, Creating Objects. */
const FIRST_SERVER_ID = 0xff00_0000;
const BUFFER_BYTES = 0x2_0000;
/** Requests that may wait for a compositor that does not read. */
const MAX_WAITING_BYTES = 0x4_0000;

export class WaylandConnection {
  readonly #logger: Logger;
  readonly #onClosed: (reason: HostError) => void;
  readonly #objects = new Map<number, LiveObject>();
  readonly #freeIds: number[] = [];
  #nextId = DISPLAY_ID + 1;
  readonly #writer = new MessageWriter();
  readonly #words = new Uint32Array(BUFFER_BYTES / 4);
  readonly #bytes = new Uint8Array(this.#words.buffer);
  #filledBytes = 0;
  /** The compositor takes nothing any more; what it said is still to be read. */
  #isDeaf = false;
  readonly #receivedFds: number[] = [];
  #fd: number;
  /** Events for objects that do not exist: libwayland drops them too. */
  strayEvents = 0;

  /** Takes the connected socket over. `onClosed` is called once, when the compositor is gone or given up. */
  constructor(fd: number, logger: Logger, onClosed: (reason: HostError) => void) {
    this.#fd = fd;
    this.#logger = logger;
    this.#onClosed = onClosed;
    this.adopt(DISPLAY_ID, wl_display, {
      error: (objectId, code, message) => this.#fail("WAYLAND_ERROR", this.#describeError(objectId, code, message)),
      delete_id: (id) => {
        if (id < FIRST_SERVER_ID && this.#objects.delete(id)) this.#freeIds.push(id);
      },
    });
  }

  /** @throws {HostError} when nobody listens at `path` */
  static connect(path: string, logger: Logger, onClosed: (reason: HostError) => void): WaylandConnection {
    return new WaylandConnection(connectUnix(path), logger, onClosed);
  }

  /** The socket, or -1 once closed. */
  get fd(): number {
    return this.#fd;
  }

  /** Whether requests wait for the compositor to read: then call `flush` again soon. */
  get hasWaiting(): boolean {
    return this.#writer.lengthBytes > 0;
  }

  /** A new object; its id goes into the request that creates it. */
  create<I extends Interface>(type: I, handlers: EventHandlers<I>): number {
    const id = this.#freeIds.pop() ?? this.#nextId++;
    this.adopt(id, type, handlers);
    return id;
  }

  /** An object that the compositor created. */
  adopt<I extends Interface>(id: number, type: I, handlers: EventHandlers<I>): void {
    this.#objects.set(id, { interface: type, events: eventsOf(type), handlers: handlers as AnyHandlers });
  }

  /** Queues a request. Descriptors among the arguments are duplicated: the caller keeps its own. @throws {HostError} none is left */
  send<R extends MessageRow>(objectId: number, row: R, ...args: ArgumentsOf<R[1]>): void {
    if (this.#fd < 0) return;
    const [opcode, types, isDestructor] = row;
    const values = args as Argument[];
    const own = types.includes("h")
      ? values.map((value, i) => (types[i] === "h" ? duplicateFd(value as number) : value))
      : values;
    this.#writer.put(objectId, opcode, types, own);
    if (isDestructor === true) this.#forget(objectId);
    if (types.includes("h") || this.#writer.lengthBytes > MAX_WAITING_BYTES / 8) this.flush();
  }

  /** Calls `done` when the compositor has handled every request before this one. */
  sync(done: () => void): void {
    const callback = this.create(wl_callback, { done });
    this.send(DISPLAY_ID, wl_display.requests.sync, callback);
  }

  /** Hands queued requests to the compositor as far as its socket takes them at once. */
  flush(): void {
    if (this.#fd < 0 || this.#writer.lengthBytes === 0) return;
    if (this.#isDeaf) {
      for (const fd of this.#writer.take().fds) closeFd(fd);
      return;
    }
    try {
      while (this.#sendSome());
      if (this.#writer.lengthBytes > MAX_WAITING_BYTES)
        this.#fail("WAYLAND_STUCK", "the compositor does not read its socket");
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      // Its last words may still be there to read: `receive` finds them, or the end of the stream.
      this.#isDeaf = true;
    }
  }

  /** One message to the socket. Descriptors may arrive before the request that they belong to, never after. @returns whether to go on */
  #sendSome(): boolean {
    const { bytes, fds } = this.#writer.peek();
    if (bytes.length === 0) return false;
    const some = fds.slice(0, MAX_FDS_PER_MESSAGE);
    // Descriptors travel with bytes: some are kept for those that the message has no room for. A request has more bytes than descriptors.
    const length = some.length < fds.length ? 1 : bytes.length;
    const sent = sendNow(this.#fd, bytes, 0, length, Int32Array.from(some));
    if (sent === 0) return false;
    for (const fd of some) closeFd(fd);
    this.#writer.drop(sent, some.length);
    return true;
  }

  /** Reads what came and calls the handlers. The socket must be readable, else this waits. Handlers may send, destroy and close. */
  receive(): void {
    if (this.#fd < 0) return;
    const hasMore = this.#read();
    this.#dispatch();
    if (!hasMore) this.#fail("WAYLAND_GONE", "the compositor closed the connection");
    this.flush();
  }

  /** Closes without telling `onClosed`. */
  close(): void {
    if (this.#fd < 0) return;
    closeFd(this.#fd);
    this.#fd = -1;
    for (const fd of [...this.#receivedFds.splice(0), ...this.#writer.take().fds]) closeFd(fd);
    this.#objects.clear();
  }

  /** @returns false at the end of the stream */
  #read(): boolean {
    try {
      const room = BUFFER_BYTES - this.#filledBytes;
      const { bytes, fds } = recvFds(this.#fd, this.#bytes, this.#filledBytes, room, MAX_FDS_PER_MESSAGE);
      this.#receivedFds.push(...fds);
      this.#filledBytes += bytes;
      return bytes > 0;
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      return false;
    }
  }

  #dispatch(): void {
    let at = 0;
    while (this.#fd >= 0 && this.#filledBytes - at >= HEADER_BYTES) {
      const word = this.#words[at / 4 + 1]!;
      const sizeBytes = word >>> 16;
      if (sizeBytes < HEADER_BYTES || sizeBytes % 4 !== 0 || sizeBytes > MAX_MESSAGE_BYTES) {
        this.#fail("WAYLAND_BROKEN", `the compositor sent a message of ${sizeBytes} bytes`);
        return;
      }
      if (this.#filledBytes - at < sizeBytes) break;
      this.#handle(this.#words[at / 4]!, word & 0xffff, at / 4 + 2, (at + sizeBytes) / 4);
      at += sizeBytes;
    }
    this.#bytes.copyWithin(0, at, this.#filledBytes);
    this.#filledBytes -= at;
  }

  #handle(objectId: number, opcode: number, firstWord: number, endWord: number): void {
    const object = this.#objects.get(objectId);
    if (object === undefined) {
      this.strayEvents++;
      return;
    }
    const event = object.events[opcode];
    if (event === undefined) {
      this.#fail("WAYLAND_BROKEN", `the compositor sent the unknown event ${opcode} of ${object.interface.name}`);
      return;
    }
    const [name, [, types, isDestructor]] = event;
    // Descriptors leave the queue only with a good message: else `close` closes them.
    let taken = 0;
    const args = readArguments(this.#words, firstWord, endWord, types, () => this.#receivedFds[taken++] ?? -1);
    if (!Array.isArray(args)) {
      this.#fail("WAYLAND_BROKEN", `the compositor sent ${object.interface.name}.${name} with a wrong ${args}`);
      return;
    }
    this.#receivedFds.splice(0, taken);
    const handler = object.handlers?.[name];
    if (isDestructor === true) this.#forget(objectId);
    if (handler === undefined) closeDescriptors(types, args);
    else (handler as (...args: Argument[]) => void)(...args);
  }

  /** The object's id is free again when the compositor says so; ids that it gave itself, it never confirms. */
  #forget(objectId: number): void {
    const object = this.#objects.get(objectId);
    if (object === undefined) return;
    object.handlers = null;
    if (objectId >= FIRST_SERVER_ID) this.#objects.delete(objectId);
  }

  #describeError(objectId: number, code: number, message: string): string {
    const name = this.#objects.get(objectId)?.interface.name ?? "an unknown object";
    return `the compositor refuses: ${name} error ${code}: ${message}`;
  }

  #fail(code: string, message: string): void {
    if (this.#fd < 0) return;
    this.close();
    this.#logger.debug("the Wayland connection ends", { code, reason: message });
    this.#onClosed(new HostError(code, message));
  }
}

const eventTables = new Map<Interface, LiveObject["events"]>();

/** Events by opcode. */
function eventsOf(type: Interface): LiveObject["events"] {
  let events = eventTables.get(type);
  if (events === undefined) {
    events = Object.entries(type.events);
    eventTables.set(type, events);
  }
  return events;
}

/** Descriptors of an event that nobody takes. */
function closeDescriptors(types: string, args: readonly Argument[]): void {
  args.forEach((value, i) => {
    if (types[i] === "h") closeFd(value as number);
  });
}
