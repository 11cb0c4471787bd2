/** What a session did. Plain numbers that only rise; the host prints and exports them. */
export interface VtestCounters {
  messages: number;
  submissions: number;
  submittedBytes: number;
  /** Submissions dropped because the context was dead already. */
  droppedSubmissions: number;
  /** Readbacks of a whole displayable resource: what a client does to present. */
  frames: number;
  transfersToHost: number;
  transfersFromHost: number;
  busyWaits: number;
  resourcesCreated: number;
  resourcesUnreferenced: number;
  /** Requests answered by a guest error: the session goes on. */
  guestErrors: number;
  /** Violations of the vtest protocol: at most one, since it ends the session. */
  protocolErrors: number;
  /** Times the host had no memory to give, or a limit was reached. */
  hostErrors: number;
}

/** All of them 0. */
export function createVtestCounters(): VtestCounters {
  return {
    messages: 0,
    submissions: 0,
    submittedBytes: 0,
    droppedSubmissions: 0,
    frames: 0,
    transfersToHost: 0,
    transfersFromHost: 0,
    busyWaits: 0,
    resourcesCreated: 0,
    resourcesUnreferenced: 0,
    guestErrors: 0,
    protocolErrors: 0,
    hostErrors: 0,
  };
}
