import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Chance that falls the same way every time, so that the demo is the same city on every machine. */
export function chance(seed: number) {
  const generator = xoroshiro128plus(seed);
  const whole = (from: number, to: number) => uniformInt(generator, from, to);
  return {
    /** A whole number, both bounds included. */
    whole,
    /** A number from 0 up to 1. */
    share: () => uniformFloat64(generator),
    happens: (probability: number) => uniformFloat64(generator) < probability,
    pick: <T>(items: readonly T[]): T => items[whole(0, items.length - 1)] as T,
    uuid: () => {
      const hex = Array.from({ length: 32 }, () => whole(0, 15).toString(16));
      hex[12] = '4';
      hex[16] = '89ab'[whole(0, 3)] as string;
      return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)]
        .map((part) => part.join(''))
        .join('-');
    },
  };
}
export type Chance = ReturnType<typeof chance>;
