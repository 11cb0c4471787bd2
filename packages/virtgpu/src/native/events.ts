import { addon, checked } from "./addon.js";

/** Bits of poll(2). */
export const Poll = { IN: 1, OUT: 4, ERR: 8, HUP: 16 } as const;

/** A close-on-exec eventfd, counter 0. @throws {HostError} */
export function createEventFd(isNonBlocking = true): number {
  return checked(addon().createEventFd(isNonBlocking), "create an eventfd");
}

/** Adds 1 to an eventfd. @throws {HostError} */
export function signalEventFd(fd: number): void {
  checked(addon().signalEventFd(fd), "signal an eventfd");
}

/** Empties a non-blocking eventfd. @returns its counter, 0 when it was empty. @throws {HostError} */
export function drainEventFd(fd: number): number {
  return checked(addon().drainEventFd(fd), "drain an eventfd");
}

/**
 * poll(2) with microseconds, blocking the thread: waits until one of the first `count` descriptors has one of its `events` (`Poll`).
 * A descriptor of -1 is skipped. `timeoutUs` < 0 waits for ever. @returns how many `revents` are not 0 (0: timeout). @throws {HostError}
 */
export function pollFds(
  fds: Int32Array,
  events: Int16Array,
  revents: Int16Array,
  timeoutUs: number,
  count = fds.length,
): number {
  return checked(addon().pollFds(fds, events, revents, count, timeoutUs), "poll");
}

/** CPU time of the calling thread in microseconds. */
export function threadCpuMicroseconds(): number {
  return addon().threadCpuMicroseconds();
}

const waiting = new Map<number, (isReadable: boolean) => void>();
let nextTicket = 1;
let isWatching = false;

/**
 * Resolves to true when the descriptor is readable or its peer hung up, to false after `timeoutMs` (default: never). For the event loop:
 * one thread of the addon watches all descriptors. At most one wait per descriptor at a time; `cancelWait` before closing it.
 * @throws {HostError} EEXIST (already waiting), EPERM (a regular file)
 */
export function waitReadable(fd: number, timeoutMs?: number): Promise<boolean> {
  if (!isWatching) {
    checked(
      addon().watchStart((ticket) => waiting.get(ticket)?.(true)),
      "start the watcher thread",
    );
    isWatching = true;
  }
  const ticket = nextTicket;
  nextTicket = (nextTicket + 1) % 2 ** 31;
  checked(addon().watchAdd(fd, ticket), `watch descriptor ${fd}`);
  return new Promise((resolve) => {
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => finish(false), timeoutMs);
    const finish = (isReadable: boolean): void => {
      clearTimeout(timer);
      waiting.delete(ticket);
      ticketsByFd.delete(fd);
      addon().watchRemove(fd);
      if (waiting.size === 0) addon().watchKeepAlive(false);
      resolve(isReadable);
    };
    if (waiting.size === 0) addon().watchKeepAlive(true);
    waiting.set(ticket, finish);
    ticketsByFd.set(fd, ticket);
  });
}

const ticketsByFd = new Map<number, number>();

/** Ends a pending `waitReadable` of this descriptor with false; nothing happens when there is none. */
export function cancelWait(fd: number): void {
  const ticket = ticketsByFd.get(fd);
  if (ticket !== undefined) waiting.get(ticket)?.(false);
}
