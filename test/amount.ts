/**
 * How much of a thing is repeated. `npm test` takes an amount that finds a fault of the change at hand in a few processor minutes altogether;
 * `npm run test:long` sets VIRTGPU_TEST_AMOUNT=long and takes the amount that finds what is slow or rare, too.
 */
export const IS_LONG = process.env["VIRTGPU_TEST_AMOUNT"] === "long";

export function amount<T>(usual: T, long: T): T {
  return IS_LONG ? long : usual;
}
