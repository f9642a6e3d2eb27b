import { defineConfig } from 'vitest/config';

const suite = (name: string, include: string[], testTimeout: number, extra: object = {}) => ({
  test: { name, include, testTimeout, hookTimeout: testTimeout, ...extra },
});

/** One project a suite. `test/run.ts` runs them in this order and prints the minutes of each. */
export default defineConfig({
  test: {
    projects: [
      suite('unit', ['test/unit/**/*.test.ts'], 20_000, { maxWorkers: 2 }),
      suite('apiserver', ['test/apiserver/**/*.test.ts'], 60_000, {
        fileParallelism: false,
        globalSetup: 'test/helpers/control-plane-setup.ts',
      }),
      // Much of these is waiting for what they start: two share a machine of two cores.
      suite('contracts', ['test/contracts/**/*.test.ts'], 120_000, { maxWorkers: 2 }),
      suite('lab', ['test/lab/**/*.test.ts'], 120_000, { maxWorkers: 2 }),
      // A live run is tried again, twice at most: a machine that stalls for seconds breaks its deadlines, not the product. The retry is printed.
      suite('e2e', ['test/e2e/**/*.test.ts'], 300_000, { fileParallelism: false, maxConcurrency: 2, retry: 2 }),
    ],
  },
});
