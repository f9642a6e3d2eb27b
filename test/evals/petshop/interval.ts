const draws = 2000;

/** 95 % bootstrap interval of a mean, the same for the same values. */
export function interval(values: readonly number[]): readonly [number, number] {
  const next = generator(values.length);
  const means = Array.from({ length: draws }, () => {
    let sum = 0;
    for (let index = 0; index < values.length; index += 1) sum += values[Math.floor(next() * values.length)] ?? 0;
    return sum / values.length;
  }).toSorted((a, b) => a - b);
  return [means[Math.floor(0.025 * draws)] ?? Number.NaN, means[Math.ceil(0.975 * draws) - 1] ?? Number.NaN];
}

/** Numerical Recipes' linear congruential generator: enough to draw with, and the same everywhere. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}
