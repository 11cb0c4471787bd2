/** What a program of checks prints: a JSON line for each. */
export interface CheckResult {
  readonly name: string;
  readonly error?: string;
  /** What is worth telling. */
  readonly note?: string;
}

/** Runs one check and prints its outcome. The check may return a line for people. */
export function check(name: string, body: () => string | void): void {
  let result: CheckResult;
  try {
    const note = body();
    result = note === undefined ? { name } : { name, note };
  } catch (error) {
    result = { name, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  console.log(JSON.stringify(result));
}

/** As `check`, for what has to wait. */
export async function checkLater(name: string, body: () => Promise<string | void>): Promise<void> {
  let outcome: () => string | void = () => {};
  try {
    const note = await body();
    outcome = () => note;
  } catch (error) {
    outcome = () => {
      throw error;
    };
  }
  check(name, outcome);
}
