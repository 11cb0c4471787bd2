/** Finds rules by trying: the multiple that a stride or an offset must be of, and the largest size that is taken. */

/** Whether the host takes this value. */
export type Accepts = (value: number) => Promise<boolean>;

export interface Multiple {
  /** Values that are a multiple of it are taken. */
  readonly multiple: number;
  /** False: others were taken or refused as well, so it is merely safe. */
  readonly isExact: boolean;
}

/** Divisible by nearly every rule that hardware has; each is tried until one is taken. */
const COMPOSITES = [3840, 26_880, 16_384, 61_440] as const;
/** Values tried are at least this large where possible: some drivers refuse small ones for reasons of their own. */
const COMFORTABLE = 1024;
/** Rules that divide none of the composites are looked for up to here. */
const LARGEST_SCANNED = 1024;

/**
 * The smallest number of which every multiple (at least `minimum`) is taken. Works for numbers that are no power of two: from one value that
 * is taken, prime factors are removed as long as what remains, times a prime that cannot be part of the rule, is taken too.
 * @param mayScan whether thousands of values may be tried when no usual one is taken
 * @returns null when nothing is taken
 */
export async function findMultiple(
  accepts: Accepts,
  minimum = 1,
  mayScan: () => boolean = () => true,
): Promise<Multiple | null> {
  const start = await firstTaken(accepts, minimum, mayScan);
  if (start === null) return null;
  let multiple = start;
  for (const prime of primeFactors(start)) {
    while (multiple % prime === 0 && (await accepts(comfortable(multiple / prime, start, minimum)))) multiple /= prime;
  }
  return { multiple, isExact: await isExact(accepts, multiple, minimum) };
}

async function firstTaken(accepts: Accepts, minimum: number, mayScan: () => boolean): Promise<number | null> {
  for (const value of COMPOSITES) if (value >= minimum && (await accepts(value))) return value;
  if (!mayScan()) return null;
  const start = Math.ceil(minimum);
  for (let value = start; value < start + LARGEST_SCANNED; value++)
    if (value > 0 && (await accepts(value))) return value;
  return null;
}

/** `value` times 1 or a prime that does not divide `start`: as good a multiple as `value`, but of a usual size. */
function comfortable(value: number, start: number, minimum: number): number {
  const least = Math.max(COMFORTABLE, minimum);
  if (value >= least) return value;
  let factor = Math.max(11, Math.ceil(least / value));
  while (!isPrime(factor) || start % factor === 0) factor++;
  return value * factor;
}

async function isExact(accepts: Accepts, multiple: number, minimum: number): Promise<boolean> {
  const base = Math.ceil(Math.max(COMFORTABLE, minimum) / multiple);
  for (const times of [base, base + 1, base + 3]) if (!(await accepts(multiple * times))) return false;
  for (const away of nonMultiples(multiple)) if (await accepts(multiple * base + away)) return false;
  return true;
}

/** Distances to values that must be refused: the nearest ones, and those that a divisor of the rule would let through. */
function nonMultiples(multiple: number): ReadonlySet<number> {
  const distances = new Set<number>();
  if (multiple === 1) return distances;
  distances.add(1).add(multiple - 1);
  for (const prime of primeFactors(multiple)) distances.add(multiple / prime);
  return distances;
}

/** Distinct prime factors, smallest first. */
function primeFactors(value: number): readonly number[] {
  const factors: number[] = [];
  let rest = value;
  for (let prime = 2; prime * prime <= rest; prime++) {
    if (rest % prime !== 0) continue;
    factors.push(prime);
    while (rest % prime === 0) rest /= prime;
  }
  if (rest > 1) factors.push(rest);
  return factors;
}

function isPrime(value: number): boolean {
  return value > 1 && primeFactors(value)[0] === value;
}

/** The largest value in [1, most] that is taken, when all smaller ones are; 0 when not even 1 is. */
export async function findLargest(accepts: Accepts, most: number): Promise<number> {
  if (await accepts(most)) return most;
  let taken = 0;
  let refused = most;
  while (refused - taken > 1) {
    const middle = Math.floor((taken + refused) / 2);
    if (await accepts(middle)) taken = middle;
    else refused = middle;
  }
  return taken;
}
